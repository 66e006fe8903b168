import {cleanLine, cleanTail} from './clean.js';
import {secondsLeft} from './countdown.js';
import {mark, type Theme} from './theme.js';
import {plannedLines, troubleLines} from './planned.js';
import {putBackLines} from './put-back.js';
import {resumedLines} from './resumed.js';
import type {Output} from './output.js';
import {
	runningIn,
	stepIn,
	type RunState,
	type StateListener,
	type StepState,
} from './run-state.js';
import {
	afterLines,
	beforeLines,
	claimsBefore,
	nowLines,
	serverLine,
} from './step-lines.js';
import {summary} from './summary.js';
import type {Hand} from './commands-to-type.js';
import {warning} from './warning.js';
import {count, indent} from './words.js';

export type DisplayOptions = {
	readonly doing: 'check' | 'plan' | 'apply' | 'undo';
	/** The server, as the person named it. */
	readonly name: string;
	/** Whether each step is shown and asked about before it is done. */
	readonly asks: boolean;
	/** Where this run is one step of the wizard: which one. The server and the sum of it are told elsewhere. */
	readonly place?: {readonly number: number; readonly total: number};
	/** How one gets to where commands are typed by hand. */
	readonly hand?: Hand;
	/** Where the log of this run is. */
	readonly log: string;
	/** What an earlier look found: what did not hold then is shown before it is mended. */
	readonly before?: RunState | undefined;
	/** What to do next, given how it went. */
	readonly next: (state: RunState) => readonly string[];
};

const tailLines = 5;
/** Tells the stream of events in lines. */
export const displayInLines = (output: Output, theme: Theme, {doing, name, asks, place, log, before, next}: DisplayOptions): StateListener => {
	const {columns, paint} = theme;
	const print = (lines: readonly string[]): void => {
		for (const line of lines) {
			output.line(line);
		}
	};

	const live = (text: string, state: RunState): void => {
		output.live(state.deadline === undefined ? text : () => `${text}   (put back in ${secondsLeft(state, Date.now())} s unless confirmed)`, {tail: cleanTail(state.saying.text, columns - 10, tailLines), progress: state.progress});
	};

	const running = (state: RunState): string => cleanLine(runningIn(state)?.shows ?? '', columns - 45);

	const showPlan = (step: StepState, order: RunState['order']): void => {
		const {plan, round, guarded, title} = step;
		if (plan.length === 0) {
			return;
		}

		if (!asks && doing === 'apply') {
			if (round === 1) {
				print(['', ` ${mark('todo', theme)} ${paint.bold(title)}`]);
			}

			return;
		}

		if (round === 1) {
			print(beforeLines(step, claimsBefore(before, step), place?.number ?? (order.findIndex(one => one.step === step.step) + 1), place?.total ?? order.length, theme));
		}

		if (round > 1) {
			print(['', ...indent('Not all of it yet: this is how it stands, and what is left to do.', columns, ' '), ...nowLines(step.claims, theme)]);
		}

		print(['', ` ${doing === 'plan' ? 'What would be done, as root' : round === 1 ? 'What will be done, as root (who may do everything)' : 'What is left to do, as root'}:`, ...plan.flatMap((action, index) => plannedLines(action, index + 1, theme, doing === 'plan' ? 12 : 4))]);
		if (guarded) {
			print(['', ...indent('If you cannot log in afterwards, the server puts everything back by itself.', columns, ' ')]);
		}
	};

	return (event, state) => {
		switch (event.event) {
			case 'connected': {
				print(place ? [] : [serverLine(name, state, theme)]);
				output.live('looking at the server');
				break;
			}

			case 'waiting': {
				live(cleanLine(event.for, columns - (state.deadline === undefined ? 14 : 50)), state);
				break;
			}

			case 'note': {
				print(indent(cleanLine(event.says, 2000), columns, ' '.repeat(3)));
				break;
			}

			case 'resumed': {
				print(resumedLines(event, theme));
				break;
			}

			case 'step-started': {
				output.live(event.title);
				break;
			}

			case 'planned': {
				output.live(undefined);
				showPlan(stepIn(state, event.step)!, state.order);
				break;
			}

			case 'deadline': {
				if (runningIn(state)) {
					live(running(state), state);
				}

				break;
			}

			case 'armed': {
				print(warning(`The server puts everything back in ${event.seconds} s unless dropwise gets back in.`, theme, ' '.repeat(2)));
				break;
			}

			case 'action-started': {
				if (!asks) {
					print(indent(cleanLine(event.action.because), columns, ' '.repeat(5), ' '.repeat(3)).map(line => paint.dim(line)));
				}

				print(indent(cleanLine(event.action.shows), columns, ' '.repeat(5), '   > '));
				output.live(undefined);
				live(running(state), state);
				break;
			}

			case 'output':
			case 'progress': {
				live(running(state), state);
				break;
			}

			case 'action-finished': {
				if (event.code !== 0) {
					print([`     It ended with exit code ${event.code}.`]);
				}

				output.live(undefined);
				output.live('looking again');
				break;
			}

			case 'confirmed': {
				print([paint.dim('   The new log-in works: the server keeps the change.')]);
				break;
			}

			case 'reverted': {
				print([...putBackLines(event, theme), ...indent(cleanLine(event.why, 2000), columns, ' '.repeat(3))]);
				break;
			}

			case 'trouble': {
				print(['', ...troubleLines(event.trouble, theme)]);
				break;
			}

			case 'step-finished': {
				output.live(undefined);
				const step = stepIn(state, event.step)!;
				if ((doing === 'plan' && step.planned > 0) || step.decision === 'back') {
					break;
				}

				print([...(event.actions > 0 ? [''] : []), ...afterLines(step, event.seconds, event.actions, theme, doing === 'check')]);
				if (event.ended === 'holds' && event.actions > 0 && doing === 'apply' && step.undoable) {
					print([`   Undo with: ${theme.program} undo ${name} ${event.step}`]);
				}

				break;
			}

			case 'run-finished': {
				output.live(undefined);
				if (place) {
					print(state.failed ? indent(`The whole log: ${log}`, columns, ' ') : []);
					break;
				}

				const planned = state.steps.reduce((sum, step) => sum + step.planned, 0);
				const last = doing === 'plan' ? `${count(planned, 'action')} would be carried out${state.steps.filter(step => step.planned > 0).length > 1 ? ', as things stand: where one step mends what another one would, fewer' : ''}.` : summary(state, doing);
				print([
					'',
					...(state.failed ? indent(`The whole log: ${log}`, columns, ' ') : []),
					// Where nothing could be looked at there is nothing to count.
					...(doing === 'undo' || state.steps.length === 0 ? [] : indent(last, columns, ' ')),
					// Commands to type again are not broken.
					...next(state).map(line => ` ${line}`),
				]);
				break;
			}

			default: {
				break;
			}
		}
	};
};
