/** The story of the containers, on every droplet alike: how they are open to all, closed, cut off by a restart, and mended. What is tried, what is red and every fact can be compared. */
import type {ExecutionContext} from 'ava';
import {unsavedRecord} from '../../source/record/server-record.js';
import type {Argv} from '../../source/step.js';
import {
	explain, go, unrehearsed, type Options, type Told,
} from './scenario.js';
import type {Stage} from './suite.js';
import {edits, type World} from './world.js';

/** Ports: one that is on the firewall's list, one that is not, and one for the server itself. */
export const ports = {listed: 80, unlisted: 9000, own: 5432} as const;

const settings = '/etc/docker/daemon.json';

/** Everything that comes out one way or the other, in words. */
export type Tried = Readonly<Record<'unlisted, over IPv4' | 'unlisted, over IPv6' | 'listed, over IPv4' | 'listed, over IPv6' | 'out of a network of one\'s own' | 'out of Docker\'s own network' | 'to another container by name' | 'into another network', boolean>>;

export const trapped: Tried = {
	'unlisted, over IPv4': true, 'unlisted, over IPv6': false, 'listed, over IPv4': true, 'listed, over IPv6': true, 'out of a network of one\'s own': true, 'out of Docker\'s own network': true, 'to another container by name': true, 'into another network': false,
};
export const closed: Tried = {...trapped, 'unlisted, over IPv4': false};
export const cutOff: Tried = {
	...closed, 'out of a network of one\'s own': false, 'out of Docker\'s own network': false, 'to another container by name': false,
};

const addressIn = async (world: World, name: string): Promise<string> => (await world.do(['docker', 'inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}', name])).trim();

const trying = async (world: World): Promise<Tried> => {
	const {containers: {getsThrough, outside}} = world;
	const server = await world.open(world.admin);
	try {
		const {address} = server.me;
		const six = /inet6 (\S+)\//.exec((await world.do(['ip', '-o', '-6', 'addr', 'show', 'scope', 'global'])))![1]!;
		const isOpen = async (at: string, port: number): Promise<boolean> => await server.dial(at, port, 1500) === 'open';
		return {
			'unlisted, over IPv4': await isOpen(address, ports.unlisted),
			'unlisted, over IPv6': await isOpen(six, ports.unlisted),
			'listed, over IPv4': await isOpen(address, ports.listed),
			'listed, over IPv6': await isOpen(six, ports.listed),
			'out of a network of one\'s own': await getsThrough('manager', outside.host, outside.port),
			'out of Docker\'s own network': await getsThrough('database', outside.host, outside.port),
			'to another container by name': await getsThrough('manager', 'proxy', 80),
			'into another network': await getsThrough('manager', await addressIn(world, 'database'), 80),
		};
	} finally {
		await server.close();
	}
};

const runs = async (world: World, name: string, ...options: readonly string[]): Promise<unknown> =>
	world.do(['docker', 'run', '--detach', '--restart', 'always', '--name', name, ...options, ...world.containers.web]);

const restarts = async (world: World): Promise<void> => {
	await world.do(['systemctl', 'reset-failed', 'docker']);
	await world.do(['systemctl', 'restart', 'docker']);
};

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

	await applies('as far as Docker', {login: world.root, only: ['system-updates', 'admin-user', 'ssh-keys-only', 'firewall', 'docker']});
	await world.containers.prepare();
	await world.do(['docker', 'network', 'create', 'sites']);
	await runs(world, 'proxy', '--network', 'sites', '--publish', `${ports.listed}:80`);
	await runs(world, 'manager', '--network', 'sites', '--publish', `${ports.unlisted}:80`);
	await runs(world, 'database', '--publish', `127.0.0.1:${ports.own}:80`);
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
