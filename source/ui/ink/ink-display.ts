/** One step's run on the screen: shown while it works, asked about before, and its verdict left in the transcript. */
import type {Decision, Event, Planned} from '../../engine/events.js';
import {cleanLine, cleanTail} from '../clean.js';
import {type Theme} from '../theme.js';
import {troubleLines} from '../planned.js';
import {follow, noProgress} from '../progress.js';
import {putBackLines} from '../put-back.js';
import {Back, NoAnswer} from '../questions.js';
import {afterLines, claimsBefore} from '../step-lines.js';
import type {RunDisplay} from '../screen.js';
import type {DisplayOptions} from '../lines-display.js';
import {indent} from '../words.js';
import type {Stage} from './stage.js';
import type {StepView} from './views.js';
import {followWork, noWork, workingLines} from './working.js';

const keptLines = 12;

export const displayOnStage = (stage: Stage, theme: Theme, {name, log, before, hand, place = {number: 1, total: 1}}: DisplayOptions): RunDisplay => {
	let progress = noProgress;
	let working = noWork;
	let round = 1;
	let back = false;
	let failed = false;
	/** Whether the guard was told that one gets in. */
	let confirmed = false;
	const show = (): void => {
		const shown = working;
		stage.work(shown.title === '' ? undefined : {lines: (now, rows) => workingLines(shown, now, rows, theme)});
	};

	const fail = (lines: readonly string[]): void => {
		failed = true;
		stage.print(...lines);
	};

	const finish = (event: Extract<Event, {event: 'step-finished'}>): void => {
		working = noWork;
		if (back) {
			return;
		}

		const step = progress.steps.find(one => one.step === event.step)!;
		const undo = event.ended === 'holds' && event.actions > 0 && step.undoable ? [`   Undo with: ${theme.program} undo ${name} ${event.step}`] : [];
		const troubles = step.ended === 'failed' || step.ended === 'reverted' ? heldBack : [];
		heldBack = [];
		const kept = confirmed ? ['   The new log-in works: the server keeps the change.'] : [];
		confirmed = false;
		stage.print('', ...afterLines(step, event.seconds, event.actions, theme, false), ...kept, ...undo, ...troubles);
		if (failed) {
			stage.print(...indent(`The whole log: ${log}`, theme.columns, ' '.repeat(3)));
		}
	};

	// What went wrong stands below the claims, next to what can be done about it.
	let heldBack: readonly string[] = [];
	let revertedFor: string | undefined;
	const whyLines = (why: string): readonly string[] => indent(cleanLine(why, 2000), theme.columns, ' '.repeat(3));

	const render = (event: Event): void => {
		switch (event.event) {
			case 'note': {
				stage.print(...indent(cleanLine(event.says, 2000), theme.columns, ' '.repeat(3)));
				break;
			}

			case 'resumed': {
				stage.print('', ...indent(`An earlier run began this and was cut off: ${cleanLine(event.shows)}`, theme.columns, ' '), ...cleanTail(`${event.out}\n${event.err}`, theme.columns - 8, keptLines).map(line => theme.paint.dim(`     | ${line}`)), ` It ended by itself, with exit code ${event.code}.`);
				break;
			}

			case 'planned': {
				round = event.round;
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

			case 'confirmed': {
				confirmed = true;
				break;
			}

			case 'reverted': {
				revertedFor = event.why;
				heldBack = [...heldBack, '', ...putBackLines(event, theme), ...whyLines(event.why)];
				failed = true;
				break;
			}

			case 'trouble': {
				if (event.step === undefined) {
					fail(['', ...troubleLines(event.trouble, theme)]);
				} else {
					failed = true;
					// Why is said once: it is what went wrong.
					const said = event.trouble.what === revertedFor ? whyLines(revertedFor).length : 0;
					heldBack = [...heldBack.slice(0, heldBack.length - said), '', ...troubleLines(event.trouble, theme)];
				}

				break;
			}

			case 'step-finished': {
				finish(event);
				break;
			}

			default: {
				break;
			}
		}
	};

	const ask = async (actions: readonly Planned[], id: string): Promise<Decision> => {
		const step = progress.steps.find(one => one.step === id)!;
		const view: StepView = {
			kind: 'step', step, claims: claimsBefore(before, step), actions, round, place, hand,
		};
		return stage.ask<Decision>(view, () => undefined);
	};

	return {
		listener(event) {
			progress = follow(progress, event);
			working = followWork(working, event, Date.now());
			render(event);
			show();
		},
		async decide({step}, actions) {
			try {
				const decision = await ask(actions, step);
				// What the screen counts is how long the work takes, not the reading.
				working = {...working, since: Date.now()};
				return decision;
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
};
