import type {Event, Listener, Planned} from '../engine/events.js';
import {cleanLine, cleanTail} from './clean.js';
import {deadlineAfter} from './guard-countdown.js';
import {mark, type Theme} from './theme.js';
import {plannedLines, troubleLines} from './planned.js';
import {follow, noProgress, type Progress} from './progress.js';
import {putBackLines} from './put-back.js';
import type {Output} from './output.js';
import {
	afterLines,
	beforeLines,
	claimsBefore,
	serverLine,
	summary,
} from './step-lines.js';
import type {Hand} from './type-it-yourself.js';
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
	/** Whether the person went back, so that a step left as it was is not worth a line. */
	readonly wentBack?: () => boolean;
	/** Where the log of this run is. */
	readonly log: string;
	/** What an earlier look found: what did not hold then is shown before it is mended. */
	readonly before?: Progress | undefined;
	/** What to do next, given how it went. */
	readonly next: (progress: Progress) => readonly string[];
};

const tailLines = 5;
const keptLines = 12;

/** Tells the stream of events in lines. */
export const displayInLines = (output: Output, theme: Theme, {doing, name, asks, place, wentBack, log, before, next}: DisplayOptions): {listener: Listener; progress: () => Progress} => {
	let progress = noProgress;
	let said = '';
	let running = '';
	let deadline: number | undefined;
	/** The steps of this run, in order: one that is taken up again keeps its number. */
	let order: readonly string[] = [];
	let failed = false;
	const {columns, paint} = theme;
	const print = (lines: readonly string[]): void => {
		for (const line of lines) {
			output.line(line);
		}
	};

	const current = (id: string) => progress.steps.find(({step}) => step === id)!;
	const countdown = (): string => deadline === undefined ? '' : `   (put back in ${Math.max(0, Math.round((deadline - Date.now()) / 1000))} s unless confirmed)`;
	const live = (text: string): void => {
		output.live(deadline === undefined ? text : () => `${text}${countdown()}`, cleanTail(said, columns - 10, tailLines));
	};

	const showPlan = (step: string, round: number, actions: readonly Planned[]): void => {
		const {guarded} = current(step);
		if (actions.length === 0) {
			return;
		}

		if (!asks && doing === 'apply') {
			if (round === 1) {
				print(['', ` ${mark('todo', theme)} ${paint.bold(current(step).title)}`]);
			}

			return;
		}

		if (round === 1) {
			print(beforeLines(current(step), claimsBefore(before, current(step)), place?.number ?? (order.indexOf(step) + 1), place?.total ?? progress.total, theme));
		}

		print(['', ` ${doing === 'plan' ? 'What would be done, as root' : round === 1 ? 'What will be done, as root (who may do everything)' : 'What is left to do, as root'}:`, ...actions.flatMap((action, index) => plannedLines(action, index + 1, theme, doing === 'plan' ? 12 : 4))]);
		if (guarded) {
			print(['', ...indent('If you cannot log in afterwards, the server puts everything back by itself.', columns, ' ')]);
		}
	};

	const render = (event: Event): void => {
		switch (event.event) {
			case 'connected': {
				print(place ? [] : [serverLine(name, progress, theme)]);
				output.live('looking at the server');
				break;
			}

			case 'waiting': {
				live(cleanLine(event.for, columns - 30));
				break;
			}

			case 'note': {
				print(indent(cleanLine(event.says, 2000), columns, ' '.repeat(3)));
				break;
			}

			case 'resumed': {
				print(['', ...indent(`An earlier run began this and was cut off: ${cleanLine(event.shows)}`, columns, ' '), ...cleanTail(`${event.out}\n${event.err}`, columns - 8, keptLines).map(line => paint.dim(`     | ${line}`)), ` It ended by itself, with exit code ${event.code}.`]);
				break;
			}

			case 'step-started': {
				output.live(event.title);
				break;
			}

			case 'planned': {
				output.live(undefined);
				showPlan(event.step, event.round, event.actions);
				break;
			}

			case 'armed': {
				print(warning(`The server puts everything back in ${event.seconds} s unless dropwise gets back in.`, theme, ' '.repeat(2)));
				break;
			}

			case 'action-started': {
				said = '';
				if (!asks) {
					print(indent(cleanLine(event.action.because), columns, ' '.repeat(5), ' '.repeat(3)).map(line => paint.dim(line)));
				}

				print(indent(cleanLine(event.action.shows), columns, ' '.repeat(5), '   > '));
				output.live(undefined);
				running = cleanLine(event.action.shows, columns - 45);
				live(running);
				break;
			}

			case 'output': {
				said = `${said}${event.text}`.slice(-20_000);
				live(running);
				break;
			}

			case 'action-finished': {
				if (event.code !== 0) {
					print([`     It ended with exit code ${event.code}.`]);
				}

				said = '';
				output.live(undefined);
				output.live('looking again');
				break;
			}

			case 'confirmed': {
				print([paint.dim('   The new log-in works: the server keeps the change.')]);
				break;
			}

			case 'reverted': {
				failed = true;
				print([...putBackLines(event, theme), ...indent(cleanLine(event.why, 2000), columns, ' '.repeat(3))]);
				break;
			}

			case 'trouble': {
				failed = true;
				print(['', ...troubleLines(event.trouble, theme)]);
				break;
			}

			case 'step-finished': {
				output.live(undefined);
				failed ||= event.ended === 'failed' || event.ended === 'reverted';
				if ((doing === 'plan' && current(event.step).planned > 0) || wentBack?.()) {
					break;
				}

				print([...(event.actions > 0 ? [''] : []), ...afterLines(current(event.step), event.seconds, event.actions, theme, doing === 'check')]);
				if (event.ended === 'holds' && event.actions > 0 && doing === 'apply' && current(event.step).undoable) {
					print([`   Undo with: ${theme.program} undo ${name} ${event.step}`]);
				}

				break;
			}

			case 'run-finished': {
				output.live(undefined);
				if (place) {
					print(failed ? indent(`The whole log: ${log}`, columns, ' ') : []);
					break;
				}

				const planned = progress.steps.reduce((sum, step) => sum + step.planned, 0);
				const last = doing === 'plan' ? `${count(planned, 'action')} would be carried out.` : summary(progress, doing);
				print([
					'',
					...(failed ? indent(`The whole log: ${log}`, columns, ' ') : []),
					// Where nothing could be looked at there is nothing to count.
					...(doing === 'undo' || progress.steps.length === 0 ? [] : indent(last, columns, ' ')),
					// Commands to type again are not broken.
					...next(progress).map(line => ` ${line}`),
				]);
				break;
			}

			case 'run-started': {
				order = event.steps.map(one => one.step);
				break;
			}

			case 'deadline':
			case 'claims': {
				break;
			}
		}
	};

	return {
		listener(event) {
			progress = follow(progress, event);
			deadline = deadlineAfter(deadline, event, Date.now());
			render(event);
		},
		progress: () => progress,
	};
};
