import {
	mkdir,
	readFile,
	readdir,
	rename,
	writeFile,
} from 'node:fs/promises';
import {randomBytes} from 'node:crypto';
import process from 'node:process';
import path from 'node:path';
import {type Plug} from './network.js';
import {droplets, folderOf, runtime} from './paths.js';
import {type Identity} from './processes.js';

export type Release = 'bookworm' | 'trixie' | 'ubuntu-like';
export type Kind = 'container' | 'vm' | 'neighbour';

/** What a droplet is, written once. */
export type DropletRecord = {
	name: string;
	kind: Kind;
	release: Release;
	/** Tells droplets apart: the last part of both addresses and of the interface's name. */
	number: number;
	rootPassword: string;
	/** Install the key pair for root. */
	rootKey: boolean;
	/** The base tree or image under it. */
	base: string;
	/** Lives on after the process that made it. */
	lasting: boolean;
	/** The run of `npm run test:lab` that it belongs to. */
	run?: string | undefined;
	/** The process that asked for it. */
	owner: Identity;
};

/** How a droplet is now, written by its keeper. */
export type State = {
	keeper: Identity;
	/** systemd-nspawn, QEMU, or what holds a neighbour's namespace; undefined while the power is off. */
	machine?: Identity | undefined;
	/** The process whose namespaces are the droplet's. */
	init?: Identity | undefined;
	/** Times it was switched on, and reboots. */
	boots: number;
};

const readJson = async <T>(file: string): Promise<T | undefined> => {
	try {
		return JSON.parse(await readFile(file, 'utf8')) as T;
	} catch {
		return undefined;
	}
};

/** Writes the whole file or none of it, so that readers never see a half. */
export const writeJson = async (file: string, value: unknown): Promise<void> => {
	const partial = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
	await writeFile(partial, JSON.stringify(value, undefined, '\t') + '\n', {mode: 0o600});
	await rename(partial, file);
};

export const readRecord = async (name: string) => readJson<DropletRecord>(folderOf(name).record);
export const readState = async (name: string) => readJson<State>(folderOf(name).state);
export const writeState = async (name: string, state: State) => writeJson(folderOf(name).state, state);

/** A file of its own, so that each file has one writer: this one's is whoever unplugs, not the keeper. */
const plugOf = (name: string) => path.join(folderOf(name).folder, 'plug.json');
export const readPlug = async (name: string): Promise<Plug> => await readJson<Plug>(plugOf(name)) ?? {plugged: true, ipv6: true};
export const writePlug = async (name: string, plug: Plug) => writeJson(plugOf(name), plug);

/** The names of all droplets and neighbours, running or not. */
export const names = async (): Promise<string[]> => {
	try {
		const entries = await readdir(droplets, {withFileTypes: true});
		return entries.filter(entry => entry.isDirectory()).map(entry => entry.name).toSorted();
	} catch {
		return [];
	}
};

/** Numbers go from 10 to 249, as 10.79.0.10 to 10.79.0.249. */
const first = 10;
const after = (number: number) => number < 249 ? number + 1 : first;

/**
Takes a free number and name and writes the record. Call it under the lock.

Numbers go round instead of starting over, so that a neighbour's ARP table or a known_hosts file of a moment ago does not meet another droplet at the old address.

@throws when the name is taken or is no host name.
*/
export const allocate = async (wanted: Omit<DropletRecord, 'name' | 'number'> & {name?: string | undefined}): Promise<DropletRecord> => {
	const taken = await names();
	const records = await Promise.all(taken.map(async name => readRecord(name)));
	const counter = path.join(runtime, 'next.json');
	const used = new Set(records.map(record => record?.number));
	let number = await readJson<number>(counter) ?? first;
	while (used.has(number)) {
		number = after(number);
	}

	const name = wanted.name ?? `${wanted.kind === 'neighbour' ? 'neighbour' : wanted.release}-${number}`;
	if (!/^[a-z][a-z\d\-]{0,40}$/v.test(name)) {
		throw new Error(`A droplet's name is made of a-z, 0-9 and -, like web-1; this is ${JSON.stringify(name)}.`);
	}

	if (taken.includes(name)) {
		throw new Error(`There is a droplet named ${name} already; take it down with: npm run lab -- down ${name}`);
	}

	const record: DropletRecord = {...wanted, name, number};
	await mkdir(folderOf(name).folder, {recursive: true});
	await writeJson(folderOf(name).record, record);
	await writeJson(counter, after(number));
	return record;
};
