import {appendFile, readFile} from 'node:fs/promises';
import path from 'node:path';
import {NotWritten} from './append-only.js';
import {harmless} from './harmless.js';
import {makePrivateFolder} from './state-dir.js';

type Happening = {readonly event: string} & Readonly<Record<string, unknown>>;

const inWords = (value: unknown): string => typeof value === 'string' && /^[\w./:@+-]+$/.test(value) ? value : JSON.stringify(value);

/** One event as a line of the log; what a command printed stands below it line by line. */
export const logLine = (time: string, {event, ...fields}: Happening): string => {
	if (event === 'output' && typeof fields.text === 'string') {
		return `${time}   ${fields.stream === 'err' ? '!' : '|'} ${fields.text.replaceAll(/\r\n?/g, '\n').replace(/\n$/, '').replaceAll('\n', `\n${time}   | `)}\n`;
	}

	const words = Object.entries(fields).filter(([, value]) => value !== undefined).map(([name, value]) => `${name}=${inWords(value)}`);
	return `${[time, event, ...words].join(' ')}\n`;
};

/** The log of one run, to be read when something went wrong. `write` rejects with `NotWritten`. */
export const openRunLog = async (stateDir: string, run: string): Promise<{path: string; write: (happening: Happening) => Promise<void>}> => {
	const folder = await makePrivateFolder(path.join(stateDir, 'runs'));
	const file = path.join(folder, `${run}.log`);
	return {
		path: file,
		async write(happening) {
			try {
				await appendFile(file, harmless(logLine(new Date().toISOString(), happening)), {mode: 0o600});
			} catch (error) {
				throw new NotWritten(file, error);
			}
		},
	};
};

const shownBy = (action: string): string | undefined => {
	try {
		return (JSON.parse(action) as {shows?: string}).shows;
	} catch {
		// A line that was cut off.
		return undefined;
	}
};

/** What was done in a run by its log, and what the server said to it. */
export const saidIn = (log: string): readonly string[] => log.split('\n').flatMap(line => {
	const action = /^\S+ action-started .*?\baction=(\{.*)$/.exec(line)?.[1];
	const said = action === undefined ? /^\S+ {3}[|!] (.*)$/.exec(line)?.[1] : shownBy(action);
	return said === undefined || said.trim() === '' ? [] : [action === undefined ? said : `> ${said}`];
});

/** What was said in the earlier runs that did these actions, and where it is written down; undefined where nothing is. */
export const readEarlier = async (stateDir: string, ids: readonly string[]): Promise<{readonly said: readonly string[]; readonly folder: string} | undefined> => {
	const folder = path.join(stateDir, 'runs');
	const runs = [...new Set(ids.map(id => /^\d{8}-\d{6}-[\da-f]{4}(?=-)/.exec(id)?.[0]).filter(run => run !== undefined))].toSorted();
	const logs = await Promise.all(runs.map(async run => readFile(path.join(folder, `${run}.log`), 'utf8').catch(() => '')));
	const said = logs.flatMap(log => saidIn(log));
	return said.length === 0 ? undefined : {said, folder};
};
