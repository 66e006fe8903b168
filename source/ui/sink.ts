import ora, {type Ora} from 'ora';
import {toAscii, type Look} from './look.js';
import {duration} from './words.js';

/** Where lines go: finished ones stay, one live text stands below them. */
export type Sink = {
	line(text?: string): void;
	/** Says what is going on; undefined when nothing is. With `seconds`, how long it has taken or has left. */
	live(text: Live | undefined, tail?: readonly string[]): void;
	close(): void;
};

/** What goes on; a function where it changes by itself, as a countdown does. */
export type Live = string | (() => string);

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
			} else if (busy === undefined) {
				busy = {text, since: now()};
				// What took no time at all needs no line.
				spoke = now();
			} else if (busy.text !== text) {
				busy = {text, since: now()};
			}
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
				text: shown, stream, indent: 1, discardStdin: false, isEnabled: true, spinner: look.ascii ? 'line' : 'dots',
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

			busy = {text, tail, since: busy?.text === text ? busy.since : now()};
			draw();
		},
		close() {
			clearInterval(timer);
			busy = undefined;
			stop();
		},
	};
};
