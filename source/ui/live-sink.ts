import ora, {type Ora} from 'ora';
import {toAscii, type Look} from './look.js';
import {textOf, type Live, type Sink} from './sink.js';
import {duration} from './words.js';

// With ora's own indent a line written after the spinner would be indented too.
const frames = {interval: 80, frames: [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'].map(frame => ` ${frame}`)};
const asciiFrames = {interval: 130, frames: [...'-\\|/'].map(frame => ` ${frame}`)};

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
