/** What people do to a server whose containers run, one thing after the other: that it is named and mended, and that nobody's session and no container is interrupted by it. */
import type {ExecutionContext} from 'ava';
import {unsavedRecord} from '../../source/record/server-record.js';
import type {Argv} from '../../source/step.js';
import {
	closed, ports, runs, setUp, trying, type Tried,
} from './containers-scene.js';
import {
	explain, go, unrehearsed, type Options, type Told,
} from './scenario.js';
import {edits, type World} from './world.js';

const settings = '/etc/docker/daemon.json';
const defaults = '/etc/default/ufw';

const does = (...lines: readonly string[]) => async (world: World): Promise<void> => {
	for (const line of lines) {
		await world.do(line.split(' ') as unknown as Argv);
	}
};

type Sabotage = {
	readonly what: string;
	readonly does: (world: World) => Promise<unknown>;
	/** What is among what is red then. */
	readonly names: readonly string[];
	/** What cannot be told then. */
	readonly unknown?: readonly string[];
	/** Whether Docker is down then: nothing can be tried from inside of containers. */
	readonly isDown?: true;
};

const behind = (id: string): string => `docker-behind-firewall/${id}`;
const reach = (id: string): string => `containers-reach-out/${id}`;

/** By whichever recipe Docker is behind the firewall. */
const common: readonly Sabotage[] = [
	{what: 'iptables -P … ACCEPT: policies are changed', names: ['firewall/kernel-v4', reach('policy')], does: does('iptables -P INPUT ACCEPT', 'iptables -P FORWARD ACCEPT')},
	{
		what: 'DEFAULT_FORWARD_POLICY="ACCEPT": whatever comes is to be passed on',
		names: [reach('policy')],
		async does(world) {
			await edits(defaults, was => was.replace('DEFAULT_FORWARD_POLICY="DROP"', 'DEFAULT_FORWARD_POLICY="ACCEPT"'))(world);
			await world.do(['ufw', 'reload']);
		},
	},
	{what: 'ufw disable', names: ['firewall/on'], does: does('ufw disable')},
	{what: 'iptables -F', names: ['firewall/asked', 'firewall/kernel-v4'], does: does('iptables -P INPUT ACCEPT', 'iptables -F')},
	{what: 'ufw disable, then iptables -F', names: ['firewall/on', 'firewall/asked'], does: does('ufw disable', 'iptables -F', 'ip6tables -F')},
	{what: 'iptables -F FORWARD', names: ['firewall/asked'], does: does('iptables -F FORWARD')},
	{what: 'iptables -t nat -F', names: [reach('out')], does: does('iptables -t nat -F')},
	{what: 'forwarding switched off', names: [reach('forwards'), reach('out')], does: does('sysctl -w net.ipv4.ip_forward=0')},
	{what: 'rules of iptables-legacy beside today\'s', names: ['firewall/one-kind'], does: does(`iptables-legacy -A INPUT -p tcp --dport ${ports.listed} -j DROP`, 'iptables-legacy -A FORWARD -j DROP')},
	{
		what: 'daemon.json broken, and Docker does not start again',
		names: ['docker/settings', 'docker/runs'],
		isDown: true,
		unknown: ['docker/logs', 'docker/goes-on', behind('docker-rules')],
		async does(world) {
			await edits(settings, was => was.replace(/\n\}\n$/, ',\n}\n'))(world);
			await world.do(['systemctl', 'reset-failed', 'docker']);
			await world.do(['systemctl', 'restart', 'docker']).catch(() => undefined);
		},
	},
	{
		what: 'one more network, on a bridge with a name of its own, and a container that publishes a port there',
		names: [],
		async does(world) {
			await world.do(['docker', 'network', 'create', '--opt', 'com.docker.network.bridge.name=web0', 'late']);
			await runs(world, 'late', '--network', 'late', '--publish', `${ports.late}:80`);
		},
	},
];

