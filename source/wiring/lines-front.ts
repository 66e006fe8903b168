import process from 'node:process';
import {pipedInput, terminalInput} from '../ui/input.js';
import {linesTable} from '../ui/lines-table.js';
import type {Look} from '../ui/look.js';
import {askInLines} from '../ui/questions.js';
import {plainSink} from '../ui/sink.js';
import {frontOf, type Front} from './front.js';

/** A front end of lines. `still`: nothing on it moves, and what moves need not be loaded. */
export const linesFront = async (output: NodeJS.WriteStream, look: Look, still: boolean, attended: boolean): Promise<Front> => {
	const sink = still ? plainSink(output, look) : (await import('../ui/live-sink.js')).liveSink(output, look);
	return frontOf(look, sink, async interrupt => {
		const input = attended
			? terminalInput(process.stdin, output, interrupt)
			: pipedInput(process.stdin, text => output.write(text));
		const questions = askInLines({
			...input,
			async line(prompt, hidden) {
				// A question stands alone: nothing moves below it.
				sink.live(undefined);
				return input.line(prompt, hidden);
			},
		}, line => {
			sink.line(line);
		}, look);
		return {
			table: linesTable(sink, look, questions),
			cancel() {
				input.cancel();
			},
			close() {
				input.close();
			},
		};
	}, attended);
};
