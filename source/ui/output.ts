import {toAscii, type Theme} from './theme.js';
import {progressInWords} from './progress-bar.js';
import type {Progress} from './run-state.js';
import {duration} from './words.js';

/** Where lines go: finished ones stay, one live text stands below them. */
export type Output = {
	line(text?: string): void;
	/** Says what is going on; undefined when nothing is, which also starts the clock anew. `tail`: the last of what the server says. */
	live(text: Live | undefined, more?: {readonly tail?: readonly string[]; readonly progress?: Progress | undefined}): void;
	/** Resolves when all that was said stands there. */
	close(): Promise<void> | void;
};

/** What goes on; a function where it changes by itself, as a countdown does. */
export type Live = string | (() => string);

/** What goes on at this moment. */
export const liveText = (live: Live): string => typeof live === 'string' ? live : live();

type Stream = {write(text: string): unknown};

/** Half a second before the promise breaks that nothing is silent for more than two. */
const silenceMs = 1500;

/** Lines and nothing else: what goes on is repeated as a line of its own, with the time it has taken. */
export const plainOutput = (stream: Stream, theme: Theme, now: () => number = Date.now): Output => {
	let busy: {text: Live; progress: Progress | undefined; since: number} | undefined;
	let spoke = now();
	const line = (text = ''): void => {
		spoke = now();
		stream.write(`${theme.ascii ? toAscii(text) : text}\n`);
	};

	const timer = setInterval(() => {
		if (busy && now() - spoke >= silenceMs) {
			line(` … ${liveText(busy.text)}${busy.progress ? `, ${progressInWords(busy.progress)}` : ''}, ${duration(Math.round((now() - busy.since) / 1000))}`);
		}
	}, 250);
	timer.unref();
	return {
		line,
		live(text, {progress} = {}) {
			if (text === undefined) {
				busy = undefined;
				return;
			}

			if (busy === undefined) {
				// What took no time at all needs no line.
				spoke = now();
			}

			busy = {text, progress, since: busy?.since ?? now()};
		},
		close() {
			clearInterval(timer);
		},
	};
};