const byRecipe: Readonly<Record<NonNullable<World['recipe']>, readonly Sabotage[]>> = {
	'docker-user': [
		{what: 'a rule of the list deleted', names: [behind('closed-v4')], does: does('iptables -D DOCKER-USER -m conntrack --ctstate DNAT -j DROP')},
		{what: 'Docker asks the list no more', names: [behind('asked-v4')], does: does('iptables -D FORWARD -j DOCKER-USER')},
		{
			what: 'MANAGE_BUILTINS=yes, then ufw reload',
			names: [behind('left-alone'), behind('asked-v4'), reach('out')],
			async does(world) {
				await edits(defaults, was => was.replace('MANAGE_BUILTINS=no', 'MANAGE_BUILTINS=yes'))(world);
				await world.do(['ufw', 'reload']);
			},
		},
	],
	'iptables-off': [
		{what: 'the firewall\'s script may not be run, and the machine\'s translations are gone', names: [reach('stays'), reach('out')], does: does('chmod 644 /etc/ufw/before.init', 'iptables -t nat -F POSTROUTING')},
		{
			what: 'Docker may write rules again',
			names: [behind('docker-rules'), 'docker/settings'],
			does: edits(settings, was => was.replace('"iptables": false', '"iptables": true')),
		},
	],
};

/** What was seen of one: what came through before it was mended, what was red, what was done about it, and how many visits failed meanwhile, where visitors had got through. */
export type Suffered = {readonly tried: Tried | undefined; readonly red: readonly string[]; readonly did: readonly string[]; readonly failed: number | undefined};

/** Counts calls from outside that fail from now on. */
export type Watch = () => Promise<{readonly failed: () => Promise<number>}>;

const restartsSomething = (did: readonly string[]): boolean => did.some(command => /restart docker|^ufw /.test(command));

const startedAt = async (world: World): Promise<string> => world.do(['docker', 'inspect', '--format', '{{.Name}} {{.State.StartedAt}}', 'proxy', 'manager', 'database']);

/** All of them in turn on one droplet, by one of the recipes. */
export const sufferWithContainers = async (t: ExecutionContext, world: World, watch?: Watch): Promise<ReadonlyMap<string, Suffered>> => {
	const journal = unsavedRecord();
	const all = {login: world.admin, journal, only: await unrehearsed()};
	const seen = new Map<string, Suffered>();
	await setUp(t, world, journal);
	const first = await go(world, 'apply', all);
	t.is(first.exitCode, 0, explain(first));
	// A session of somebody's who sits through all of it, and containers that are not to notice anything.
	const server = await world.open(world.admin);
	t.teardown(async () => server.close());
	const run = async (doing: 'apply' | 'check', options: Options = {}): Promise<Told> => go(world, doing, {...all, server, ...options});
	t.deepEqual(await trying(world), closed, 'before');
	const started = await startedAt(world);
	const recipe = world.recipe ?? 'docker-user';
	for (const {what, does: sabotages, names, unknown = [], isDown} of [...byRecipe[recipe], ...common]) {
		const title = `${recipe}: ${what}`;
		await sabotages(world);
		const tried = isDown ? undefined : await trying(world);
		const checked = await run('check');
		const watching = tried?.['listed, over IPv4'] ? await watch?.() : undefined;
		const mended = await run('apply');
		const failed = await watching?.failed();
		seen.set(what, {
			tried, red: checked.red.toSorted(), did: mended.did, failed,
		});
		t.log(`${title}\n  red: ${checked.red.length}  mended by: ${mended.did.join(' · ') || 'nothing, for nothing is wrong'}${failed === undefined ? '' : `  calls that failed meanwhile: ${failed}`}`);
		t.deepEqual([names.filter(id => !checked.red.includes(id)), checked.unknown.toSorted()], [[], unknown.toSorted()], `${title}: what is named\n${explain(checked)}`);
		t.deepEqual([mended.exitCode, mended.red, mended.unknown], [0, [], []], `${title}: apply\n${explain(mended)}`);
		t.deepEqual(await trying(world), closed, `${title}: mended`);
		t.deepEqual((await run('apply')).did, [], `${title}: a second apply makes no action`);
		t.is(await startedAt(world), started, `${title}: no container was interrupted`);
		if (failed !== undefined && !restartsSomething(mended.did)) {
			t.is(failed, 0, `${title}: no visitor was turned away`);
		}
	}

	return seen;
};
