/**
The guard on real droplets: what it puts back is what was there, byte for byte and rule for rule, whether it is asked, runs out of time, or the power fails.
*/
import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import type {Argv} from '../../source/step.js';
import {hide} from '../../source/server/secret.js';
import type {Server} from '../../source/server/server.js';
import {connectSsh} from '../../source/server/ssh.js';
import {type Droplet, up} from '../lab/lab.js';
import {until} from '../lab/processes.js';

const connect = async ({address, rootPassword}: Droplet): Promise<Server> => connectSsh({
	address, port: 22, login: {user: 'root', password: hide(rootPassword)}, trust: () => true,
});

const kinds = {service: [], socket: [['systemctl', 'disable', '--now', 'ssh.service'], ['systemctl', 'enable', '--now', 'ssh.socket']]} as const;
type Kind = keyof typeof kinds;

/** A droplet with UFW installed; `active` with rules of its own. */
const prepared = async (t: ExecutionContext, kind: Kind, active: boolean): Promise<Droplet> => {
	const droplet = await up({release: 'trixie'});
	t.teardown(async () => droplet.down());
	await droplet.must(['apt-get', '-qq', 'update'], {seconds: 120});
	await droplet.must(['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', '-y', 'install', 'ufw'], {seconds: 240});
	for (const argv of kinds[kind]) {
		await droplet.must([...argv]);
	}

	if (active) {
		await droplet.must(['ufw', 'allow', '22/tcp']);
		await droplet.must(['ufw', 'limit', '8443/tcp']);
		await droplet.must(['ufw', '--force', 'enable']);
	}

	// a rule of somebody else's, in front and behind
	await droplet.must(['iptables', '-I', 'INPUT', '-p', 'tcp', '--dport', '9', '-j', 'DROP']);
	await droplet.must(['iptables', '-A', 'INPUT', '-p', 'tcp', '--dport', '10', '-j', 'DROP']);
	await droplet.must(['iptables', '-A', 'INPUT', '-p', 'tcp', '--dport', '11', '-j', 'DROP']);
	return droplet;
};

