import process from 'node:process';
import {Chalk} from 'chalk';
import {dumb, program, unicode} from '../environment.js';
import type {Look} from '../ui/look.js';
import type {Sink} from '../ui/sink.js';
import type {Table} from '../ui/table.js';
import {indent} from '../ui/words.js';

/** A person's place: where they are asked. */
export type Seat = {
	readonly table: Table;
	/** Ends an open question without an answer; from now on nothing is asked. */
	cancel(): void;
	close(): Promise<void> | void;
};

/** What a person sees and types into. */
export type Front = {
	readonly look: Look;
	readonly sink: Sink;
	readonly say: (line: string) => void;
	/** A sentence, broken into lines. */
	readonly tell: (text: string) => void;
	/** Opens the keyboard, or the pipe in its place. `interrupt`: Ctrl-C was pressed. */
	readonly sit: (interrupt: () => void) => Promise<Seat>;
	/** Whether somebody is there who can be asked. */
	readonly attended: boolean;
};

/** Wider lines are harder to read. */
const widest = 80;

type Output = NodeJS.WriteStream;

export const lookAt = (output: Output, plain: boolean): Look => ({
	get columns() {
		return Math.max(40, Math.min(output.columns ?? widest, widest));
	},
	ascii: plain || !unicode(process.env, process.platform),
	paint: new Chalk(output.isTTY && !plain ? {} : {level: 0}),
	program: program(process.env),
});

export const frontOf = (look: Look, sink: Sink, sit: Front['sit'], attended: boolean): Front => ({
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
	sit,
	attended,
});

/** The front end for this terminal, pipe or file. Screens are the wizard's alone. */
export const makeFront = async ({plain, json}: {readonly plain: boolean; readonly json: boolean}, isWizard: boolean): Promise<Front> => {
	// With --json standard output belongs to the events alone.
	const output = json ? process.stderr : process.stdout;
	const attended = process.stdin.isTTY && output.isTTY;
	const still = plain || dumb(process.env) || !output.isTTY;
	const look = lookAt(output, plain);
	return isWizard && attended && !still
		? (await import('./screen-front.js')).screenFront(output, look)
		: (await import('./lines-front.js')).linesFront(output, look, still, attended);
};

