import type {Decision} from '../engine/events.js';
import {byHandInLines} from './by-hand-in-lines.js';
import {displayInLines} from './lines-display.js';
import type {Input} from './input.js';
import type {Theme} from './theme.js';
import {all, plannedLines} from './planned.js';
import type {Questions} from './questions.js';
import type {Output} from './output.js';
import {decisionOf, type Screen} from './screen.js';
import {stepIn, type StepState} from './run-state.js';
import {indent} from './words.js';

type Asked = Decision | 'explain' | 'differences';

/** Asks before a step; Enter alone does it. What only explains is asked again after. */
export const decideInLines = async (questions: Questions, {say, theme}: {say: (line: string) => void; theme: Theme}, {plan, lesson}: Pick<StepState, 'lesson' | 'plan'>, {mayGoBack}: {readonly mayGoBack: boolean}): Promise<Decision> => {
	const diffs = plan.some(({diff}) => diff !== undefined);
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
				{label: 'I\'ll type it myself', note: 'dropwise looks on', value: 'typed'},
				...(lesson === '' ? [] : [{label: 'Explain more', value: 'explain'} as const]),
				...(diffs ? [{label: 'Show all changed lines', value: 'differences'} as const] : []),
				...(mayGoBack ? [{label: 'Back to the overview', value: 'back'} as const] : []),
			],
			default: 1,
		});
		switch (choice) {
			case 'explain': {
				print(indent(lesson, theme.columns, ' '));
				break;
			}

			case 'differences': {
				print(plan.flatMap((action, index) => plannedLines(action, index + 1, theme, all)));
				break;
			}

			default: {
				return choice;
			}
		}
	}
};

/** A table of lines: numbered questions, and one line after another. */
export const linesScreen = (output: Output, theme: Theme, questions: Questions, lend?: Input['lend']): Screen => {
	const say = (line: string): void => {
		output.line(line);
	};

	return {
		theme,
		questions,
		say,
		show(options) {
			const inLines = displayInLines(output, theme, options);
			let looked = (): void => undefined;
			return {
				async listener(event, state) {
					await inLines(event, state);
					if (event.event === 'claims') {
						looked();
					}
				},
				decide: async state => decisionOf(decideInLines(questions, {say, theme}, stepIn(state, state.current)!, {mayGoBack: options.place !== undefined})),
				async byHand(looking, state) {
					const said = await decisionOf(byHandInLines({
						questions, say, theme, lend,
					}, options.hand, looking, {
						state,
						onLooked(hear) {
							looked = hear;
						},
					}));
					return said === 'stop' ? said : 'back';
				},
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
			for (const line of indent(`All that was said is in ${file}`, theme.columns, ' ')) {
				say(line);
			}
		},
	};
};
