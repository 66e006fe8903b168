/**
Which address showed which keys and belongs to which record; and what to make of it when that changes. Decisions are pure functions over what was seen before.
*/
import path from 'node:path';
import {openAppendOnly, type RecordLine} from './append-only.js';

/** One host of a server: the latest of an address stands for it. */
export type KnownHost = {
	/** `host:port`, in one spelling. */
	readonly place: string;
	/** The record's folder name; undefined while nothing was done there. */
	readonly record: string | undefined;
	/** The random id the server carried. */
	readonly id: string | undefined;
	/** All its host keys, as `SHA256:…`. */
	readonly keys: readonly string[];
};

/** What the key means that a server shows before log-in. */
export type KeyVerdict =
	| {readonly verdict: 'known'}
	/** The key is the one `--host-key` names. */
	| {readonly verdict: 'expected'}
	/** The key is not the one `--host-key` names. */
	| {readonly verdict: 'differs'; readonly expected: string}
	/** A server known by another address. */
	| {readonly verdict: 'moved'; readonly from: string}
	/** Another key than last time at this address. */
	| {readonly verdict: 'changed'; readonly before: readonly string[]}
	| {readonly verdict: 'unknown'};

const latest = (knownHosts: readonly KnownHost[]): ReadonlyMap<string, KnownHost> => new Map(knownHosts.map(host => [host.place, host]));

/** Judges the key that a server shows, before anything is sent to it. */
export const judgeKey = (knownHosts: readonly KnownHost[], place: string, key: string, expected: string | undefined): KeyVerdict => {
	if (expected !== undefined) {
		return key === expected ? {verdict: 'expected'} : {verdict: 'differs', expected};
	}

	const now = latest(knownHosts);
	const here = now.get(place);
	if (here) {
		return here.keys.includes(key) ? {verdict: 'known'} : {verdict: 'changed', before: here.keys};
	}

	// Whoever shows a key proves to hold its private half: this is that server, or a copy of it.
	const elsewhere = [...now.values()].find(({keys}) => keys.includes(key));
	return elsewhere ? {verdict: 'moved', from: elsewhere.place} : {verdict: 'unknown'};
};

/** Which record a server belongs to, once its id can be read. */
export type IdentityVerdict =
	| {readonly verdict: 'same'; readonly record: string}
	| {readonly verdict: 'new'; readonly record: string | undefined}
	/** Keys seen before, with another id or none: a copy, or rebuilt from an image. */
	| {readonly verdict: 'copy'; readonly record: string | undefined; readonly of: string}
	/** A known id with keys never seen: a snapshot put back, perhaps as another server. */
	| {readonly verdict: 'restored'; readonly record: string; readonly otherwise: string};

const suffix = (key: string | undefined): string => (key ?? '').replaceAll(/[^a-z\d]/gi, '').slice(6, 14).toLowerCase();

export const judgeIdentity = (knownHosts: readonly KnownHost[], id: string | undefined, keys: readonly string[]): IdentityVerdict => {
	const shares = (host: KnownHost): boolean => host.keys.some(key => keys.includes(key));
	const ofKeys = knownHosts.findLast(host => host.record !== undefined && shares(host));
	if (id === undefined) {
		return ofKeys ? {verdict: 'copy', record: undefined, of: ofKeys.place} : {verdict: 'new', record: undefined};
	}

	const same = knownHosts.findLast(host => host.id === id && host.record !== undefined && shares(host));
	if (same) {
		return {verdict: 'same', record: same.record!};
	}

	const ofId = knownHosts.findLast(host => host.id === id && host.record !== undefined);
	if (ofId) {
		// Two servers made from one snapshot carry one id: the second gets a folder of its own.
		return {verdict: 'restored', record: ofId.record!, otherwise: `${id}-${suffix(keys[0])}`};
	}

	return ofKeys ? {verdict: 'copy', record: id, of: ofKeys.place} : {verdict: 'new', record: id};
};

/** The servers that were seen, by place and key. `at`: how a place was seen last. */
export type KnownHosts = {
	readonly all: () => readonly KnownHost[];
	readonly at: (place: string) => KnownHost | undefined;
	readonly add: (host: KnownHost) => Promise<void>;
};

/** The file of known hosts. */
export const openKnownHosts = async (stateDir: string): Promise<KnownHosts> => {
	const {lines, append} = await openAppendOnly(path.join(stateDir, 'hostkeys.jsonl'));
	const read = (line: RecordLine): KnownHost => ({
		place: String(line.place), record: line.record as string | undefined, id: line.id as string | undefined, keys: line.keys as string[],
	});
	const knownHosts = lines.filter(({event}) => event === 'seen').map(line => read(line));
	return {
		all: () => knownHosts,
		at: place => latest(knownHosts).get(place),
		async add(host) {
			const before = latest(knownHosts).get(host.place);
			if (before && JSON.stringify(before) === JSON.stringify({...before, ...host})) {
				return;
			}

			await append('seen', {...host});
			knownHosts.push(host);
		},
	};
};
