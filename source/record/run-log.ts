import {appendFile} from 'node:fs/promises';
import path from 'node:path';
import {makePrivateFolder} from './state-dir.js';

type Happening = {readonly event: string} & Readonly<Record<string, unknown>>;

const inWords = (value: unknown): string => typeof value === 'string' && /^[\w./:@+-]+$/.test(value) ? value : JSON.stringify(value);

/** One event as a line of the log; what a command printed stands below it as it came. */
export const logLine = (time: string, {event, ...fields}: Happening): string => {
	if (event === 'output' && typeof fields.text === 'string') {
		return `${time}   ${fields.stream === 'err' ? '!' : '|'} ${fields.text.replace(/\n$/, '').replaceAll('\n', `\n${time}   | `)}\n`;
	}

	const words = Object.entries(fields).filter(([, value]) => value !== undefined).map(([name, value]) => `${name}=${inWords(value)}`);
	return `${[time, event, ...words].join(' ')}\n`;
};

/** The log of one run, to be read when something went wrong. */
export const openRunLog = async (stateDir: string, run: string): Promise<{path: string; write: (happening: Happening) => Promise<void>}> => {
	const folder = await makePrivateFolder(path.join(stateDir, 'runs'));
	const file = path.join(folder, `${run}.log`);
	return {
		path: file,
		write: async happening => appendFile(file, logLine(new Date().toISOString(), happening), {mode: 0o600}),
	};
};
