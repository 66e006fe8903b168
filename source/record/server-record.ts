import path from 'node:path';
import {isDeepStrictEqual} from 'node:util';
import type {Journal, Known} from './journal.js';
import {
	openAppendOnly,
	readLines,
	recordVersion,
	type RecordLine,
} from './append-only.js';
import {
	nothing,
	replay,
	replayLine,
	type Replayed,
	type Stood,
} from './replay.js';
import type {Redactor} from './redact.js';

/** A journal, and what is kept beside it. */
export type ServerRecord = Journal & {
	/** The server's folder on the person's own disk; undefined where nothing is kept yet. */
	readonly folder: string | undefined;
	readonly stood: Stood | undefined;
	/** When each step was last seen to hold, ISO 8601. */
	readonly heldAt: Readonly<Record<string, string>>;
	/** How the server stood at the end of a run. */
	stand(stood: Omit<Stood, 'time'>): Promise<void>;
};

const asKnown = (known: Partial<Known>): Known | undefined => known.user === undefined
	? undefined
	: {
		user: known.user, key: known.key, hostKeys: known.hostKeys ?? [], info: known.info, answers: known.answers ?? {},
	};

const keep = (folder: string | undefined, start: Replayed, append: (event: string, fields: Readonly<Record<string, unknown>>) => Promise<RecordLine>): ServerRecord => {
	let state = start;
	const add = async (event: string, fields: Readonly<Record<string, unknown>>): Promise<void> => {
		state = replayLine(state, await append(event, fields));
	};

	return {
		folder,
		get stood() {
			return state.stood;
		},
		get heldAt() {
			return state.heldAt;
		},
		done: () => state.done,
		begun: () => state.begun[0],
		known: () => asKnown(state.known),
		guard: () => state.guard,
		rehearsing: () => state.rehearsals.open,
		rehearsed: step => state.rehearsals.seen[step],
		begin: async begun => add('begun', {begun}),
		finish: async done => add('finished', {done}),
		forget: async (id, why) => add('forgotten', {id, why}),
		undoing: () => state.undoing,
		undo: async (step, theirs) => add('undoing', {step, theirs}),
		undone: async (...ids) => add('undone', {ids}),
		armed: async (id, step) => add('armed', {id, step}),
		confirmed: async id => add('confirmed', {id}),
		reverted: async id => add('reverted', {id}),
		async learn(known) {
			const news = Object.fromEntries(Object.entries(known).filter(([name, value]) => value !== undefined && !isDeepStrictEqual(state.known[name as keyof Known], value)));
			if (Object.keys(news).length > 0) {
				await add('learnt', {known: news});
			}
		},
		rehearse: async rehearsing => add('rehearsing', {rehearsing}),
		remember: async (step, rehearsed) => add('rehearsed', {step, rehearsed}),
		stand: async stood => add('stood', {...stood}),
	};
};

/** The record of one server: every line is on disk before its promise resolves. */
export const openServerRecord = async (folder: string, redactor: Redactor): Promise<ServerRecord> => {
	const {lines, append} = await openAppendOnly(path.join(folder, 'journal.jsonl'));
	return keep(folder, replay(lines), async (event, fields) => append(event, redactor.value(fields)));
};

/** What is known of a server, without touching its record. */
export const readServerRecord = async (folder: string): Promise<Replayed> => replay((await readLines(path.join(folder, 'journal.jsonl'))).lines);

/** A record for a server that is only looked at: it leaves nothing behind. */
export const unsavedRecord = (): ServerRecord => keep(undefined, nothing, async (event, fields) => ({
	v: recordVersion, time: new Date().toISOString(), event, ...fields,
}));
