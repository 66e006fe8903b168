/** What is measured on a real droplet: needs root on Linux. */
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {listsStamp, upgrades} from '../../source/facts/apt.js';
import {daemon} from '../../source/facts/docker.js';
import {delayingProxy, up, type Droplet} from '../lab/lab.js';
import {
	cli, median, memoryOf, spread, timed, wizardRows,
} from './measure.js';
import type {Row} from './table.js';

const node = process.execPath;
/** Where the proxy stands in for the droplet: on the port that a user's server has. */
const near = {host: '127.0.79.22', port: 22};
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
		...[upgrades, daemon].flatMap(fact => ('argv' in fact ? [fact.argv] : [])),
		['iptables-save', '-t', 'filter'],
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

/** What logs in to a fresh droplet as root, written to files. */
const rootWords = async (droplet: Droplet, folder: string): Promise<readonly string[]> => {
	const password = path.join(folder, 'password');
	await writeFile(password, droplet.rootPassword, {mode: 0o600});
	const {out} = await timed('ssh-keyscan', ['-t', 'ed25519', droplet.address]);
	const keyFile = path.join(folder, 'host.pub');
	await writeFile(keyFile, out);
	const fingerprint = (await timed('ssh-keygen', ['-lf', keyFile])).out.split(' ')[1]!;
	return ['--password-file', password, '--host-key', fingerprint, '--state-dir', folder];
};

/** Secures a droplet, reached at `host`, so that it is on record there; `words` may name steps. */
const setUp = async (droplet: Droplet, state: string, host = droplet.address, words: readonly string[] = []): Promise<void> => {
	const answers = path.join(state, 'answers.json');
	await writeFile(answers, JSON.stringify({'admin-user': {name: 'ada', identity: droplet.keyFile}}));
	await timed(node, [cli, 'apply', `root@${host}`, '--yes', ...await rootWords(droplet, state), '--answers', answers, ...words]);
};

/** The wizard on a fresh droplet, to its finish. */
const wizard = async (): Promise<readonly Row[]> => {
	const droplet = await up({release: 'trixie'});
	const home = await mkdtemp(path.join(tmpdir(), 'dropwise-bench-'));
	try {
		const words = [`root@${droplet.address}`, ...await rootWords(droplet, home), '-i', droplet.keyFile];
		return await wizardRows('on it', words, home, 'Docker');
	} finally {
		await Promise.all([droplet.down(), rm(home, {recursive: true, force: true})]);
	}
};

/** What a person waits for every day: a look at a server that is known, over its port 22, with the key on record. */
const overLine = async (droplet: Droplet, milliseconds: number, state: string): Promise<readonly Row[]> => {
	const proxy = await delayingProxy({to: {host: droplet.address, port: droplet.port}, milliseconds, at: near});
	try {
		const words = ['check', `ada@${proxy.host}`, '--state-dir', state];
		const bare = await spread(5, async () => (await timed('ssh', plainSsh(droplet, proxy.host, proxy.port))).milliseconds);
		const check = await spread(5, async () => (await timed(node, [cli, ...words], [0])).milliseconds);
		const looks = Number(/"looks":(\d+)/.exec((await timed(node, [cli, ...words, '--json'], [0])).out)?.[1]);
		const slowest = await slowestFact(droplet);
		const line = `over ${milliseconds} ms`;
		return [
			{what: `ssh host true, ${line}`, budget: undefined, measured: bare.median, unit: 'ms', range: bare},
			{what: `the slowest fact, ${line}`, budget: undefined, measured: slowest, unit: 'ms'},
			{what: `check of all steps, ${line}`, budget: bare.median + slowest + (2 * milliseconds), measured: check.median, unit: 'ms', range: check},
			{what: `looks of a check, ${line}`, budget: 2, measured: looks, unit: ''},
			{what: `memory of a check, ${line}`, budget: 120, measured: await memoryOf(words), unit: 'MB'},
		];
	} finally {
		await proxy.close();
	}
};

/** The steps whose commands stand in the script. */
const inScript = ['--steps', 'system-updates,admin-user,ssh-keys-only,firewall,seen-from-outside'];

/** The commands of one apply in one hand-written script on a twin, beside the apply itself. Both have their packages already: what is compared is the work, not a mirror's mood. */
const overhead = async (): Promise<readonly Row[]> => {
	const [ours, theirs] = [await up({release: 'trixie'}), await up({release: 'trixie'})];
	const state = await mkdtemp(path.join(tmpdir(), 'dropwise-bench-'));
	try {
		for (const one of [ours, theirs]) {
			await one.must(['apt-get', '-q', 'update']);
			await one.must(['touch', listsStamp]);
			await one.must(['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-y', 'upgrade']);
			await one.must(['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-y', 'install', 'ufw']);
		}

		const begin = performance.now();
		await setUp(ours, state, ours.address, inScript);
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
			{what: 'apply of their steps, packages there already', budget: byHand * 1.1, measured: apply, unit: 'ms'},
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
		const proxy = await delayingProxy({to: {host: droplet.address, port: droplet.port}, milliseconds: 0, at: near});
		try {
			await setUp(droplet, state, proxy.host);
		} finally {
			await proxy.close();
		}

		return [...await overLine(droplet, 0, state), ...await overLine(droplet, 100, state), ...await overhead(), ...await wizard()];
	} finally {
		await droplet.down();
		await rm(state, {recursive: true, force: true});
	}
};
