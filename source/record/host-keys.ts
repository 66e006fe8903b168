/**
Which address showed which keys and belongs to which record; and what to make of it when that changes. Decisions are pure functions over what was seen before.
*/
import path from 'node:path';
import {openAppendOnly, type Line} from './append-only.js';

/** One sighting of a server: the latest of an address stands for it. */
export type Sighting = {
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

const latest = (sightings: readonly Sighting[]): ReadonlyMap<string, Sighting> => new Map(sightings.map(sighting => [sighting.place, sighting]));

/** Judges the key that a server shows, before anything is sent to it. */
export const judgeKey = (sightings: readonly Sighting[], place: string, key: string, expected: string | undefined): KeyVerdict => {
	if (expected !== undefined) {
		return key === expected ? {verdict: 'expected'} : {verdict: 'differs', expected};
	}

	const now = latest(sightings);
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

export const judgeIdentity = (sightings: readonly Sighting[], id: string | undefined, keys: readonly string[]): IdentityVerdict => {
	const shares = (sighting: Sighting): boolean => sighting.keys.some(key => keys.includes(key));
	const ofKeys = sightings.findLast(sighting => sighting.record !== undefined && shares(sighting));
	if (id === undefined) {
		return ofKeys ? {verdict: 'copy', record: undefined, of: ofKeys.place} : {verdict: 'new', record: undefined};
	}

	const same = sightings.findLast(sighting => sighting.id === id && sighting.record !== undefined && shares(sighting));
	if (same) {
		return {verdict: 'same', record: same.record!};
	}

	const ofId = sightings.findLast(sighting => sighting.id === id && sighting.record !== undefined);
	if (ofId) {
		// Two servers made from one snapshot carry one id: the second gets a folder of its own.
		return {verdict: 'restored', record: ofId.record!, otherwise: `${id}-${suffix(keys[0])}`};
	}

	return ofKeys ? {verdict: 'copy', record: id, of: ofKeys.place} : {verdict: 'new', record: id};
};

/** The file of sightings. */
export const openSightings = async (stateDir: string): Promise<{all: () => readonly Sighting[]; at: (place: string) => Sighting | undefined; add: (sighting: Sighting) => Promise<void>}> => {
	const {lines, append} = await openAppendOnly(path.join(stateDir, 'hostkeys.jsonl'));
	const read = (line: Line): Sighting => ({
		place: String(line.place), record: line.record as string | undefined, id: line.id as string | undefined, keys: line.keys as string[],
	});
	const sightings = lines.filter(({event}) => event === 'seen').map(line => read(line));
	return {
		all: () => sightings,
		at: place => latest(sightings).get(place),
		async add(sighting) {
			const before = latest(sightings).get(sighting.place);
			if (before && JSON.stringify(before) === JSON.stringify({...before, ...sighting})) {
				return;
			}

			await append('seen', {...sighting});
			sightings.push(sighting);
		},
	};
};
