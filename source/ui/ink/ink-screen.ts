import type {Theme} from '../theme.js';
import {liveText, type Output} from '../output.js';
import type {Questions} from '../questions.js';
import type {Screen} from '../screen.js';
import {cut} from '../clean.js';
import {duration, indent} from '../words.js';
import {displayOnStage} from './ink-display.js';
import type {Stage} from './stage.js';
import {frameAt} from './working.js';

/** An output whose lines are the transcript, and whose live text is what goes on. */
export const stageOutput = (stage: Stage, theme: Theme, close: () => Promise<void>): Output => {
	let since: number | undefined;
	return {
		line(text = '') {
			stage.print(text);
		},
		live(text) {
			if (text === undefined) {
				since = undefined;
				stage.work(undefined);
				return;
			}

			since ??= Date.now();
			const begin = since;
			stage.work({
				lines(now) {
					const seconds = Math.round((now - begin) / 1000);
					return ['', ` ${theme.paint.cyan(frameAt(now, theme))} ${cut(liveText(text), theme.columns - 16)}${seconds >= 2 ? `   ${duration(seconds)}` : ''}`];
				},
			});
		},
		close,
	};
};

/** Questions as screens. What was answered stays in the transcript, in one line. */
export const stageQuestions = (stage: Stage, theme: Theme): Questions => {
	const {paint} = theme;
	const note = (says: string, answer: string): string => [...says].length + [...answer].length + 4 <= theme.columns
		? paint.dim(` ${says}   `) + answer
		: [...indent(says, theme.columns, ' ').map(line => paint.dim(line)), ...indent(answer, theme.columns, ' '.repeat(3))].join('\n');
	return {
		async choose<T>(asked: Parameters<Questions['choose']>[0]) {
			const {about, says, choices} = asked;
			return stage.ask<T>({kind: 'choice', asked}, answer => says === undefined ? undefined : [...(about ? ['', ...about(theme), ''] : []), note(says, choices.find(({value}) => value === answer)?.label ?? '')].join('\n'));
		},
		async text<T>(asked: Parameters<Questions['text']>[0]) {
			return stage.ask<T>({kind: 'field', asked, secret: false}, answer => note(asked.says, Array.isArray(answer) ? answer.join(', ') || 'none' : String(answer)));
		},
		async secret(says) {
			return stage.ask<string>({
				kind: 'field', asked: {says, read: text => ({value: text})}, secret: true,
			}, () => note(says, '••••••'));
		},
	} as Questions;
};

/** The table of screens. */
export const inkScreen = (stage: Stage, theme: Theme, questions: Questions): Screen => ({
	theme,
	questions,
	say(line) {
		stage.print(line);
	},
	show: options => displayOnStage(stage, theme, options),
	async linger(typing = false) {
		await stage.ask({kind: 'choice', asked: {choices: [{label: 'Go on', value: true}], default: 1}, deafMs: typing ? 1000 : 0}, () => undefined);
	},
	async read(lines) {
		await stage.ask({kind: 'text', lines}, () => undefined);
	},
	recall(earlier) {
		stage.recall(earlier);
	},
	async showLog(file) {
		await stage.ask({kind: 'log', file}, () => undefined);
	},
});
