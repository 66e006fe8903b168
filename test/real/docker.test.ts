/** The third trap of the story on real droplets: Docker publishes ports around the firewall. First reproduced, then closed, then tried again after whatever might open it. */
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {unsavedRecord} from '../../source/record/server-record.js';
import {dial} from '../../source/server/dial.js';
import type {Dialled} from '../../source/step.js';
import {explain, go} from '../contract/scenario.js';
import {
	neighbour, type Droplet, type Release, up,
} from '../lab/lab.js';
import {gateway} from '../lab/network.js';
import {until} from '../lab/processes.js';
import {packagesPort} from '../lab/services.js';
import {realWorld} from './real-world.js';
import {listensForAll} from './listeners.js';
import {
	addressIn, getsThrough, makeImage, routesTo, runWeb,
} from './containers.js';
import {withDocker} from './with-docker.js';
import {differences, stateOf} from './state-of.js';

const knocked = async (droplet: Droplet, port: number): Promise<readonly [v4: Dialled, v6: Dialled]> =>
	Promise.all([dial(droplet.address, port, 1500), dial(droplet.address6, port, 1500)]);
const closed = ['silent', 'silent'] as const;
const open = ['open', 'open'] as const;

/** Docker is there, and its container answers those who may ask. */
const answersInside = async (droplet: Droplet, name: string): Promise<unknown> => until(async () => {
	const {code} = await droplet.exec(['curl', '-sS', '--max-time', '2', `http://${await addressIn(droplet, name).catch(() => 'none')}/`]);
	return code === 0;
}, 60, `${name} to answer the server itself`);

/** A droplet with Docker, and one container that publishes 8080 on all addresses. */
const withContainer = async (t: ExecutionContext, release: Release) => {
	const scene = await withDocker(t, release);
	await runWeb(scene.droplet, 'web', '--publish', '8080:80');
	await answersInside(scene.droplet, 'web');
	return scene;
};

/** Knocks at a port all the time, and tells how often it was open, until told to stop. */
const knocking = (t: ExecutionContext, address: string, port: number) => {
	const over = new AbortController();
	let opened = 0;
	let times = 0;
	const all = (async () => {
		while (!over.signal.aborted) {
			opened += await dial(address, port, 200) === 'open' ? 1 : 0;
			times++;
			await sleep(20);
		}
	})();
	const stop = async () => {
		over.abort();
		await all;
		return {opened, times};
	};

	t.teardown(stop);
	return stop;
};

