import {readdir} from 'node:fs/promises';
import path from 'node:path';
import {readServerRecord} from './server-record.js';
import type {Replayed} from './replay.js';

/** Whether a record can be called so. */
export const isRecord = (name: string): boolean => /^[a-z\d][a-z\d-]{0,80}$/i.test(name);

/** The folder of one server's record. */
export const folderOf = (stateDir: string, record: string): string => {
	// The id came from a server: nothing in it may lead out of the folder.
	if (!isRecord(record)) {
		throw new Error(`The server carries an id that cannot be its own: ${JSON.stringify(record.slice(0, 80))}.`);
	}

	return path.join(stateDir, 'servers', record);
};

/** All servers that something was done on. */
export const listRecords = async (stateDir: string): Promise<ReadonlyArray<{readonly record: string} & Replayed>> => {
	let names: string[];
	try {
		names = await readdir(path.join(stateDir, 'servers'));
	} catch {
		return [];
	}

	return Promise.all(names.toSorted().map(async record => ({record, ...await readServerRecord(folderOf(stateDir, record))})));
};
