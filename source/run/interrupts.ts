import {secondsLeft} from '../ui/countdown.js';
import {runningIn, type RunState} from '../ui/run-state.js';

export type Interrupts = {
	readonly signal: AbortSignal;
	/** Ctrl-C, SIGTERM, a closed terminal. The second time leaves at once. */
	interrupt(): void;
	/** While the engine runs it is told to stop; at any other time there is nothing to wait for. `state`: what its run has come to. */
	engine<T>(state: () => RunState, run: () => Promise<T>): Promise<T>;
	readonly stopped: boolean;
	/** Whether the last word was said. */
	readonly leaving: boolean;
};

/** Stopping well: what runs ends, or the guard puts it back, and the person is told which. */
export const makeInterrupts = (say: (line: string) => void, leave: () => Promise<void> | void, now: () => number = Date.now): Interrupts => {
	const controller = new AbortController();
	let stateNow: (() => RunState) | undefined;
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
			if (!stateNow) {
				leaveSaying(' Stopped. Nothing was running on the server.');
				return;
			}

			const state = stateNow();
			const running = runningIn(state)?.shows;
			const left = secondsLeft(state, now());
			if (!again) {
				say(running === undefined
					? ' Stopping. Ctrl-C again leaves at once.'
					: ` Stopping as soon as this ends: ${running}. Ctrl-C again leaves at once.`);
			} else if (left === undefined) {
				leaveSaying(running === undefined ? ' Left. Nothing was running on the server.' : ` Left. What has begun of this goes on to its end on the server: ${running}. The next start shows what it said.`);
			} else {
				leaveSaying(` Left. The server puts everything back by itself in ${left} s.`);
			}
		},
		async engine(state, run) {
			stateNow = state;
			try {
				return await run();
			} finally {
				stateNow = undefined;
			}
		},
	};
};