for (const release of ['trixie', 'bookworm'] as const) {
	test.serial(`${release}: a published port is open to all before, and closed after, whatever comes then; a listed one is open`, async t => {
		t.timeout(900_000);
		const {droplet, run} = await withContainer(t, release);
		await runWeb(droplet, 'inner', '--publish', '127.0.0.1:5432:80');

		// The trap: the firewall is on, 8080 is not on its list, and it answers.
		t.notRegex(await droplet.must(['ufw', 'status']), /8080/);
		t.is((await knocked(droplet, 8080))[0], 'open');
		const trapped = await run('check');
		t.true(trapped.red.includes('seen-from-outside/port-8080-v4') && trapped.red.includes('docker-behind-firewall/port-8080-v4'), explain(trapped));
		t.true(trapped.red.includes('docker-behind-firewall/closed-v4') && trapped.red.includes('seen-from-outside/one-list'), explain(trapped));
		const before = await stateOf(droplet);

		const shut = await run('apply');
		t.is(shut.exitCode, 0, explain(shut));
		t.deepEqual(await knocked(droplet, 8080), closed);
		t.deepEqual((await run('apply')).did, []);

		// Taken back it is as before, to the letter.
		const refused = await run('undo', {undo: 'firewall'});
		t.is(refused.exitCode, 1);
		t.regex(explain(refused), /"Close every door but three" cannot be undone while "Docker goes through the firewall" stands on it/);
		const undone = await run('undo', {undo: 'docker-behind-firewall'});
		t.is(undone.exitCode, 0, explain(undone));
		t.deepEqual(differences(before, await stateOf(droplet)), []);
		t.is((await knocked(droplet, 8080))[0], 'open');
		t.is((await run('apply')).exitCode, 0);

		// Whatever might open it.
		await droplet.must(['docker', 'network', 'create', 'sites']);
		await runWeb(droplet, 'later', '--network', 'sites', '--publish', '8081:80');
		t.deepEqual(await knocked(droplet, 8081), closed, 'published later, on a new network');
		const stop = knocking(t, droplet.address, 8080);
		await droplet.must(['ufw', 'reload']);
		t.deepEqual(await knocked(droplet, 8080), closed, 'ufw reload');
		await droplet.must(['systemctl', 'restart', 'docker']);
		await answersInside(droplet, 'web');
		t.deepEqual(await knocked(droplet, 8080), closed, 'Docker restarted');
		await droplet.reboot();
		await answersInside(droplet, 'web');
		await answersInside(droplet, 'later');
		const {opened, times} = await stop();
		t.log(`${release}: knocked ${times} times at 8080 through a reload, a restart of Docker and a reboot: open ${opened} times`);
		t.is(opened, 0);
		t.deepEqual([await knocked(droplet, 8080), await knocked(droplet, 8081)], [closed, closed], 'reboot');
		const still = await run('check');
		t.deepEqual([still.exitCode, still.red], [0, []], explain(still));

		// Containers are not shut in.
		await runWeb(droplet, 'other', '--network', 'sites');
		t.true(await getsThrough(droplet, 'web', gateway, packagesPort), 'out');
		t.true(await getsThrough(droplet, 'later', gateway, packagesPort), 'out of a new network');
		t.true(await getsThrough(droplet, 'other', 'later', 80), 'by name');
		t.true(await getsThrough(droplet, 'other', await addressIn(droplet, 'later'), 80), 'by address');

		// One more port on the list opens it, for a container as for the host, and nothing else.
		await listensForAll(droplet, 'preview', 9000);
		await listensForAll(droplet, 'database', 3306);
		t.deepEqual(await knocked(droplet, 9000), closed);
		const more = await run('apply', {alsoOpen: [8080, 9000]});
		t.is(more.exitCode, 0, explain(more));
		t.deepEqual([await knocked(droplet, 8080), await knocked(droplet, 9000)], [open, open]);
		t.deepEqual([await knocked(droplet, 8081), await knocked(droplet, 3306)], [closed, closed]);
		t.regex(more.verdicts.get('seen-from-outside/port-8080-v4')!.says, /port 8080 \(web on all addresses, says Docker\) is open from where you sit/);

		// A list that only the firewall has is told, and so is nothing but that.
		await droplet.must(['ufw', 'allow', '8081/tcp']);
		const apart = await run('check', {alsoOpen: [8080, 9000]});
		t.like(apart.verdicts.get('seen-from-outside/one-list'), {holds: false, actual: '8081 is open, but a container may not show it yet'});
		const again = await run('apply', {alsoOpen: [8080, 9000]});
		t.is(again.exitCode, 0, explain(again));
	});

	test.serial(`${release}: where Docker passes IPv6 on by itself, that is open before and closed after as well`, async t => {
		t.timeout(600_000);
		const {droplet, run} = await withContainer(t, release);
		await droplet.must(['docker', 'rm', '--force', 'web']);
		const settings = '/etc/docker/daemon.json';
		await droplet.write(settings, JSON.stringify({
			...JSON.parse(await droplet.read(settings)) as object, experimental: true, ip6tables: true, ipv6: true, 'fixed-cidr-v6': 'fd00:d0c::/80',
		}));
		await droplet.must(['systemctl', 'restart', 'docker']);
		await runWeb(droplet, 'web', '--publish', '8080:80');
		// A container's IPv6 address is its own only after some time.
		await until(async () => (await knocked(droplet, 8080)).every(one => one === 'open'), 20, '8080 to be open over both');
		const trapped = await run('check');
		t.true([...release === 'bookworm' ? ['docker/ipv6'] : [], 'docker-behind-firewall/closed-v6', 'docker-behind-firewall/port-8080-v6', 'seen-from-outside/port-8080-v6'].every(id => trapped.red.includes(id)), explain(trapped));
		const shut = await run('apply');
		t.is(shut.exitCode, 0, explain(shut));
		t.deepEqual(await knocked(droplet, 8080), closed);
		t.deepEqual((await run('apply')).did, []);
		await droplet.must(['ufw', 'reload']);
		t.deepEqual(await knocked(droplet, 8080), closed, 'ufw reload');
		await droplet.must(['systemctl', 'restart', 'docker']);
		await answersInside(droplet, 'web');
		t.deepEqual(await knocked(droplet, 8080), closed, 'Docker restarted');
		await droplet.reboot();
		await answersInside(droplet, 'web');
		// Some seconds later: over IPv6 a container is not there at once.
		await sleep(5000);
		t.deepEqual(await knocked(droplet, 8080), closed, 'reboot');
		const still = await run('check');
		t.deepEqual([still.exitCode, still.red], [0, []], explain(still));
		const listed = await run('apply', {alsoOpen: [8080]});
		t.is(listed.exitCode, 0, explain(listed));
		t.deepEqual(await knocked(droplet, 8080), open);
	});

	test.serial(`${release}: a neighbour on the same network reaches neither what is published for the server itself, nor a container's own address`, async t => {
		t.timeout(600_000);
		const {droplet, run} = await withContainer(t, release);
		await runWeb(droplet, 'inner', '--publish', '127.0.0.1:5432:80');
		const other = await neighbour();
		t.teardown(async () => other.down());
		const inner = await addressIn(droplet, 'inner');
		await routesTo(other, droplet);
		const reaches = async (address: string, port: number): Promise<boolean> =>
			(await other.exec(['curl', '-sS', '--max-time', '3', `http://${address}:${port}/`])).code === 0;
		const before = [await reaches('127.0.0.1', 5432), await reaches(inner, 80), await reaches(droplet.address, 8080)];
		t.log(`${release}, before: for the server itself ${before[0] ? 'OPEN' : 'closed'}, a container's own address ${before[1] ? 'OPEN' : 'closed'}, published ${before[2] ? 'OPEN' : 'closed'}`);
		t.deepEqual(before, [true, true, true]);
		const shut = await run('apply');
		t.is(shut.exitCode, 0, explain(shut));
		t.deepEqual([await reaches('127.0.0.1', 5432), await reaches(inner, 80), await reaches(droplet.address, 8080)], [false, false, false]);
	});

	test.serial(`${release}: Docker that failed to start again and again is started; its settings are merged, and containers go on`, async t => {
		t.timeout(600_000);
		const droplet = await up({release});
		t.teardown(async () => droplet.down());
		const world = await realWorld(droplet);
		const journal = unsavedRecord();
		// Somebody had it before, with settings of their own, and a container that nothing starts again.
		await droplet.must(['apt-get', 'update']);
		await droplet.must(['apt-get', 'install', '--yes', 'docker.io'], {seconds: 300});
		await droplet.write('/etc/docker/daemon.json', '{\n\t"dns": ["10.79.0.1"]\n}\n');
		await makeImage(droplet);
		await droplet.must(['docker', 'run', '--detach', '--name', 'web', 'lab', '/usr/bin/perl', '/opt/lab/web']);
		const started = async () => droplet.must(['docker', 'inspect', '--format', '{{.State.StartedAt}}', 'web']);
		const since = await started();
		const applied = await go(world, 'apply', {journal});
		t.is(applied.exitCode, 0, explain(applied));
		t.true(applied.did.includes('systemctl reload docker'), applied.did.join('\n'));
		t.deepEqual(JSON.parse(await droplet.read('/etc/docker/daemon.json')), {
			dns: ['10.79.0.1'], 'log-driver': 'json-file', 'log-opts': {'max-size': '10m', 'max-file': '3'}, 'live-restore': true,
		});
		t.is(await started(), since, 'the container went on');
		t.like(JSON.parse(await droplet.must(['docker', 'inspect', '--format', '{{json .State}}', 'web'])), {Running: true});

		// A typing error, and a few starts that fail.
		const settings = await droplet.read('/etc/docker/daemon.json');
		await droplet.write('/etc/docker/daemon.json', '{"dns": [,]}\n');
		for (let count = 0; count < 4; count++) {
			await droplet.exec(['systemctl', 'restart', 'docker']);
		}

		const over = {login: world.admin, journal};
		const broken = await go(world, 'apply', over);
		t.is(broken.exitCode, 1);
		t.true(broken.red.includes('docker/runs') && broken.red.includes('docker/settings'), explain(broken));
		t.false(broken.did.some(what => what.includes('docker')), 'settings that cannot be read are left alone, and nothing is restarted');
		await droplet.write('/etc/docker/daemon.json', settings);
		t.not((await droplet.exec(['systemctl', 'restart', 'docker'])).code, 0, 'systemd refuses');
		const mended = await go(world, 'apply', over);
		t.is(mended.exitCode, 0, explain(mended));
		t.true(mended.did.includes('systemctl reset-failed docker'));
	});
}

