/** Both recipes by which Docker is put behind the firewall, on real droplets: traps of the story first reproduced, then closed, and all of it tried again after whatever might undo it. */
import test, {type ExecutionContext} from 'ava';
import {dial} from '../../source/server/dial.js';
import {explain, type Options, type Told} from '../contract/scenario.js';
import {
	neighbour, type Droplet, type Release,
} from '../lab/lab.js';
import {note} from '../lab/measured.js';
import {gateway} from '../lab/network.js';
import {until} from '../lab/processes.js';
import {packagesPort} from '../lab/services.js';
import {
	addressIn, callerSeen, columnOf, getsThrough, routesTo, runWeb,
} from './containers.js';
import {differences, stateOf, type State} from './state-of.js';
import {withDocker} from './with-docker.js';

type Recipe = NonNullable<Options['recipe']>;
const recipes: readonly Recipe[] = ['docker-user', 'iptables-off'];
const releases: readonly Release[] = ['trixie', 'bookworm'];
const settings = '/etc/docker/daemon.json';

/** A droplet with Docker, a network of two containers, and what they publish: 80 and 8080 to all, 5432 to the server itself. And a neighbour on the same network. */
const withContainers = async (t: ExecutionContext, release: Release) => {
	const {droplet, run} = await withDocker(t, release);
	await droplet.must(['docker', 'network', 'create', 'sites']);
	await runWeb(droplet, 'proxy', '--network', 'sites', '--publish', '80:80');
	await runWeb(droplet, 'manager', '--network', 'sites', '--publish', '8080:80');
	await runWeb(droplet, 'database', '--publish', '127.0.0.1:5432:80');
	const other = await neighbour();
	t.teardown(async () => other.down());
	await routesTo(other, droplet);
	return {droplet, other, run};
};

type Scene = Awaited<ReturnType<typeof withContainers>>;

const answers = async (from: Pick<Droplet, 'exec'>, address: string, port: number): Promise<boolean> => (await from.exec(['curl', '-sS', '--max-time', '3', `http://${address}:${port}/`])).code === 0;
const isOpen = async (address: string, port: number): Promise<boolean> => await dial(address, port, 1500) === 'open';

/** Docker is up with all containers, and the server itself gets to them. */
const containersAnswer = async (droplet: Droplet): Promise<unknown> => until(async () => {
	const addresses = await Promise.all(['proxy', 'manager', 'database'].map(async name => addressIn(droplet, name).catch(() => '')));
	return addresses.every(Boolean) && (await Promise.all(addresses.map(async address => answers(droplet, address, 80)))).every(Boolean);
}, 60, 'containers to answer the server');

/** What is tried, in words, and how it comes out. */
const tried = async ({droplet, other}: Pick<Scene, 'droplet' | 'other'>): Promise<Readonly<Record<string, boolean>>> => {
	await containersAnswer(droplet);
	const [manager, database] = [await addressIn(droplet, 'manager'), await addressIn(droplet, 'database')];
	return {
		'8080, which is published and not listed': await isOpen(droplet.address, 8080),
		'8080 over IPv6': await isOpen(droplet.address6, 8080),
		'80, which is listed': await isOpen(droplet.address, 80),
		'80 over IPv6': await isOpen(droplet.address6, 80),
		'5432, which is for the server itself, from a neighbour': await answers(other, '127.0.0.1', 5432),
		'a container\'s own address, from a neighbour': await answers(other, manager, 80),
		'the server itself to a container': await answers(droplet, manager, 80),
		'out of a container': await getsThrough(droplet, 'manager', gateway, packagesPort),
		'out of a container of Docker\'s own network': await getsThrough(droplet, 'database', gateway, packagesPort),
		'container to container by name': await getsThrough(droplet, 'manager', 'proxy', 80),
		'container to container of another network': await getsThrough(droplet, 'manager', database, 80),
	};
};

const closed = {
	'8080, which is published and not listed': false,
	'8080 over IPv6': false,
	'80, which is listed': true,
	'80 over IPv6': true,
	'5432, which is for the server itself, from a neighbour': false,
	'a container\'s own address, from a neighbour': false,
	'the server itself to a container': true,
	'out of a container': true,
	'out of a container of Docker\'s own network': true,
	'container to container by name': true,
	'container to container of another network': false,
};
/** What was tried before, and then after one thing and another that might undo it, as a column of a table. */
const asColumn = (before: Readonly<Record<string, boolean>>, later: ReadonlyMap<string, Readonly<Record<string, boolean>>>): Readonly<Record<string, string>> => {
	const word = (through: boolean | undefined): string => (through ? 'open' : 'closed');
	const [after = {}] = later.values();
	return {
		...Object.fromEntries(Object.entries(after).map(([what, through]) => [what, `${before[what] === undefined ? '' : `${word(before[what])} → `}${word(through)}`])),
		...Object.fromEntries([...later].slice(1).map(([event, now]) => [`after ${event}`, Object.entries(now).filter(([what, through]) => through !== after[what]).map(([what, through]) => `${what}: ${word(through)}`).join('; ') || 'the same'])),
	};
};

