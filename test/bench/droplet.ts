/** What is measured on a real droplet: needs root on Linux. */
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {delayingProxy, up, type Droplet} from '../lab/lab.js';
import {cli, median, memoryOf, timed} from './measure.js';
import type {Row} from './table.js';

const node = process.execPath;
const plainSsh = (droplet: Droplet, host: string, port: number): readonly string[] => [
	'-F', '/dev/null', '-i', droplet.keyFile, '-p', String(port), '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR', `ada@${host}`, 'true',
];

/** The slowest fact of a check, in milliseconds, as the server itself measures it: the commands one after another. */
const slowestFact = async (droplet: Droplet): Promise<number> => {
	const commands = [
		['/usr/sbin/sshd', '-T', '-C', 'user=root,host=10.0.0.1,addr=10.0.0.1'],
		['ssh', '-F', '/dev/null', '-o', 'BatchMode=yes', '-o', 'PreferredAuthentications=none', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', 'root@127.0.0.1', 'true'],
		['sudo', '-n', '-l', '-U', 'ada'],
		['systemctl', 'is-enabled', 'ufw'],
		['iptables', '-S'],
		['ss', '-tlnp'],
	];
	let slowest = 0;
	for (const argv of commands) {
		slowest = Math.max(slowest, await median(3, async () => {
			const begin = performance.now();
			await droplet.exec(argv);
			return performance.now() - begin;
		}));
	}

	// What it costs to get a command into the droplet at all is not the fact's.
	const nothing = await median(3, async () => {
		const begin = performance.now();
		await droplet.exec(['true']);
		return performance.now() - begin;
	});
	return Math.max(0, slowest - nothing);
};

const setUp = async (droplet: Droplet, state: string): Promise<string> => {
	const password = path.join(state, 'password');
	const answers = path.join(state, 'answers.json');
	await writeFile(password, droplet.rootPassword, {mode: 0o600});
	await writeFile(answers, JSON.stringify({'admin-user': {name: 'ada', identity: droplet.keyFile}}));
	const {out} = await timed('ssh-keyscan', ['-t', 'ed25519', droplet.address]);
	const keyFile = path.join(state, 'host.pub');
	await writeFile(keyFile, out);
	const fingerprint = (await timed('ssh-keygen', ['-lf', keyFile])).out.split(' ')[1]!;
	await timed(node, [cli, 'apply', `root@${droplet.address}`, '--yes', '--password-file', password, '--host-key', fingerprint, '--answers', answers, '--state-dir', state]);
	return fingerprint;
};

const overLine = async (droplet: Droplet, milliseconds: number, state: string, fingerprint: string): Promise<readonly Row[]> => {
	const proxy = await delayingProxy({to: {host: droplet.address, port: droplet.port}, milliseconds});
	try {
		const server = `ada@${proxy.host}:${proxy.port}`;
		const words = ['check', server, '--state-dir', state, '-i', droplet.keyFile, '--host-key', fingerprint];
		// The first look at an address also learns it; what people do every day is the second.
		await timed(node, [cli, ...words], [0, 1]);
		const bare = await median(3, async () => (await timed('ssh', plainSsh(droplet, proxy.host, proxy.port))).milliseconds);
		const check = await median(3, async () => (await timed(node, [cli, ...words], [0, 1])).milliseconds);
		const looks = Number(/"looks":(\d+)/.exec((await timed(node, [cli, ...words, '--json'], [0, 1])).out)?.[1]);
		const slowest = await slowestFact(droplet);
		const line = `over ${milliseconds} ms`;
		return [
			{what: `ssh host true, ${line}`, budget: undefined, measured: bare, unit: 'ms'},
			{what: `the slowest fact, ${line}`, budget: undefined, measured: slowest, unit: 'ms'},
			{what: `check of all steps, ${line}`, budget: bare + slowest + (2 * milliseconds), measured: check, unit: 'ms'},
			{what: `the same with four seconds for the witnesses, ${line}`, budget: bare + slowest + (2 * milliseconds) + 4000, measured: check, unit: 'ms'},
			{what: `looks of a check, ${line}`, budget: 2, measured: looks, unit: ''},
			{what: `memory of a check, ${line}`, budget: 120, measured: await memoryOf(words), unit: 'MB'},
		];
	} finally {
		await proxy.close();
	}
};

/** The commands of one apply in one hand-written script on a twin, beside the apply itself. Both have their packages already: what is compared is the work, not a mirror's mood. */
const overhead = async (): Promise<readonly Row[]> => {
	const [ours, theirs] = [await up({release: 'trixie'}), await up({release: 'trixie'})];
	const state = await mkdtemp(path.join(tmpdir(), 'dropwise-bench-'));
	try {
		for (const one of [ours, theirs]) {
			await one.must(['apt-get', '-q', 'update']);
			await one.must(['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-y', 'install', 'ufw']);
		}

		const begin = performance.now();
		await setUp(ours, state);
		const apply = performance.now() - begin;
		const key = (await timed('cat', [`${ours.keyFile}.pub`])).out.trim();
		const script = [
			'set -e', 'useradd --create-home --shell /bin/bash ada', 'echo "ada ALL=(ALL:ALL) NOPASSWD: ALL" > /etc/sudoers.d/ada', 'chmod 440 /etc/sudoers.d/ada', 'install -d -m 700 -o ada -g ada /home/ada/.ssh', `echo "${key}" > /home/ada/.ssh/authorized_keys`, 'chown ada:ada /home/ada/.ssh/authorized_keys', 'printf "PermitRootLogin no\\nPasswordAuthentication no\\n" > /etc/ssh/sshd_config.d/00-own.conf', '/usr/sbin/sshd -t', 'systemctl reload ssh', 'ufw allow 22/tcp', 'ufw allow 80/tcp', 'ufw allow 443/tcp', 'ufw --force enable',
		].join('\n');
		const password = path.join(state, 'twin-password');
		await writeFile(password, theirs.rootPassword, {mode: 0o600});
		const byHand = (await timed('sshpass', ['-f', password, 'ssh', '-F', '/dev/null', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR', `root@${theirs.address}`, script])).milliseconds;
		return [
			{what: 'the same commands in one script, by hand', budget: undefined, measured: byHand, unit: 'ms'},
			{what: 'apply of all steps, packages there already', budget: byHand * 1.1, measured: apply, unit: 'ms'},
			{what: 'overhead of apply', budget: 10, measured: ((apply / byHand) - 1) * 100, unit: '%'},
		];
	} finally {
		await Promise.all([ours.down(), theirs.down(), rm(state, {recursive: true, force: true})]);
	}
};

export const measureDroplet = async (): Promise<readonly Row[]> => {
	const state = await mkdtemp(path.join(tmpdir(), 'dropwise-bench-'));
	const droplet = await up({release: 'trixie'});
	try {
		const fingerprint = await setUp(droplet, state);
		return [...await overLine(droplet, 0, state, fingerprint), ...await overLine(droplet, 100, state, fingerprint), ...await overhead()];
	} finally {
		await droplet.down();
		await rm(state, {recursive: true, force: true});
	}
};