test.serial('bookworm: a bridge of others by the name of br-lan is not trusted, and let alone; one of Docker\'s by another name is closed', async t => {
	t.timeout(600_000);
	const {droplet, run} = await withContainer(t, 'bookworm');
	t.is((await run('apply')).exitCode, 0);
	await droplet.must(['docker', 'network', 'create', '--opt', 'com.docker.network.bridge.name=web0', 'named']);
	await runWeb(droplet, 'named', '--network', 'named', '--publish', '8090:80');
	t.deepEqual(await knocked(droplet, 8090), closed, 'published by it');
	// A place behind br-lan: a network namespace with an address of its own.
	await droplet.must(['ip', 'link', 'add', 'br-lan', 'type', 'bridge']);
	await droplet.must(['ip', 'address', 'add', '192.168.77.1/24', 'dev', 'br-lan']);
	await droplet.must(['ip', 'netns', 'add', 'lan']);
	await droplet.must(['ip', 'link', 'add', 'lan0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', 'lan']);
	await droplet.must(['ip', 'link', 'set', 'lan0', 'master', 'br-lan', 'up']);
	await droplet.must(['ip', 'link', 'set', 'br-lan', 'up']);
	for (const words of [['address', 'add', '192.168.77.2/24', 'dev', 'eth0'], ['link', 'set', 'eth0', 'up'], ['route', 'add', 'default', 'via', '192.168.77.1']]) {
		await droplet.must(['ip', '-n', 'lan', ...words]);
	}

	const fromLan = async (address: string, port: number): Promise<boolean> =>
		(await droplet.exec(['ip', 'netns', 'exec', 'lan', 'curl', '-sS', '--max-time', '3', `http://${address}:${port}/`])).code === 0;
	t.true(await fromLan('192.168.77.1', 8080), 'trusted for its name: the trap');
	const checked = await run('check');
	t.true(checked.red.includes('docker-behind-firewall/stays') && checked.red.includes('docker-behind-firewall/closed-v4'), explain(checked));
	const mended = await run('apply');
	t.is(mended.exitCode, 0, explain(mended));
	t.deepEqual([await fromLan('192.168.77.1', 8080), await fromLan(await addressIn(droplet, 'web'), 80), await fromLan(await addressIn(droplet, 'named'), 80)], [false, false, false]);
	t.deepEqual(await knocked(droplet, 8090), closed);
	t.true(await getsThrough(droplet, 'named', gateway, packagesPort), 'out');
});
