import {open, readFile, type FileHandle} from 'node:fs/promises';
import path from 'node:path';
import {shorten} from '../server/home.js';
import {harmless} from './harmless.js';
import {makePrivateFolder} from './state-dir.js';

/** Version of the lines in a record. A line of a later version is not understood, and refused. */
export const recordVersion = 1;

export type RecordLine = {readonly v: number; readonly time: string; readonly event: string} & Readonly<Record<string, unknown>>;

/** Thrown for a record that a newer dropwise wrote. */
export class NewerRecord extends Error {
	override readonly name = 'NewerRecord';
}

/** Thrown where a file of ours cannot be written: the disk is full, say. */
export class NotWritten extends Error {
	override readonly name = 'NotWritten';
	constructor(file: string, error: unknown) {
		super(`${shorten(file)} cannot be written (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}).`, {cause: error});
	}
}

/**
Reads lines of JSON. What is not JSON is passed over: a line torn by a power loss, which later lines may follow.
*/
export const parseLines = (text: string, file: string): readonly RecordLine[] => text.split('\n').flatMap(raw => {
	let line: Partial<RecordLine> | null;
	try {
		line = JSON.parse(raw) as Partial<RecordLine> | null;
	} catch {
		return [];
	}

	if (typeof line?.v !== 'number' || typeof line.event !== 'string') {
		return [];
	}

	if (line.v > recordVersion) {
		throw new NewerRecord(`${file} was written by a newer dropwise: this one reads version ${recordVersion}, the file has version ${line.v}.`);
	}

	const {v, event, time = ''} = line;
	return [{
		...line, v, event, time,
	}];
});

const syncFolder = async (folder: string): Promise<void> => {
	// Without this the new file's name itself can be lost with the power. Windows cannot do it.
	let handle: FileHandle | undefined;
	try {
		handle = await open(folder, 'r');
		await handle.sync();
	} catch {} finally {
		await handle?.close();
	}
};

export const readLines = async (file: string): Promise<{lines: readonly RecordLine[]; torn: boolean; exists: boolean}> => {
	try {
		const text = await readFile(file, 'utf8');
		return {lines: parseLines(text, file), torn: text !== '' && !text.endsWith('\n'), exists: true};
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return {lines: [], torn: false, exists: false};
		}

		throw error;
	}
};

/** A file of JSON lines that only ever grows. `append` resolves when the line is on disk. */
export const openAppendOnly = async (file: string): Promise<{lines: readonly RecordLine[]; append: (event: string, fields: Readonly<Record<string, unknown>>) => Promise<RecordLine>}> => {
	await makePrivateFolder(path.dirname(file));
	const {lines, torn, exists} = await readLines(file);
	let heal = torn;
	let isNew = !exists;
	let last: Promise<unknown> = Promise.resolve();

	const write = async (line: RecordLine): Promise<RecordLine> => {
		const handle = await open(file, 'a', 0o600).catch((error: unknown) => {
			throw new NotWritten(file, error);
		});
		try {
			await handle.appendFile(`${heal ? '\n' : ''}${harmless(JSON.stringify(line))}\n`);
			await handle.sync();
			heal = false;
		} catch (error) {
			// Half of it may stand there.
			heal = true;
			throw new NotWritten(file, error);
		} finally {
			await handle.close();
		}

		if (isNew) {
			isNew = false;
			await syncFolder(path.dirname(file));
		}

		return line;
	};

	return {
		lines,
		async append(event, fields) {
			const line: RecordLine = {
				v: recordVersion, time: new Date().toISOString(), event, ...fields,
			};
			const mine = last.then(async () => write(line));
			last = mine.catch(() => undefined);
			return mine;
		},
	};
};
