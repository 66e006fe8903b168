import type {Look} from '../look.js';
import {textOf, type Sink} from '../sink.js';
import type {Questions} from '../questions.js';
import type {Table} from '../table.js';
import {cut} from '../clean.js';
import {duration} from '../words.js';
import {showOnStage} from './show.js';
import type {Stage} from './stage.js';
import {frameAt} from './working.js';

/** A sink whose lines are the transcript, and whose live text is what goes on. */
export const stageSink = (stage: Stage, look: Look, close: () => Promise<void>): Sink => {
	let since: number | undefined;
	return {
		line(text = '') {
			stage.tell(text);
		},
		live(text, tail = []) {
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
					return ['', ` ${look.paint.cyan(frameAt(now, look))} ${cut(textOf(text), look.columns - 16)}${seconds >= 2 ? `   ${duration(seconds)}` : ''}`, ...tail.map(line => look.paint.dim(`     | ${line}`))];
				},
			});
		},
		close,
	};
};

/** Questions as screens. What was answered stays in the transcript, in one line. */
export const stageQuestions = (stage: Stage, {paint}: Look): Questions => {
	const note = (says: string, answer: string): string => paint.dim(` ${says}   `) + answer;
	return {
		async choose<T>(asked: Parameters<Questions['choose']>[0]) {
			const {about, says, choices} = asked;
			return stage.ask<T>({kind: 'choice', asked}, answer => says === undefined ? undefined : [...(about ? ['', ...about(), ''] : []), note(says, choices.find(({value}) => value === answer)?.label ?? '')].join('\n'));
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
export const screenTable = (stage: Stage, look: Look, questions: Questions): Table => ({
	look,
	questions,
	say(line) {
		stage.tell(line);
	},
	show: telling => showOnStage(stage, look, telling),
	async linger() {
		await stage.ask({kind: 'choice', asked: {choices: [{label: 'Go on', value: true}], default: 1}}, () => undefined);
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