/** Rules without counters, comments and tables that say nothing. */
const rules = (saved: string): string => saved
	.replaceAll(/^#.*\n/gmv, '')
	.replaceAll(/\[\d+:\d+\]/gv, '')
	.replaceAll(/^\*\w+\n(?::\w+ ACCEPT \n)*COMMIT\n/gmv, '');

type State = Record<'files' | 'v4' | 'v6' | 'sshd' | 'ufw', string>;

const stateOf = async (droplet: Droplet): Promise<State> => ({
	files: await droplet.must(['sh', '-c', String.raw`cd /; find etc usr/lib/ufw home root -xdev -type f -exec stat -c "%n %a %U:%G" {} + | sort; find etc usr/lib/ufw home root -xdev -type f -exec sha256sum {} + | sort; find etc -type l -printf "%p %l\n" | sort`]),
	v4: rules(await droplet.must(['iptables-save'])),
	v6: rules(await droplet.must(['ip6tables-save'])),
	sshd: await droplet.must(['sh', '-c', 'mkdir -p /run/sshd; sshd -T']),
	ufw: await droplet.must(['ufw', 'status', 'verbose']),
});

const ruleFiles = ['/etc/ufw/user.rules', '/etc/ufw/user6.rules'];

/** What would lock everybody out: no SSH through the firewall, and a sshd that lets nobody in. */
const lockOut = async (server: Server, kind: Kind, prefix: string): Promise<void> => {
	const reload: Argv = kind === 'service' ? ['systemctl', 'reload', 'ssh'] : ['true'];
	await server.act({
		id: `${prefix}-1`, do: 'write', path: '/etc/ssh/sshd_config.d/00-test.conf', expects: 'absent', content: 'AllowUsers nobody\nPasswordAuthentication no\n', mode: 0o644,
	}, () => undefined);
	await server.act({
		id: `${prefix}-2`, do: 'run', argv: reload, undo: 'again',
	}, () => undefined);
	await server.act({
		id: `${prefix}-3`, do: 'run', argv: ['ufw', 'allow', '2222/tcp'], touches: ruleFiles, undo: [['ufw', 'delete', 'allow', '2222/tcp']],
	}, () => undefined);
	await server.act({
		id: `${prefix}-4`, do: 'run', argv: ['ufw', 'delete', 'allow', '22/tcp'], touches: ruleFiles, undo: [['ufw', 'allow', '22/tcp']],
	}, () => undefined);
	await server.act({
		id: `${prefix}-5`, do: 'run', argv: ['ufw', '--force', 'enable'], touches: ['/etc/ufw/ufw.conf'], undo: [['ufw', 'disable']],
	}, () => undefined);
	const {code, err} = await server.act({
		id: `${prefix}-6`, do: 'run', argv: ['iptables', '-D', 'INPUT', '-p', 'tcp', '--dport', '10', '-j', 'DROP'], undo: [['iptables', '-I', 'INPUT', '-p', 'tcp', '--dport', '10', '-j', 'DROP']],
	}, () => undefined);
	if (code !== 0) {
		throw new Error(err);
	}
};

const isLockedOut = async (droplet: Droplet): Promise<boolean> => connect(droplet).then(async server => {
	await server.close();
	return false;
}, () => true);

const hooks = async (droplet: Droplet): Promise<string> => (await droplet.exec(['sh', '-c', 'ls /etc/systemd/system/*/dropwise* /etc/systemd/system/dropwise* 2>/dev/null'])).out;

const standsAgain = async (t: ExecutionContext, droplet: Droplet, before: State, why: string, boot = false): Promise<void> => {
	const server = await connect(droplet);
	const {guard} = await server.status();
	t.like(guard, {state: 'reverted', why});
	t.deepEqual(guard.state === 'reverted' ? guard.amiss : undefined, [], 'and it says so itself');
	await server.close();
	const after = await stateOf(droplet);
	for (const part of ['files', 'sshd', 'ufw', ...(boot ? [] : ['v4', 'v6'] as const)] as const) {
		const [is, was] = [after[part].split('\n'), before[part].split('\n')];
		t.deepEqual({more: is.filter(line => !was.includes(line)), less: was.filter(line => !is.includes(line))}, {more: [], less: []}, part);
		t.true(after[part] === before[part], part);
	}

	t.is(await hooks(droplet), '');
	if (process.env.SHOW_LOG) {
		t.log(await droplet.read('/var/lib/dropwise/guard/log'));
	}
};

for (const kind of ['service', 'socket'] as const) {
	for (const active of [false, true]) {
		const name = `ssh.${kind}, ufw ${active ? 'active' : 'never enabled'}`;

		test.serial(`${name}: asked`, async t => {
			const droplet = await prepared(t, kind, active);
			const before = await stateOf(droplet);
			const server = await connect(droplet);
			t.true(await server.lock('test'));
			await server.arm('g-asked', 60);
			await lockOut(server, kind, 'o');
			t.true(await isLockedOut(droplet));
			await server.revert('g-asked');
			t.is(await droplet.must(['echo', 'there']), 'there\n');
			t.false(await server.confirm('g-asked'), 'too late');
			await server.close();
			await standsAgain(t, droplet, before, 'asked');
		});

		test.serial(`${name}: out of time, then the power fails in the midst`, async t => {
			const droplet = await prepared(t, kind, active);
			const before = await stateOf(droplet);
			const server = await connect(droplet);
			t.true(await server.lock('test'));
			await server.arm('g-time', 12);
			await lockOut(server, kind, 'o');
			await server.unlock();
			await server.close();
			await until(async () => (await droplet.exec(['test', '-e', '/var/lib/dropwise/guard/reverted'])).code === 0, 60, 'the guard to fire');
			await standsAgain(t, droplet, before, 'time');

			const again = await connect(droplet);
			t.true(await again.lock('test'));
			await again.arm('g-cut', 60);
			await lockOut(again, kind, 'p');
			t.not(await hooks(droplet), '');
			t.is((await droplet.must(['sh', '-c', 'systemd-analyze verify /etc/systemd/system/dropwise-guard.service 2>&1 | grep -i -e cycle -e dropwise || true'])), '');
			await droplet.cut();
			await again.close();
			await droplet.start();
			t.notRegex(await droplet.must(['journalctl', '-b', '--no-pager']), /ordering cycle/iv);
			t.log(await droplet.must(['systemctl', 'show', 'dropwise-guard.service', '-p', 'ExecMainStartTimestampMonotonic', '-p', 'ExecMainExitTimestampMonotonic', '-p', 'Result']));
			await standsAgain(t, droplet, before, 'boot', true);
			// the kernel began anew: its rules are those of an undisturbed boot, and the one that an undo put back
			const booted = await stateOf(droplet);
			await droplet.exec(['iptables', '-D', 'INPUT', '-p', 'tcp', '--dport', '10', '-j', 'DROP']);
			const without = await stateOf(droplet);
			await droplet.reboot();
			const undisturbed = await stateOf(droplet);
			t.is(without.v4, undisturbed.v4);
			t.is(booted.v6, undisturbed.v6);
		});
	}
}

test.serial('confirmed: what was done stays, also over a reboot, and nothing of the guard does', async t => {
	const droplet = await prepared(t, 'service', false);
	const server = await connect(droplet);
	t.true(await server.lock('test'));
	await server.arm('g-1', 60);
	await server.act({
		id: 'w-1', do: 'write', path: '/etc/motd-new', expects: 'absent', content: 'ours', mode: 0o644,
	}, () => undefined);
	t.true(await server.confirm('g-1'));
	t.true(await server.confirm('g-1'), 'asked twice');
	t.deepEqual((await server.status()).guard, {state: 'none'});
	await server.close();
	t.is(await hooks(droplet), '');
	await droplet.reboot();
	t.is(await droplet.read('/etc/motd-new'), 'ours');
});

test.serial('a clean reboot with an armed guard, and a power cut in the middle of the revert', async t => {
	const droplet = await prepared(t, 'service', false);
	const before = await stateOf(droplet);
	const server = await connect(droplet);
	t.true(await server.lock('test'));
	await server.arm('g-1', 60);
	await lockOut(server, 'service', 'o');
	await server.act({
		id: 'slow', do: 'run', argv: ['true'], undo: [['sleep', '5']],
	}, () => undefined);
	const reverting = server.revert('g-1').catch(() => undefined);
	await delay(1500);
	await droplet.cut();
	await server.close();
	await reverting;
	await droplet.start();
	await standsAgain(t, droplet, before, 'asked', true);
	const again = await connect(droplet);
	t.true(await again.lock('test'));
	await again.arm('g-2', 60);
	await lockOut(again, 'service', 'p');
	await droplet.reboot();
	await again.close();
	await standsAgain(t, droplet, before, 'boot', true);
});
