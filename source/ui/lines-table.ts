import type {Decision, Planned} from '../engine/events.js';
import {tellInLines} from './lines.js';
import type {Look} from './look.js';
import {all, plannedLines} from './planned.js';
import {Back, NoAnswer, type Questions} from './questions.js';
import type {Sink} from './sink.js';
import type {Table} from './table.js';
import {typingLines, type Hand} from './typing.js';
import {indent} from './words.js';

type Asked = Decision | 'explain' | 'differences' | 'back';

/** Asks before a step; Enter alone does it. What only explains is asked again after. */
export const decideInLines = async (questions: Questions, {say, look}: {say: (line: string) => void; look: Look}, actions: readonly Planned[], {lesson, guarded, hand, mayGoBack}: {readonly lesson: string; readonly guarded: boolean; readonly hand: Hand | undefined; readonly mayGoBack: boolean}): Promise<Decision | 'back'> => {
	const diffs = actions.some(({diff}) => diff !== undefined);
	const print = (lines: readonly string[]): void => {
		for (const line of ['', ...lines]) {
			say(line);
		}
	};

	for (;;) {
		const choice = await questions.choose<Asked>({
			choices: [
				{label: 'Do it', value: 'do'},
				{label: 'Skip', note: 'leave it as it is and go on', value: 'skip'},
				{label: 'Stop', note: 'nothing more is done', value: 'stop'},
				{label: 'I\'ll type it myself', note: 'dropwise waits, then looks', value: 'typed'},
				...(lesson === '' ? [] : [{label: 'Explain more', value: 'explain'} as const]),
				...(diffs ? [{label: 'Show all changed lines', value: 'differences'} as const] : []),
				...(mayGoBack ? [{label: 'Back to the chart', value: 'back'} as const] : []),
			],
			default: 1,
		});
		switch (choice) {
			case 'explain': {
				print(indent(lesson, look.columns, ' '));
				break;
			}

			case 'differences': {
				print(actions.flatMap((action, index) => plannedLines(action, index + 1, look, all)));
				break;
			}

			case 'typed': {
				print(typingLines(actions, {guarded, hand}, look));
				const done = await questions.choose({
					choices: [
						{label: 'It is done: look', value: true},
						{label: 'Back', note: 'nothing is looked at', value: false},
					],
					default: 1,
				});
				if (done) {
					return choice;
				}

				break;
			}

			default: {
				return choice;
			}
		}
	}
};

/** A table of lines: numbered questions, and one line after another. */
export const linesTable = (sink: Sink, look: Look, questions: Questions): Table => {
	const say = (line: string): void => {
		sink.line(line);
	};

	return {
		look,
		questions,
		say,
		show(telling) {
			let back = false;
			const {hear, progress} = tellInLines(sink, look, {...telling, wentBack: () => back});
			return {
				hear,
				async decide({step}, actions) {
					const {lesson = '', guarded = false} = progress().steps.find(one => one.step === step) ?? {};
					try {
						const decision = await decideInLines(questions, {say, look}, actions, {
							lesson, guarded, hand: telling.hand, mayGoBack: telling.place !== undefined,
						});
						back = decision === 'back';
						return decision === 'back' ? 'skip' : decision;
					} catch (error) {
						if (error instanceof Back) {
							back = true;
							return 'skip';
						}

						if (error instanceof NoAnswer) {
							return 'stop';
						}

						throw error;
					}
				},
				wentBack: () => back,
			};
		},
		// Lines stay above what is asked next.
		async linger() {},
		async read(lines) {
			for (const line of lines) {
				say(line);
			}
		},
		// There is no log to be opened: all of it was lines.
		recall() {},
		async showLog(file) {
			for (const line of indent(`All that was said is in ${file}`, look.columns, ' ')) {
				say(line);
			}
		},
	};
};
