import {
	linkSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {newDocker, plugIn} from './docker/networks.js';
import {letTimePass} from './guard.js';
import {noRules} from './netfilter/ruleset.js';
import type {
	Docker,
	Droplet,
	Level,
	Machine,
	Ruleset,
} from './state.js';

/**
The droplet on the disk: one file a version, `droplet-N.json`, of which the highest counts.

A change is a new file linked to the next number. The link exists or not, whole, so being killed leaves the old version or the new one; and of two processes that change the same version only one gets the number, and the other starts over from what the first made of it. No lock that a dead process could leave behind.
*/
const pattern = /^droplet-(\d+)\.json$/v;

const versions = (directory: string): number[] => readdirSync(directory).map(name => pattern.exec(name)?.[1]).filter(number => number !== undefined).map(Number).toSorted((a, b) => b - a);

/** A droplet of an earlier program: in the first format it had one table a family. */
const brought = (droplet: Droplet): Droplet => {
	if ((droplet.format as number) === 1) {
		const both = (old: unknown): Droplet['netfilter'] => {
			const {v4, v6} = old as {v4: Ruleset; v6: Ruleset};
			return {v4: {...noRules(), filter: v4}, v6: {...noRules(), filter: v6}};
		};

		droplet.netfilter = both(droplet.netfilter);
		if (droplet.guard) {
			droplet.guard.rules = both(droplet.guard.rules);
		}

		droplet.format = 2;
	}

	// Later Docker came, and had no containers at first. Where it ran, its bridge is there.
	const docker = droplet.docker as Partial<Docker> | undefined;
	if (docker && !docker.containers) {
		droplet.docker = {...newDocker(), ...docker};
		for (const network of docker.settings ? droplet.docker.networks : []) {
			plugIn(droplet, network);
		}
	}

	return droplet;
};

const fileOf = (directory: string, version: number): string => path.join(directory, `droplet-${version}.json`);

let temporary = 0;

/** Makes a text version N. Returns false: another process was first. */
const commit = (directory: string, version: number, text: string): boolean => {
	const draft = path.join(directory, `draft-${process.pid}-${temporary++}`);
	writeFileSync(draft, text, {mode: 0o600});
	try {
		linkSync(draft, fileOf(directory, version));
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		if (code === 'EEXIST') {
			return false;
		}

		// Disks without links: two processes at once are then not kept apart.
		if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') {
			throw error;
		}

		renameSync(draft, fileOf(directory, version));
	} finally {
		rmSync(draft, {force: true});
	}

	// A number that was given and taken away again since: whoever is above us won.
	const all = versions(directory);
	if (all[0] !== version) {
		rmSync(fileOf(directory, version), {force: true});
		return false;
	}

	for (const old of all.slice(2)) {
		rmSync(fileOf(directory, old), {force: true});
	}

	return true;
};

export type Store = {
	/** Does something with the droplet as it is now, and keeps what became of it. May be called more than once where another process was quicker: it must not remember anything outside. */
	access: <T>(what: (machine: Machine) => T) => T;
};

/** Opens the droplet in a folder, or makes it with `fresh`. */
export const openStore = (directory: string, level: Level, now: () => number, fresh: () => Droplet): Store => {
	mkdirSync(directory, {recursive: true, mode: 0o700});
	let known: {version: number; text: string} | undefined;

	const load = (): {version: number; text: string} | undefined => {
		for (;;) {
			const [version] = versions(directory);
			if (version === undefined) {
				return undefined;
			}

			if (known?.version === version) {
				return known;
			}

			try {
				known = {version, text: readFileSync(fileOf(directory, version), 'utf8')};
				return known;
			} catch (error) {
				// Two newer ones were made meanwhile.
				if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
					throw error;
				}
			}
		}
	};

	if (!load()) {
		commit(directory, 1, JSON.stringify(fresh()));
	}

	const {level: there} = JSON.parse(load()!.text) as Droplet;
	if (there !== level) {
		throw new Error(`The practice droplet in ${directory} is ${there}, not ${level}.`);
	}

	return {
		access(what) {
			for (;;) {
				const {version, text} = load()!;
				const droplet = brought(JSON.parse(text) as Droplet);
				const machine = {droplet, now: now()};
				letTimePass(machine);
				const result = what(machine);
				const after = JSON.stringify(droplet);
				if (after === text) {
					return result;
				}

				if (commit(directory, version + 1, after)) {
					known = {version: version + 1, text: after};
					return result;
				}
			}
		},
	};
};
