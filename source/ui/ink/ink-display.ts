/** One step's run on the screen: shown while it works, asked about before, and its verdict left in the transcript. */
import type {Decision, Event} from '../../engine/events.js';
import {cleanLine} from '../clean.js';
import {toAscii, type Theme} from '../theme.js';
import {troubleLines} from '../planned.js';
import {stepIn, type RunState, type StepState} from '../run-state.js';
import {lendingLines} from '../by-hand.js';
import {putBackLines} from '../put-back.js';
import {resumedLines} from '../resumed.js';
import {afterLines, claimsBefore} from '../step-lines.js';
import {decisionOf, type RunDisplay} from '../screen.js';
import type {DisplayOptions} from '../lines-display.js';
import {indent} from '../words.js';
import type {Stage} from './stage.js';
import type {HandView, StepView} from './views.js';
import {goesOn, workingLines} from './working.js';

/** What went wrong stands below the claims, next to what can be done about it; what became of the guarded work comes first, and why is said once. */
const mishapLines = ({reverted, troubles}: StepState, theme: Theme): readonly string[] => {
	const isSaid = troubles.some(({what}) => what === reverted?.why);
	return [
		...(reverted === undefined ? [] : ['', ...putBackLines(reverted, theme), ...(isSaid ? [] : indent(cleanLine(reverted.why, 2000), theme.columns, ' '.repeat(3)))]),
		...troubles.flatMap(trouble => ['', ...troubleLines(trouble, theme)]),
	];
};

export const displayOnStage = (stage: Stage, theme: Theme, {name, log, before, hand, place = {number: 1, total: 1}}: DisplayOptions): RunDisplay => {
	const finish = (step: StepState, {actions, seconds}: Extract<Event, {event: 'step-finished'}>, failed: boolean): void => {
		if (step.decision === 'back') {
			return;
		}

		const {ended} = step;
		stage.print(
			'',
			...afterLines(step, seconds, actions, theme, false),
			...(step.confirmed ? ['   The new log-in works: the server keeps the change.'] : []),
			...(ended === 'holds' && actions > 0 && step.undoable ? [`   Undo with: ${theme.program} undo ${name} ${step.step}`] : []),
			...(ended === 'failed' || ended === 'reverted' ? mishapLines(step, theme) : []),
			...(failed ? indent(`The whole log: ${log}`, theme.columns, ' '.repeat(3)) : []),
		);
	};

	const render = (event: Event, state: RunState): void => {
		switch (event.event) {
			case 'note': {
				stage.print(...indent(cleanLine(event.says, 2000), theme.columns, ' '.repeat(3)));
				break;
			}

			case 'resumed': {
				stage.print(...resumedLines(event, theme));
				break;
			}

			case 'action-started': {
				stage.write(`> ${cleanLine(event.action.shows, 2000)}`);
				break;
			}

			case 'output': {
				stage.write(...event.text.split('\n').filter(line => line.trim() !== ''));
				break;
			}

			case 'action-finished': {
				if (event.code !== 0) {
					stage.write(`It ended with exit code ${event.code}.`);
				}

				break;
			}

			case 'trouble': {
				if (event.step === undefined) {
					stage.print('', ...troubleLines(event.trouble, theme));
				}

				break;
			}

			case 'step-finished': {
				finish(stepIn(state, event.step)!, event, state.failed);
				break;
			}

			default: {
				break;
			}
		}
	};

	return {
		listener(event, state) {
			render(event, state);
			stage.work(goesOn(state) ? {lines: (now, rows) => workingLines(state, now, rows, theme)} : undefined);
		},
		async decide(state) {
			const step = stepIn(state, state.current)!;
			const view: StepView = {
				kind: 'step', step, claims: claimsBefore(before, step), place,
			};
			return decisionOf(stage.ask<Decision>(view, () => undefined));
		},
		async byHand({look, over}, state) {
			// What was typed last stands above the prompt; all before it scrolled up.
			let last: readonly string[] = [];
			// Who is logged in to the server in this window is not called back from there.
			let lent = Promise.resolve();
			const {logInHere} = hand ?? {};
			const view: HandView = {
				kind: 'by-hand', hand, look, state,
				logIn: logInHere && (suspend => {
					lent = (async () => {
						let said = '';
						await suspend(async () => {
							stage.past(`${lendingLines(state(), theme).map(line => theme.ascii ? toAscii(line) : line).join('\n')}\n`);
							said = await logInHere();
							// What is drawn next must not take away the last line that stood there.
							stage.past('\n');
						});
						stage.print(` ${said}`);
						await look();
					})();
				}),
				note(lines) {
					stage.write(...lines);
					// What was still under way when the step was over stands in the log alone.
					if (!over.aborted) {
						stage.print(...last);
						last = lines;
					}
				},
			};
			const said = await decisionOf(stage.ask<Decision>(view, () => undefined, {signal: over, answer: 'back'}));
			await lent;
			stage.print(...last);
			return said === 'stop' ? said : 'back';
		},
	};
};
