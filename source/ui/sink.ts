import ora, {type Ora} from 'ora';
import {toAscii, type Look} from './look.js';
import {duration} from './words.js';

/** Where lines go: finished ones stay, one live text stands below them. */
export type Sink = {
	line(text?: string): void;
	/** Says what is going on; undefined when nothing is, which also starts the clock anew. */
	live(text: Live | undefined, tail?: readonly string[]): void;
	close(): void;
};

/** What goes on; a function where it changes by itself, as a countdown does. */
export type Live = string | (() => string);

// With ora's own indent a line written after the spinner would be indented too.
const frames = {interval: 80, frames: [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'].map(frame => ` ${frame}`)};
const asciiFrames = {interval: 130, frames: [...'-\\|/'].map(frame => ` ${frame}`)};

const textOf = (live: Live): string => typeof live === 'string' ? live : live();

type Stream = {write(text: string): unknown};

/** Half a second before the promise breaks that nothing is silent for more than two. */
const patience = 1500;

/** Lines and nothing else: what goes on is repeated as a line of its own, with the time it has taken. */
export const plainSink = (stream: Stream, look: Look, now: () => number = Date.now): Sink => {
	let busy: {text: Live; since: number} | undefined;
	let spoke = now();
	const line = (text = ''): void => {
		spoke = now();
		stream.write(`${look.ascii ? toAscii(text) : text}\n`);
	};

	const timer = setInterval(() => {
		if (busy && now() - spoke >= patience) {
			line(` … ${textOf(busy.text)}, ${duration(Math.round((now() - busy.since) / 1000))}`);
		}
	}, 250);
	timer.unref();
	return {
		line,
		live(text) {
			if (text === undefined) {
				busy = undefined;
				return;
			}

			if (busy === undefined) {
				// What took no time at all needs no line.
				spoke = now();
			}

			busy = {text, since: busy?.since ?? now()};
		},
		close() {
			clearInterval(timer);
		},
	};
};

/** In a terminal: a spinner below the lines, with the last of what the server says. */
export const liveSink = (stream: NodeJS.WriteStream, look: Look, now: () => number = Date.now): Sink => {
	let spinner: Ora | undefined;
	let busy: {text: Live; since: number; tail: readonly string[]} | undefined;
	const draw = (): void => {
		if (!busy) {
			return;
		}

		const seconds = Math.round((now() - busy.since) / 1000);
		const text = [`${textOf(busy.text)}${seconds >= 2 ? `   ${duration(seconds)}` : ''}`, ...busy.tail.map(line => look.paint.dim(`     | ${line}`))].join('\n');
		const shown = look.ascii ? toAscii(text) : text;
		if (spinner) {
			spinner.text = shown;
		} else {
			spinner = ora({
				text: shown, stream, discardStdin: false, isEnabled: true, spinner: look.ascii ? asciiFrames : frames,
			}).start();
		}
	};

	const stop = (): void => {
		spinner?.stop();
		spinner = undefined;
	};

	const timer = setInterval(draw, 1000);
	timer.unref();
	return {
		line(text = '') {
			stop();
			stream.write(`${look.ascii ? toAscii(text) : text}\n`);
			draw();
		},
		live(text, tail = []) {
			if (text === undefined) {
				busy = undefined;
				stop();
				return;
			}

			busy = {text, tail, since: busy?.since ?? now()};
			draw();
		},
		close() {
			clearInterval(timer);
			busy = undefined;
			stop();
		},
	};
};
