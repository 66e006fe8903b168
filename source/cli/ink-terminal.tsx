import {setTimeout as sleep} from 'node:timers/promises';
import {render} from '../ui/ink/ink.js';
import type {Theme} from '../ui/theme.js';
import {Root} from '../ui/ink/root.js';
import {inkScreen, stageQuestions, stageOutput} from '../ui/ink/ink-screen.js';
import {Stage} from '../ui/ink/stage.js';
import {terminalOf, type Terminal} from '../ui/terminal.js';

/** More pictures a second than a person can read are bytes for nothing over a slow line. */
const maxFps = 15;
/** Milliseconds for the last picture to be drawn. */
const flushMs = 500;

/** A front end of screens. Nothing is drawn before somebody sits at it. */
export const inkTerminal = (stream: NodeJS.WriteStream, theme: Theme): Terminal => {
	let interrupt: (() => void) | undefined;
	let close: (() => Promise<void>) | undefined;
	const stage = new Stage(() => {
		interrupt?.();
	}, text => {
		stream.write(text);
	});
	const output = stageOutput(stage, theme, async () => close?.());
	return terminalOf(theme, output, async heard => {
		interrupt = heard;
		const instance = render(<Root stage={stage} theme={theme}/>, {
			stdout: stream, exitOnCtrlC: false, patchConsole: false, incrementalRendering: true, maxFps,
		});
		close = async () => {
			close = undefined;
			stage.clear();
			// A terminal that is gone takes nothing any more, and must not keep the program.
			await Promise.race([instance.waitUntilRenderFlush(), sleep(flushMs, undefined, {ref: false})]);
			instance.unmount();
		};

		return {
			screen: inkScreen(stage, theme, stageQuestions(stage, theme)),
			cancel() {
				stage.cancel();
			},
			close: async () => close?.(),
		};
	}, true);
};
