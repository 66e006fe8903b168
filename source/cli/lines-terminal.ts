import process from 'node:process';
import {pipedInput, terminalInput} from '../ui/input.js';
import {linesScreen} from '../ui/lines-screen.js';
import type {Theme} from '../ui/theme.js';
import {askInLines} from '../ui/questions.js';
import {plainOutput} from '../ui/output.js';
import {terminalOf, type Terminal} from '../ui/terminal.js';

/** A front end of lines. `still`: nothing on it moves, and what moves need not be loaded. */
export const linesTerminal = async (stream: NodeJS.WriteStream, theme: Theme, still: boolean, attended: boolean): Promise<Terminal> => {
	const output = still ? plainOutput(stream, theme) : (await import('../ui/live-output.js')).liveOutput(stream, theme);
	return terminalOf(theme, output, async interrupt => {
		const input = attended
			? terminalInput(process.stdin, stream, interrupt)
			: pipedInput(process.stdin, text => stream.write(text));
		const questions = askInLines({
			...input,
			async line(prompt, how) {
				// A question stands alone: nothing moves below it.
				output.live(undefined);
				return input.line(prompt, how);
			},
		}, line => {
			output.line(line);
		}, theme);
		return {
			screen: linesScreen(output, theme, questions, input.lend),
			cancel() {
				input.cancel();
			},
			close() {
				input.close();
			},
		};
	}, attended);
};
