/** Servers and moments in which a run once put everything back, left a server alone with a guard, or was turned away, for no good reason. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {setTimeout as delay} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {unsavedRecord} from '../../source/record/server-record.js';
import {makeKey} from '../../source/server/key-pairs.js';
import {explain, go, type Told} from '../contract/scenario.js';
import {adminName, type World} from '../contract/world.js';
import {environment} from '../journeys/terminal.js';
import {must} from '../lab/command.js';
import {type Droplet, type Release, up} from '../lab/lab.js';
import {homeFor} from './program.js';
import {realWorld} from './real-world.js';

const open = async (t: ExecutionContext, release: Release = 'trixie'): Promise<{droplet: Droplet; world: World}> => {
	const droplet = await up({release});
	t.teardown(async () => droplet.down());
	return {droplet, world: await realWorld(droplet)};
};

const hostKeyOf = async (droplet: Droplet): Promise<string> => (await droplet.fingerprints())['ed25519'] ?? '';

const holder = fileURLToPath(new URL('../engine/fixtures/droplet-holder.js', import.meta.url));

const isReverted = ({events}: Told): boolean => events.some(({event}) => event === 'reverted');

/** The kernel's rules cannot be listed for the first two times after the firewall was switched on. */
const listsBadly = `#!/bin/sh
if grep -q ^ENABLED=yes /etc/ufw/ufw.conf 2>/dev/null && [ "$(cat /run/listed 2>/dev/null | wc -c)" -lt 2 ]; then
	printf x >>/run/listed
	echo 'Another app is currently holding the lock.' >&2
	exit 4
fi
exec /usr/sbin/iptables-save "$@"
`;

test.serial('what cannot be read right after acting is looked at again', async t => {
	const {droplet, world} = await open(t);
	await droplet.write('/usr/local/sbin/iptables-save', listsBadly, '0755');
	const told = await go(world, 'apply', {only: ['firewall']});
	t.deepEqual([told.exitCode, isReverted(told)], [0, false], explain(told));
	t.is(await droplet.read('/run/listed'), 'xx', 'it was tried');
});

test.serial('a server that looks our name up in vain for five seconds at each log-in is no shut door', async t => {
	const {droplet, world} = await open(t);
	await droplet.must(['systemd-run', '--unit=silent', 'perl', '-MIO::Socket::INET', '-e', 'my $s = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => 53, Proto => "udp") or die; sleep']);
	await droplet.write('/etc/ssh/sshd_config.d/50-names.conf', 'UseDNS yes\n');
	await world.reloadSsh();
	await droplet.must(['sh', '-c', 'rm -f /etc/resolv.conf; printf "nameserver 127.0.0.1\noptions timeout:5 attempts:1\n" >/etc/resolv.conf']);
	const begin = performance.now();
	await (await world.open(world.root)).close();
	const took = (performance.now() - begin) / 1000;
	t.true(took > 4.5, `a log-in took ${took.toFixed(1)} s`);
	const told = await go(world, 'apply', {only: ['admin-user', 'ssh-keys-only']});
	t.deepEqual([told.exitCode, isReverted(told), told.red, told.unknown], [0, false, [], []], explain(told));
});

test.serial('the last word of a dead run, on its way while the line was cut, is no sign of life', async t => {
	const {droplet, world} = await open(t);
	const dead = spawn(process.execPath, [holder, droplet.address, droplet.rootPassword], {stdio: ['ignore', 'pipe', 'inherit']});
	t.is(String((await once(dead.stdout, 'data'))[0]), 'held\n');
	// it says that it lives every five seconds, and takes the line for lost after as many without an answer
	await delay(5000);
	await droplet.unplug();
	await delay(7000);
	// its kernel goes on trying to say so, six and twelve seconds after it began to: in between there is a line again
	dead.kill('SIGSTOP');
	t.teardown(() => dead.kill('SIGKILL'));
	await delay(5000);
	await droplet.plug();
	const told = await go(world, 'apply', {only: ['admin-user'], holder: 'the next'});
	t.is(told.exitCode, 0, explain(told));
	const left = told.events.flatMap(event => (event.event === 'waiting' && event.secondsLeft !== undefined ? [event.secondsLeft] : []));
	t.true(left.some((seconds, index) => index > 0 && seconds > left[index - 1]! + 1), `it came late: ${left.join(' ')}`);
});

