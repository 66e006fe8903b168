/** What a finished droplet is like for those outside: asked of nmap, ssh and sshpass, which know nothing of dropwise. */
import test, {type ExecutionContext} from 'ava';
import {unsavedRecord} from '../../source/record/server-record.js';
import {claimLines} from '../../source/ui/claim-lines.js';
import {plainTheme} from '../../source/ui/theme.js';
import {
	explain, go, unrehearsed, type Options,
} from '../contract/scenario.js';
import {adminName} from '../contract/world.js';
import {run} from '../lab/command.js';
import {up} from '../lab/lab.js';
import {byKey, byPassword} from './by-ssh.js';
import {listensForAll} from './listeners.js';
import {realWorld} from './real-world.js';

const finishedDroplet = async (t: ExecutionContext, options: Options = {}) => {
	const droplet = await up({release: 'trixie'});
	t.teardown(async () => droplet.down());
	await Promise.all([listensForAll(droplet, 'preview', 8080), listensForAll(droplet, 'database', 3306)]);
	t.is((await byPassword(droplet, 'root', droplet.rootPassword)).code, 0, 'fresh, it lets root in by password');
	const world = await realWorld(droplet, droplet.address, [3306, 8080]);
	const told = await go(world, 'apply', {...options, journal: unsavedRecord()});
	t.is(told.exitCode, 0, explain(told));
	return {droplet, world, told};
};

/** The ports that nmap finds open. */
const openPorts = async (address: string): Promise<readonly number[]> => {
	const {out} = await run(['nmap', '-n', '-Pn', '--reason', '--max-retries', '1', '-p', '22,80,443,3306,5432,6379,8080,9000,2375,1-200', '-oG', '-', ...(address.includes(':') ? ['-6'] : []), address], {seconds: 120});
	return (out.split('Ports: ')[1] ?? '').split(', ').filter(port => port.includes('/open/')).map(port => Number.parseInt(port, 10));
};

test.serial('nobody gets in by password, nor as root by key; the admin gets in by key and becomes root', async t => {
	const {droplet} = await finishedDroplet(t);
	// The doors are tried with keys that fit: a password that is right, a key that is on the list.
	await droplet.write('/root/.ssh/authorized_keys', await droplet.read(`/home/${adminName}/.ssh/authorized_keys`), '0600');
	await droplet.must(['chpasswd'], {input: `${adminName}:right-and-long\n`});
	const refused = /Permission denied \(publickey\)/;
	for (const answer of [
		await byPassword(droplet, 'root', droplet.rootPassword),
		await byPassword(droplet, adminName, 'right-and-long'),
		await byKey(droplet, 'root', ['true']),
	]) {
		t.is(answer.code, 255, answer.err);
		t.regex(answer.err, refused);
	}

	const admin = await byKey(droplet, adminName, ['sudo', '-n', 'id', '-u']);
	t.deepEqual([admin.code, admin.out], [0, '0\n'], admin.err);
});

test.serial('nmap finds SSH and nothing else, though more listens', async t => {
	const {droplet, told} = await finishedDroplet(t);
	for (const address of [droplet.address, droplet.address6]) {
		t.deepEqual(await openPorts(address), [22], `seen at ${address}`);
	}

	for (const port of [3306, 8080]) {
		for (const family of ['v4', 'v6']) {
			const claim = told.verdicts.get(`seen-from-outside/port-${port}-${family}`)!;
			t.like(claim, {holds: true, expected: 'closed: the firewall\'s list does not have it'});
		}
	}

	// Otherwise nmap would prove nothing: without the firewall it finds all three.
	await droplet.must(['ufw', 'disable']);
	t.deepEqual((await openPorts(droplet.address)).toSorted((a, b) => a - b), [22, 3306, 8080]);
});