const closedLater = {
	...closed, '8081, published later': false, '8081, published later, over IPv6': false, 'out of a network made later': true, 'from there into another network': false,
};
const trapped = {
	...closed, '8080, which is published and not listed': true, '5432, which is for the server itself, from a neighbour': true, 'a container\'s own address, from a neighbour': true,
};

/** A restart of Docker leaves its rules in whatever order. */
const unordered = (state: State): State => new Map([...state].map(([what, how]) => [what, / (?:DOCKER|FORWARD|POSTROUTING)/.test(what) ? how.split('\n').toSorted().join('\n') : how]));

/** What a run tells that is stopped once a command was done. */
const stoppedAfter = async (last: string, run: (options: Options) => Promise<Told>): Promise<Told> => {
	const stop = new AbortController();
	let now = '';
	return run({
		signal: stop.signal,
		listener(event) {
			now = event.event === 'action-started' ? event.action.shows : now;
			if (event.event === 'action-finished' && now === last) {
				stop.abort();
			}
		},
	});
};

for (const release of releases) {
	for (const recipe of recipes) {
		test.serial(`${release}, ${recipe}: what is published is closed unless it is listed, containers get out and to each other, and nothing changes that`, async t => {
			t.timeout(900_000);
			const scene = await withContainers(t, release);
			const {droplet, run} = scene;
			const first = await tried(scene);
			t.deepEqual(first, trapped, 'before');
			const before = await stateOf(droplet);

			// Stopped in the midst of it the server puts everything back.
			if (recipe === 'iptables-off') {
				for (const [step, last] of [['docker-behind-firewall', 'systemctl restart docker'], ['containers-reach-out', 'iptables -t nat -A POSTROUTING -j dropwise-nat']] as const) {
					const found = await stateOf(droplet);
					const stopped = await stoppedAfter(last, async options => run('apply', {recipe, only: [step], ...options}));
					t.deepEqual(stopped.events.flatMap(event => (event.event === 'reverted' ? event.amiss : [])), []);
					t.true(stopped.events.some(({event}) => event === 'reverted'), explain(stopped));
					t.deepEqual(differences(unordered(found), unordered(await stateOf(droplet))), [], step);
					t.is((await run('apply', {recipe, only: [step]})).exitCode, 0);
				}
			}

			const applied = await run('apply', {recipe});
			t.is(applied.exitCode, 0, explain(applied));
			t.deepEqual(await tried(scene), closed, 'after');
			t.deepEqual((await run('apply', {recipe})).did, [], 'a second apply makes no action');
			const sees = await callerSeen(droplet.address, 80);
			t.log(`${release}, ${recipe}: a container sees its visitors as ${sees === gateway ? 'themselves' : sees!}`);
			t.is(sees === gateway, recipe === 'docker-user');

			// Taken back it is as before.
			for (const undo of recipe === 'iptables-off' ? ['containers-reach-out', 'docker-behind-firewall'] : ['docker-behind-firewall']) {
				const undone = await run('undo', {undo, recipe});
				t.is(undone.exitCode, 0, explain(undone));
			}

			t.deepEqual(differences(unordered(before), unordered(await stateOf(droplet))), []);
			t.deepEqual(await tried(scene), trapped, 'taken back');
			t.is((await run('apply', {recipe})).exitCode, 0);

			// A port published later, on a network made later.
			await droplet.must(['docker', 'network', 'create', 'later']);
			await runWeb(droplet, 'late', '--network', 'later', '--publish', '8081:80');
			const later = new Map<string, Readonly<Record<string, boolean>>>();
			for (const [what, happens] of [
				['a port published later, on a network made later', async () => undefined],
				['ufw reload', async () => droplet.must(['ufw', 'reload'])],
				['a restart of Docker', async () => droplet.must(['systemctl', 'restart', 'docker'])],
				['a reboot', async () => droplet.reboot()],
			] as const) {
				await happens();
				const now = {
					...await tried(scene),
					'8081, published later': await isOpen(droplet.address, 8081),
					'8081, published later, over IPv6': await isOpen(droplet.address6, 8081),
					'out of a network made later': await getsThrough(droplet, 'late', gateway, packagesPort),
					'from there into another network': await getsThrough(droplet, 'late', await addressIn(droplet, 'manager'), 80),
				};
				later.set(what, now);
				t.deepEqual(now, closedLater, what);
				const checked = await run('check', {recipe});
				t.deepEqual([checked.exitCode, checked.red, checked.unknown], [0, [], []], `${what}: ${explain(checked)}`);
			}

			await note('recipes', await columnOf(droplet, recipe), {...asColumn(first, later), 'a container sees its visitors as': sees === gateway ? 'themselves' : 'the server'});

			// One more port on the list opens it for a container, and nothing else.
			const more = await run('apply', {recipe, alsoOpen: [8081]});
			t.is(more.exitCode, 0, explain(more));
			t.deepEqual([await isOpen(droplet.address, 8081), await isOpen(droplet.address6, 8081), await isOpen(droplet.address, 8080)], [true, true, false]);
		});
	}

	test.serial(`${release}: the story. Told to write no rules Docker leaves its own; after a reboot, and not before, containers are cut off`, async t => {
		t.timeout(900_000);
		const scene = await withContainers(t, release);
		const {droplet, other, run} = scene;
		const cutOff = {...closed, 'out of a container': false, 'out of a container of Docker\'s own network': false, 'container to container by name': false};
		await droplet.write(settings, JSON.stringify({...JSON.parse(await droplet.read(settings)) as object, iptables: false, ip6tables: false}));
		await droplet.must(['systemctl', 'restart', 'docker']);
		t.like(await tried(scene), {'out of a container': true, 'container to container by name': true}, 'all seems well');
		const checked = await run('check', {recipe: 'iptables-off'});
		t.true(['docker-behind-firewall/docker-rules', 'containers-reach-out/ours'].every(id => checked.red.includes(id)), explain(checked));
		await droplet.reboot();
		t.deepEqual(await tried(scene), cutOff, 'and after a reboot it is not');
		const red = await run('check', {recipe: 'iptables-off'});
		t.true(['containers-reach-out/out', 'containers-reach-out/within'].every(id => red.red.includes(id)), explain(red));

		const mended = await run('apply', {recipe: 'iptables-off'});
		t.is(mended.exitCode, 0, explain(mended));
		t.deepEqual(await tried(scene), closed, 'mended');

		// What they took for the remedy: and what it opens.
		const manager = await addressIn(droplet, 'manager');
		const wide = await run('apply', {recipe: 'iptables-off', forward: 'accept'});
		t.is(wide.exitCode, 0, explain(wide));
		t.true(await answers(other, manager, 80), 'a neighbour gets to a container');
		t.true(await getsThrough(droplet, 'manager', await addressIn(droplet, 'database'), 80), 'and one network to another');
		t.false(await isOpen(droplet.address, 8080), 'but nobody by the server\'s own address');
		const narrow = await run('apply', {recipe: 'iptables-off'});
		t.is(narrow.exitCode, 0, explain(narrow));
		t.deepEqual(await tried(scene), closed, 'and closed again');

		// The other recipe is one answer away.
		const asked = await run('apply', {recipe: 'docker-user'});
		t.is(asked.exitCode, 0, explain(asked));
		t.deepEqual(await tried(scene), closed, 'by the other recipe');
		await droplet.reboot();
		t.deepEqual(await tried(scene), closed, 'and after a reboot');
		t.deepEqual((await run('check', {recipe: 'docker-user'})).red, []);
	});

	test.serial(`${release}: the server as the story's author left it, by the recipe that is recommended`, async t => {
		t.timeout(900_000);
		const scene = await withContainers(t, release);
		const {droplet, run} = scene;
		await droplet.write(settings, JSON.stringify({...JSON.parse(await droplet.read(settings)) as object, iptables: false}));
		await droplet.must(['sed', '-i', 's/^DEFAULT_FORWARD_POLICY=.*/DEFAULT_FORWARD_POLICY="ACCEPT"/', '/etc/default/ufw']);
		await droplet.reboot();
		t.like(await tried(scene), {'a container\'s own address, from a neighbour': true, 'container to container by name': true, 'out of a container': false});
		const applied = await run('apply');
		t.is(applied.exitCode, 0, explain(applied));
		t.deepEqual(await tried(scene), closed);
		t.deepEqual((await run('apply')).did, []);
		await droplet.reboot();
		t.deepEqual(await tried(scene), closed, 'and after a reboot');
		const still = await run('check');
		t.deepEqual([still.exitCode, still.red], [0, []], explain(still));
	});
}