test.serial('a log that cannot be written any more under the guard ends the run in order', async t => {
	const {droplet} = await open(t);
	const {folder, state, argv} = await homeFor(t);
	await must(['mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', state]);
	t.teardown(async () => must(['umount', '-l', state]));
	const answers = path.join(folder, 'answers.json');
	await writeFile(answers, JSON.stringify({'admin-user': {name: adminName, identity: droplet.keyFile}}));
	const [command = '', ...words] = argv('apply', `root@${droplet.address}`, '--yes', '--answers', answers, '--steps', 'admin-user,firewall', '--host-key', await hostKeyOf(droplet), '--password-file', '-');
	const child = spawn(command, words, {env: environment(folder), stdio: ['pipe', 'pipe', 'pipe']});
	child.stdin.end(`${droplet.rootPassword}\n`);
	const said: string[] = [];
	for (const stream of [child.stdout, child.stderr]) {
		createInterface({input: stream}).on('line', line => {
			said.push(line);
			if (line.includes('ufw allow')) {
				void writeFile(path.join(state, 'full'), 'x'.repeat(2_000_000)).catch(() => undefined);
			}
		});
	}

	const [code] = await once(child, 'close') as [number];
	t.is(code, 1, said.join('\n'));
	t.regex(said.join(' ').replaceAll(/\s+/g, ' '), /cannot be written \(ENOSPC\)/);
	t.is(await droplet.must(['sh', '-c', 'ls /var/lib/dropwise/guard/armed /run/dropwise/lease 2>/dev/null || true']), '', 'no guard and no lease is left');
	t.regex(await droplet.read('/etc/ufw/ufw.conf'), /^ENABLED=no$/m);
});

test.serial('-i logs in, and the key that the answer names opens the admin\'s door', async t => {
	const {droplet} = await open(t);
	const {folder, dropwise} = await homeFor(t);
	const theirs = await makeKey(path.join(folder, 'theirs'), 'theirs');
	await droplet.write('/root/.ssh/authorized_keys', await readFile(`${droplet.keyFile}.pub`, 'utf8'), '0600');
	const answers = path.join(folder, 'answers.json');
	await writeFile(answers, JSON.stringify({'admin-user': {name: adminName, identity: theirs.identity}}));
	const {code, out, err} = await dropwise(['apply', `root@${droplet.address}`, '--yes', '-i', droplet.keyFile, '--answers', answers, '--steps', 'admin-user', '--host-key', await hostKeyOf(droplet)]);
	t.is(code, 0, out + err);
	const list = await droplet.read(`/home/${adminName}/.ssh/authorized_keys`);
	t.true(list.includes(theirs.publicKey), list);
	t.is(list.trim().split('\n').length, 1, list);
});

for (const kind of ['nft', 'legacy'] as const) {
	test.serial(`iptables-${kind}: of a hundred checks and a hundred reloads of the firewall side by side none trips over another`, async t => {
		t.timeout(1_200_000);
		const {droplet, world} = await open(t);
		await droplet.must(['apt-get', '-qq', 'update'], {seconds: 120});
		await droplet.must(['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', '-y', 'install', 'iptables'], {seconds: 240});
		for (const name of ['iptables', 'ip6tables']) {
			await droplet.must(['update-alternatives', '--set', name, `/usr/sbin/${name}-${kind}`]);
		}

		const first = await go(world, 'apply', {only: ['admin-user', 'firewall'], journal: unsavedRecord()});
		t.is(first.exitCode, 0, explain(first));
		const reloads = droplet.must(['sh', '-c', 'n=0; while [ $n -lt 100 ]; do ufw reload >/dev/null || echo failed; n=$((n + 1)); done'], {seconds: 1000});
		const server = await world.open(world.root);
		const unknown: string[] = [];
		let away = 0;
		for (let count = 0; count < 100; count++) {
			const told = await go(world, 'check', {server, only: ['firewall'], journal: unsavedRecord()});
			// Between two lists the kernel lets nobody in: whoever knocks then hears nothing, which is how it is.
			const unanswered = told.unknown.filter(id => /^firewall\/ssh-v[46]$/v.test(id));
			unknown.push(...told.unknown.filter(id => !unanswered.includes(id)));
			away += told.red.length + unanswered.length > 0 ? 1 : 0;
		}

		await server.close();
		t.is(await reloads, '', 'a reload failed');
		t.deepEqual(unknown, []);
		t.regex(await droplet.read('/etc/ufw/ufw.conf'), /^ENABLED=yes$/m);
		t.log(`${away} of 100 checks came while the rules were away`);
	});
}
