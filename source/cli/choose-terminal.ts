import process from 'node:process';
import {Chalk} from 'chalk';
import {
	dumb,
	program,
	screenReader,
	unicode,
} from '../environment.js';
import type {Terminal} from '../ui/terminal.js';
import type {Theme} from '../ui/theme.js';

/** Wider lines are harder to read. */
const widestColumns = 80;

const themeOf = (stream: NodeJS.WriteStream, plain: boolean, spoken: boolean): Theme => ({
	get columns() {
		return Math.max(40, Math.min(stream.columns ?? widestColumns, widestColumns));
	},
	ascii: plain || !unicode(process.env, process.platform),
	spoken,
	paint: new Chalk(stream.isTTY && !plain ? {} : {level: 0}),
	program: program(process.env),
});

/** The front end for this terminal, pipe or file. Screens are the wizard's alone. */
export const chooseTerminal = async (options: {readonly plain: boolean; readonly json: boolean}, isWizard: boolean): Promise<Terminal> => {
	// With --json standard output belongs to the events alone.
	const stream = options.json ? process.stderr : process.stdout;
	const attended = process.stdin.isTTY && stream.isTTY;
	const spoken = screenReader(process.env);
	const plain = options.plain || spoken;
	const still = plain || dumb(process.env) || !stream.isTTY;
	const theme = themeOf(stream, plain, spoken);
	return isWizard && attended && !still
		? (await import('./ink-terminal.js')).inkTerminal(stream, theme)
		: (await import('./lines-terminal.js')).linesTerminal(stream, theme, still, attended);
};
