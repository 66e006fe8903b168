/** The built program as a person runs it: a child process with a home and a state folder of its own. */
import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type {ExecutionContext} from 'ava';
import {cli, environment} from '../journeys/terminal.js';
import {run, type Result} from '../lab/command.js';

export type Home = {
	readonly folder: string;
	/** Where the records go. */
	readonly state: string;
	/** The words that run the program from here, for a command of one's own making. */
	readonly argv: (...words: readonly string[]) => readonly string[];
	/** Runs it to its end, at most four minutes. */
	readonly dropwise: (words: readonly string[], more?: {readonly input?: string; /** Words to put in front. */ readonly before?: readonly string[]}) => Promise<Result>;
};

/** A home that goes with the test. */
export const homeFor = async (t: ExecutionContext): Promise<Home> => {
	const folder = await mkdtemp(path.join(tmpdir(), 'dropwise-home-'));
	t.teardown(async () => rm(folder, {recursive: true, force: true}));
	const state = path.join(folder, 'state');
	await mkdir(state);
	const argv = (...words: readonly string[]): readonly string[] => [process.execPath, cli, ...words, '--state-dir', state];
	return {
		folder,
		state,
		argv,
		dropwise: async (words, {input = '', before = []} = {}) => run(['env', '--ignore-environment', ...Object.entries(environment(folder)).map(([name, value]) => `${name}=${value}`), ...before, ...argv(...words)], {input, seconds: 240}),
	};
};
