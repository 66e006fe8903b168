import process from 'node:process';
import {Chalk} from 'chalk';
import {dumb, unicode} from '../environment.js';
import type {Look} from '../ui/look.js';
import {pipedInput, terminalInput, type Input} from '../ui/input.js';
import {indent} from '../ui/words.js';
import {liveSink, plainSink, type Sink} from '../ui/sink.js';

/** What a person sees and types into. */
export type Front = {
	readonly look: Look;
	readonly sink: Sink;
	readonly say: (line: string) => void;
	/** A sentence, broken into lines. */
	readonly tell: (text: string) => void;
	/** Opens the keyboard, or the pipe in its place. */
	readonly input: (interrupt: () => void) => Input;
	/** Whether somebody is there who can be asked. */
	readonly attended: boolean;
};

/** Wider lines are harder to read. */
const widest = 80;

/** The front end for this terminal, pipe or file. */
export const makeFront = ({plain, json}: {readonly plain: boolean; readonly json: boolean}): Front => {
	// With --json standard output belongs to the events alone.
	const output = json ? process.stderr : process.stdout;
	const still = plain || dumb(process.env) || !output.isTTY;
	const look: Look = {
		columns: Math.max(40, Math.min(output.columns ?? widest, widest)),
		ascii: plain || !unicode(process.env, process.platform),
		paint: new Chalk(output.isTTY && !plain ? {} : {level: 0}),
	};
	const sink = still ? plainSink(output, look) : liveSink(output, look);
	return {
		look,
		sink,
		say(line) {
			sink.line(line);
		},
		tell(text) {
			for (const line of indent(text, look.columns, ' ')) {
				sink.line(line);
			}
		},
		input(interrupt) {
			const input = process.stdin.isTTY && output.isTTY
				? terminalInput(process.stdin, output, interrupt)
				: pipedInput(process.stdin, text => output.write(text));
			return {
				...input,
				async line(prompt, hidden) {
					// A question stands alone: nothing moves below it.
					sink.live(undefined);
					return input.line(prompt, hidden);
				},
			};
		},
		attended: (process.stdin.isTTY && output.isTTY),
	};
};
