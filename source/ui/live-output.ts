import ora, {type Ora} from 'ora';
import {progressBar} from './progress-bar.js';
import type {Progress} from './run-state.js';
import {toAscii, type Theme} from './theme.js';
import {liveText, type Live, type Output} from './output.js';
import {duration} from './words.js';

// With ora's own indent a line written after the spinner would be indented too.
const frames = {interval: 80, frames: [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'].map(frame => ` ${frame}`)};
const asciiFrames = {interval: 130, frames: [...'-\\|/'].map(frame => ` ${frame}`)};

/** In a terminal: a spinner below the lines, with the last of what the server says. */
export const liveOutput = (stream: NodeJS.WriteStream, theme: Theme, now: () => number = Date.now): Output => {
	let spinner: Ora | undefined;
	let busy: {text: Live; since: number; tail: readonly string[]; progress: Progress | undefined} | undefined;
	const draw = (): void => {
		if (!busy) {
			return;
		}

		const seconds = Math.round((now() - busy.since) / 1000);
		const text = [`${liveText(busy.text)}${seconds >= 2 ? `   ${duration(seconds)}` : ''}`, ...(busy.progress ? [`     ${progressBar(busy.progress, theme)}`] : []), ...busy.tail.map(line => theme.paint.dim(`     | ${line}`))].join('\n');
		const shown = theme.ascii ? toAscii(text) : text;
		if (spinner) {
			spinner.text = shown;
		} else {
			spinner = ora({
				text: shown, stream, discardStdin: false, isEnabled: true, spinner: theme.ascii ? asciiFrames : frames,
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
			stream.write(`${theme.ascii ? toAscii(text) : text}\n`);
			draw();
		},
		live(text, {tail = [], progress} = {}) {
			if (text === undefined) {
				busy = undefined;
				stop();
				return;
			}

			busy = {
				text, tail, progress, since: busy?.since ?? now(),
			};
			draw();
		},
		close() {
			clearInterval(timer);
			busy = undefined;
			stop();
		},
	};
};
