/** The story of the containers, on every droplet alike: how they are open to all, closed, cut off by a restart, and mended. What is tried, what is red and every fact can be compared. */
import type {ExecutionContext} from 'ava';
import {unsavedRecord} from '../../source/record/server-record.js';
import type {Argv} from '../../source/step.js';
import {
	ports, restarts, runs, setUp, trying, type Tried,
} from './containers-scene.js';
import {
	explain, go, unrehearsed, type Options, type Told,
} from './scenario.js';
import type {Stage} from './suite.js';
import {edits, type World} from './world.js';

const settings = '/etc/docker/daemon.json';

/** What was tried at each stage, and what was red. */
export type Story = ReadonlyMap<string, {readonly tried: Tried; readonly red: readonly string[]}>;

/** Told from a fresh droplet on. `stage` is called where it can be looked at; `startSeconds`: how long what starts with it is given. */
export const tellOfContainers = async (t: ExecutionContext, world: World, {stage, startSeconds}: {readonly stage?: Stage; readonly startSeconds: number}): Promise<Story> => {
	const journal = unsavedRecord();
	const story = new Map<string, {readonly tried: Tried; readonly red: readonly string[]}>();
	const steps = await unrehearsed();
	const run = async (doing: 'apply' | 'check', options: Options = {}): Promise<Told> => go(world, doing, {login: world.admin, journal, only: steps, ...options});
	const applies = async (when: string, options: Options = {}): Promise<void> => {
		const told = await run('apply', options);
		t.is(told.exitCode, 0, `${when}: ${explain(told)}`);
	};

	const restart = async (): Promise<void> => {
		const told = await run('apply', {only: ['reboot-rehearsal'], repeats: true, startSeconds});
		t.deepEqual(told.did, ['reboot'], explain(told));
	};

	const looks = async (name: string, options: Options = {}): Promise<void> => {
		const tried = await trying(world);
		const {red} = await run('check', options);
		story.set(name, {tried, red: red.toSorted()});
		const server = await world.open(world.admin);
		await stage?.(name, server);
		await server.close();
	};

	await setUp(t, world, journal);
	await looks('trapped');

	await applies('closed');
	await looks('closed');
	for (const [name, argv] of [['one stopped', ['docker', 'stop', 'proxy']], ['the firewall loaded anew', ['ufw', 'reload']], ['and started again', ['docker', 'start', 'proxy']]] as ReadonlyArray<[string, Argv]>) {
		await world.do(argv);
		await looks(name);
	}

	await restarts(world);
	await looks('Docker restarted');
	await world.do(['docker', 'rm', '--force', 'manager']);
	await runs(world, 'manager', '--network', 'sites', '--publish', `${ports.unlisted}:80`);
	await world.do(['docker', 'network', 'create', 'later']);
	await looks('a network made later');
	await world.do(['docker', 'network', 'rm', 'later']);
	await restart();
	await looks('restarted');

	// What somebody did who had read that it helps.
	await edits(settings, was => JSON.stringify({...JSON.parse(was) as object, iptables: false, ip6tables: false}))(world);
	await restarts(world);
	await looks('told to write no rules', {recipe: 'iptables-off'});
	await restart();
	await looks('told so, and restarted', {recipe: 'iptables-off'});
	await applies('by rules of our own', {recipe: 'iptables-off'});
	await looks('by rules of our own', {recipe: 'iptables-off'});
	await restart();
	await looks('by rules of our own, and restarted', {recipe: 'iptables-off'});
	await applies('by the list again');
	await looks('by the list again');
	return story;
};
