import {setTimeout as sleep} from 'node:timers/promises';
import {render} from 'ink';
import type {Look} from '../ui/look.js';
import {App} from '../ui/screen/app.js';
import {screenTable, stageQuestions, stageSink} from '../ui/screen/screen-table.js';
import {Stage} from '../ui/screen/stage.js';
import {frontOf, type Front} from './front.js';

/** More pictures a second than a person can read are bytes for nothing over a slow line. */
const maxFps = 15;
/** Milliseconds for the last picture to be drawn. */
const flushWithin = 500;

/** A front end of screens. Nothing is drawn before somebody sits at it. */
export const screenFront = (output: NodeJS.WriteStream, look: Look): Front => {
	let interrupt: (() => void) | undefined;
	let close: (() => Promise<void>) | undefined;
	const stage = new Stage(() => {
		interrupt?.();
	});
	const sink = stageSink(stage, look, async () => close?.());
	return frontOf(look, sink, async heard => {
		interrupt = heard;
		const instance = render(<App stage={stage} look={look}/>, {
			stdout: output, exitOnCtrlC: false, patchConsole: false, incrementalRendering: true, maxFps,
		});
		close = async () => {
			close = undefined;
			stage.clear();
			// A terminal that is gone takes nothing any more, and must not keep the program.
			await Promise.race([instance.waitUntilRenderFlush(), sleep(flushWithin, undefined, {ref: false})]);
			instance.unmount();
		};

		return {
			table: screenTable(stage, look, stageQuestions(stage, look)),
			cancel() {
				stage.cancel();
			},
			close: async () => close?.(),
		};
	}, true);
};
