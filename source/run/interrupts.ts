import type {Event} from '../engine/events.js';
import {deadlineAfter} from '../ui/guard-countdown.js';

export type Interrupts = {
	readonly signal: AbortSignal;
	/** Ctrl-C, SIGTERM, a closed terminal. The second time leaves at once. */
	interrupt(): void;
	listener(event: Event): void;
	/** While the engine runs it is told to stop; at any other time there is nothing to wait for. */
	engine<T>(run: () => Promise<T>): Promise<T>;
	readonly stopped: boolean;
	/** Whether the last word was said. */
	readonly leaving: boolean;
};

/** Stopping well: what runs ends, or the guard puts it back, and the person is told which. */
export const makeInterrupts = (say: (line: string) => void, leave: () => Promise<void> | void, now: () => number = Date.now): Interrupts => {
	const controller = new AbortController();
	let deadline: number | undefined;
	let running: string | undefined;
	let engineRuns = false;
	let leaving = false;
	const leaveSaying = (line: string): void => {
		leaving = true;
		say(line);
		void leave();
	};

	return {
		signal: controller.signal,
		get stopped() {
			return controller.signal.aborted;
		},
		get leaving() {
			return leaving;
		},
		interrupt() {
			if (leaving) {
				return;
			}

			const again = controller.signal.aborted;
			controller.abort();
			if (!engineRuns) {
				leaveSaying(' Stopped. Nothing was running on the server.');
			} else if (!again) {
				say(running === undefined
					? ' Stopping. Ctrl-C again leaves at once.'
					: ` Stopping as soon as this ends: ${running}. Ctrl-C again leaves at once.`);
			} else if (deadline === undefined) {
				leaveSaying(running === undefined ? ' Left. Nothing was running on the server.' : ` Left. What has begun of this goes on to its end on the server: ${running}. The next start shows what it said.`);
			} else {
				leaveSaying(` Left. The server puts everything back by itself in ${Math.max(0, Math.round((deadline - now()) / 1000))} s.`);
			}
		},
		listener(event) {
			deadline = deadlineAfter(deadline, event, now());
			switch (event.event) {
				case 'action-started': {
					running = event.action.shows;
					break;
				}

				case 'action-finished': {
					running = undefined;
					break;
				}

				default: {
					break;
				}
			}
		},
		async engine(run) {
			engineRuns = true;
			try {
				return await run();
			} finally {
				engineRuns = false;
			}
		},
	};
};
