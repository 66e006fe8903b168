/** Containers as people have them, on every droplet alike: two in a network of their own, one for the server itself; and what can be tried there. */
import type {ExecutionContext} from 'ava';
import type {Journal} from '../../source/record/journal.js';
import {explain, go} from './scenario.js';
import type {World} from './world.js';

/** Ports: one that is on the firewall's list, one that is not, and one for the server itself; and one that is published later. */
export const ports = {
	listed: 80, unlisted: 9000, own: 5432, late: 9001,
} as const;

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

export const trying = async (world: World): Promise<Tried> => {
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

/** Runs a container that comes back with Docker; `options` as for `docker run`. */
export const runs = async (world: World, name: string, ...options: readonly string[]): Promise<unknown> =>
	world.do(['docker', 'run', '--detach', '--restart', 'always', '--name', name, ...options, ...world.containers.web]);

export const restarts = async (world: World): Promise<void> => {
	await world.do(['systemctl', 'reset-failed', 'docker']);
	await world.do(['systemctl', 'restart', 'docker']);
};

/** From a fresh droplet on, as far as Docker: what is published is open to all. */
export const setUp = async (t: ExecutionContext, world: World, journal: Journal): Promise<void> => {
	const told = await go(world, 'apply', {journal, only: ['system-updates', 'admin-user', 'ssh-keys-only', 'firewall', 'docker']});
	t.is(told.exitCode, 0, `as far as Docker: ${explain(told)}`);
	await world.containers.prepare();
	await world.do(['docker', 'network', 'create', 'sites']);
	await runs(world, 'proxy', '--network', 'sites', '--publish', `${ports.listed}:80`);
	await runs(world, 'manager', '--network', 'sites', '--publish', `${ports.unlisted}:80`);
	await runs(world, 'database', '--publish', `127.0.0.1:${ports.own}:80`);
};