test.serial('a port that was asked for is open, and said to be', async t => {
	const {droplet, told} = await finishedDroplet(t, {alsoOpen: [8080]});
	for (const address of [droplet.address, droplet.address6]) {
		t.deepEqual((await openPorts(address)).toSorted((a, b) => a - b), [22, 8080], `seen at ${address}`);
	}

	for (const [port, state, why] of [[22, 'open', 'it is your own way in'], [3306, 'closed', 'the firewall\'s list does not have it'], [8080, 'open', 'the firewall\'s list has it']] as const) {
		for (const family of ['v4', 'v6']) {
			const claim = told.verdicts.get(`seen-from-outside/port-${port}-${family}`)!;
			t.like(claim, {holds: true, expected: `${state}: ${why}`});
			t.true(claim.says.includes(`is ${state} from where you sit`), claim.says);
		}
	}
});

test.serial('without IPv6 exactly what was to be seen over it is unknown, and nothing says it holds', async t => {
	const {droplet, world} = await finishedDroplet(t);
	await droplet.withoutIpv6();
	const over = {login: world.admin, journal: unsavedRecord(), only: await unrehearsed()};
	const told = await go(world, 'check', over);
	t.deepEqual(told.unknown.toSorted(), ['firewall/ssh-v6', 'seen-from-outside/port-22-v6', 'seen-from-outside/port-3306-v6', 'seen-from-outside/port-8080-v6'], explain(told));
	t.deepEqual([told.exitCode, told.red], [0, []]);
	const lines = [...told.verdicts].filter(([id]) => told.unknown.includes(id)).flatMap(([, claim]) => claimLines(claim, plainTheme));
	t.regex(lines.join('\n'), /\? SSH answers on port 22 over IPv6/);
	t.notRegex(lines.join('\n'), /✔/);
	const ended = new Map(told.events.flatMap(event => (event.event === 'step-finished' ? [[event.step, event.ended] as const] : [])));
	t.deepEqual([...ended], [['system-updates', 'holds'], ['admin-user', 'holds'], ['ssh-keys-only', 'holds'], ['firewall', 'unknown'], ['docker', 'holds'], ['docker-behind-firewall', 'holds'], ['containers-reach-out', 'holds'], ['seen-from-outside', 'unknown']]);
	t.is((await go(world, 'check', {...over, strict: true})).exitCode, 1, 'strict');
});

test.serial('ubuntu-like: what is not ready at its first boot is waited for, audibly', async t => {
	t.timeout(300_000);
	const droplet = await up({release: 'ubuntu-like'});
	t.teardown(async () => droplet.down());
	const world = await realWorld(droplet);
	const journal = unsavedRecord();
	let last: number | undefined;
	let longest = {seconds: 0, before: 'nothing'};
	const told = await go(world, 'apply', {
		journal,
		listener(event) {
			// Connecting comes before the first event, and is the front end's to tell of.
			const now = performance.now();
			const seconds = (now - (last ?? now)) / 1000;
			last = now;
			longest = seconds > longest.seconds ? {seconds, before: JSON.stringify(event).slice(0, 120)} : longest;
		},
	});
	t.is(told.exitCode, 0, explain(told));
	t.deepEqual([told.red, told.unknown], [[], []]);
	t.true(longest.seconds <= 2, `silent for ${longest.seconds.toFixed(1)} s before ${longest.before}`);
	t.log(`longest silence ${longest.seconds.toFixed(2)} s before ${longest.before}`);
	t.true(told.events.some(event => event.event === 'waiting' && event.for.includes('first boot')), 'says that it waits for the first boot');
	t.true(told.events.some(event => event.event === 'waiting' && event.for.includes('install')), 'says that it waits for apt');
	t.regex(await droplet.read('/etc/ssh/sshd_config.d/50-cloud-init.conf'), /PasswordAuthentication yes/);
	t.is((await droplet.exec(['systemctl', 'is-active', 'ssh.socket'])).out, 'active\n');
	const again = await go(world, 'apply', {login: world.admin, journal});
	t.deepEqual([again.exitCode, again.did], [0, []], explain(again));
	const refused = await byPassword(droplet, 'root', droplet.rootPassword);
	t.regex(refused.err, /Permission denied \(publickey\)/);
});
