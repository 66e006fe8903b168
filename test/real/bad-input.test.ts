/** Bad input against a real server, through the built program: one sentence and what to try, the right exit code, and nothing changed. */
import {readFile} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {up} from '../lab/lab.js';
import {
	bobsPassword,
	locked,
	misspelt,
	notAllowed,
	osRelease,
	rebuilt,
	redHat,
	unreachable,
	withoutSudo,
	writer,
	type BadInput,
	type Scene,
} from './bad-input-list.js';
import {everythingOf} from './everything-of.js';
import {homeFor} from './program.js';
import {differences} from './state-of.js';

/** A fresh droplet, with doors that tests can knock at in vain, and sshd's patience. */
const sceneFor = async (t: ExecutionContext): Promise<Scene> => {
	const droplet = await up({release: 'trixie'});
	t.teardown(async () => droplet.down());
	// Log-ins fail here on purpose, one after another.
	await droplet.write('/etc/ssh/sshd_config.d/99-forgiving.conf', 'PerSourcePenalties no\n', '0600');
	await droplet.must(['systemctl', 'restart', 'ssh']);
	await droplet.must(['iptables', '-A', 'INPUT', '-p', 'tcp', '--dport', '2201', '-j', 'DROP']);
	await droplet.must(['useradd', '--create-home', '--shell', '/bin/bash', 'bob']);
	await droplet.must(['chpasswd'], {input: `bob:${bobsPassword}\n`});
	await droplet.write('/home/bob/.ssh/authorized_keys', await readFile(`${droplet.keyFile}.pub`, 'utf8'), '0600');
	await droplet.must(['chown', '-R', 'bob:bob', '/home/bob']);
	const home = await homeFor(t);
	const {ed25519: hostKey = ''} = await droplet.fingerprints();
	return {
		t, droplet, home, hostKey, file: writer(home),
	};
};

/** What the person sees, without the lines that only say what is being waited for. */
const told = (out: string, error: string): string => `${out}${error}`.split('\n').filter(line => line.trim() !== '' && !line.startsWith(' … ')).join('\n');

const suffer = async (scene: Scene, {what, words, before = [], code, says, tries}: BadInput): Promise<void> => {
	const {t, droplet, home} = scene;
	const argv = await words(scene);
	const was = await everythingOf(droplet);
	const begin = performance.now();
	const result = await home.dropwise(argv, {before});
	const seconds = ((performance.now() - begin) / 1000).toFixed(1);
	const text = told(result.out, result.err);
	t.log(`${what} (${result.code}, ${seconds} s)\n${text}`);
	t.is(result.code, code, `${what}: ${text}`);
	// Lines are broken where the terminal ends.
	const flat = text.replaceAll(/\s+/g, ' ');
	t.regex(flat, says, what);
	t.notRegex(text, /[\u0000-\u0009\u000B-\u001F\u007F-\u009F]|\bat (?:async )?\S+ \(|defect in dropwise|undefined|\[object/, what);
	if (code === 2) {
		t.regex(text, /^dropwise: [^\n]+\.$/, `${what}: one sentence`);
	} else {
		t.is(text.split('\n').filter(line => /^ [x✖] /.test(line)).length, 1, `${what}: one trouble`);
		t.regex(flat.split('Try: ')[1] ?? '', tries!, `${what}: what to try`);
	}

	// What is detached shows within moments.
	await sleep(200);
	t.deepEqual(differences(was, await everythingOf(droplet)), [], `${what}: nothing changed`);
};

test('what cannot be reached, misspelt, or not logged in to', async t => {
	t.timeout(600_000);
	const scene = await sceneFor(t);
	for (const bad of [...misspelt, ...unreachable, ...locked]) {
		await suffer(scene, bad);
	}
});

test('nobody who could become root, another system, another host key', async t => {
	t.timeout(600_000);
	const scene = await sceneFor(t);
	const {droplet, home, hostKey, file} = scene;
	for (const bad of notAllowed) {
		await suffer(scene, bad);
	}

	await droplet.must(['mv', '/usr/bin/sudo', '/usr/bin/sudo-away']);
	await suffer(scene, withoutSudo);
	await droplet.must(['mv', '/usr/bin/sudo-away', '/usr/bin/sudo']);

	const was = await droplet.read('/etc/os-release');
	await droplet.write('/etc/os-release', osRelease);
	await suffer(scene, redHat);
	await droplet.write('/etc/os-release', was);

	const known = await home.dropwise(['check', `root@${droplet.address}`, '--host-key', hostKey, '--password-file', await file('password', droplet.rootPassword), '-i', droplet.keyFile]);
	t.is(known.code, 1, known.out);
	await droplet.must(['find', '/etc/ssh', '-name', 'ssh_host_*', '-delete']);
	await droplet.must(['ssh-keygen', '-A']);
	await droplet.must(['systemctl', 'restart', 'ssh']);
	await suffer(scene, rebuilt);
});

test('what is compared would show what an apply does', async t => {
	t.timeout(300_000);
	const {droplet, home, hostKey, file} = await sceneFor(t);
	const was = await everythingOf(droplet);
	const result = await home.dropwise(['apply', `root@${droplet.address}`, '--yes', '--steps', 'admin-user', '--host-key', hostKey, '--password-file', await file('password', droplet.rootPassword), '-i', droplet.keyFile]);
	t.is(result.code, 0, result.out);
	const changed = differences(was, await everythingOf(droplet)).map(line => line.split(':')[0]);
	for (const path of ['/etc/passwd', '/var/lib/dropwise/id', 'sum /etc/shadow']) {
		t.true(changed.includes(path), `${path} among ${changed.join(' ')}`);
	}
});
