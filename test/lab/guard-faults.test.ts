/**
No lockout: whatever happens in the midst of a guarded step, on real droplets and with the engine itself, the old way in (root with its password) works again without anybody doing anything, and the server stands as it did just before the guard was armed.

DROPWISE_LAB_DISARM=1 takes the guard away the moment before: then every one of these must fail.
*/
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {access, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {connectSsh} from '../../source/server/ssh.js';
import {hide} from '../../source/server/secret.js';
import {explain, go, type Told} from '../contract/scenario.js';
import {
	recordIn,
	runTrial,
	stateBefore,
	type Trial,
} from './guard-trial.js';
import {type Droplet, type Release, up} from './lab.js';
import {realWorld} from './real-world.js';
import {differences, leftBehind, stateOf} from './state-of.js';

type Fault = {
	readonly what: string;
	readonly releases: readonly Release[];
	/** The steps of the run; the last is the guarded one. */
	readonly only: readonly string[];
	/** How the server stood before anybody came. */
	readonly found?: (droplet: Droplet) => Promise<unknown>;
	readonly at: RegExp;
	/** What happens; left out where the program itself is what is killed. */
	readonly strike?: (droplet: Droplet) => Promise<unknown>;
	/** What happens after the program has ended, and before the server has helped itself. */
	readonly next?: (droplet: Droplet) => Promise<unknown>;
	/** What happens once the server has helped itself. */
	readonly after?: (droplet: Droplet) => Promise<unknown>;
	readonly ends: 'reverted' | 'lost' | 'killed';
	/** What the person is told about it. */
	readonly says?: RegExp;
	readonly guardSeconds?: number;
	/** What the fault itself changed: that is not the guard's to put back. One for each difference, in order. */
	readonly differs?: readonly RegExp[];
	/** Where SSH listens after it. */
	readonly port?: number;
	/** Takes back what the fault did, where no step mends it. */
	readonly mend?: (droplet: Droplet) => Promise<unknown>;
	readonly boots?: boolean;
};

const keysOnly = ['admin-user', 'ssh-keys-only'] as const;
const firewall = ['admin-user', 'firewall'] as const;
/** Where systemd listens in sshd's place it is started anew. */
const reloaded = /^action-finished systemctl (?:reload|restart) ssh$/v;
const enabled = /^action-finished ufw --force enable$/v;
/** On a server whose firewall is on, the last thing that is done. */
const closedLast = /^action-finished iptables -D INPUT/v;
const everywhere = ['trixie', 'bookworm', 'ubuntu-like'] as const;
const short = 8;

const guardFile = (droplet: Droplet, name: string): string => path.join(droplet.rootDirectory, 'var/lib/dropwise/guard', name);
const isThere = async (file: string): Promise<boolean> => access(file).then(() => true).catch(() => false);

const sh = async (droplet: Droplet, script: string): Promise<string> => droplet.must(['sh', '-ec', script], {seconds: 240});

/** A firewall that somebody else switched on, with rules of theirs, some past ufw. */
const othersFirewall = async (droplet: Droplet): Promise<void> => {
	await sh(droplet, `
		apt-get -qq update
		DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=60 install ufw >/dev/null
		ufw allow 22/tcp
		ufw limit 8443/tcp
		ufw allow 8080/tcp
		ufw allow from 192.0.2.0/24 to any port 5432 proto tcp comment 'the office'
		ufw deny out 25/tcp
		ufw --force enable
		iptables -I INPUT -p tcp -m tcp --dport 9 -j DROP
		iptables -I INPUT -p tcp -m tcp --dport 9090 -j ACCEPT
		iptables -A INPUT -p tcp -m tcp --dport 11 -j DROP
		iptables -t nat -A POSTROUTING -s 172.31.0.0/16 -j MASQUERADE
		ip6tables -A FORWARD -p udp -j DROP
		chmod 600 /etc/default/ufw
	`);
};

/** Only what ufw itself loads survives a boot, with or without us. */
const othersUfw = async (droplet: Droplet): Promise<void> => {
	await othersFirewall(droplet);
	await sh(droplet, `
		iptables -D INPUT -p tcp -m tcp --dport 9 -j DROP
		iptables -D INPUT -p tcp -m tcp --dport 9090 -j ACCEPT
		iptables -D INPUT -p tcp -m tcp --dport 11 -j DROP
		iptables -t nat -D POSTROUTING -s 172.31.0.0/16 -j MASQUERADE
		ip6tables -D FORWARD -p udp -j DROP
	`);
};

const powerCut = async (droplet: Droplet): Promise<void> => {
	await droplet.cut();
	await droplet.start();
};

const unplugged = async (droplet: Droplet): Promise<void> => droplet.unplug();
const plugged = async (droplet: Droplet): Promise<void> => droplet.plug();

/** Waits for the server to have helped itself, watching its disk alone. */
const reverted = async (droplet: Droplet, seconds: number): Promise<boolean> => {
	for (const end = performance.now() + (seconds * 1000); performance.now() < end;) {
		await sleep(50);
		if (await isThere(guardFile(droplet, 'reverted')) && !await isThere(guardFile(droplet, 'reverting'))) {
			return true;
		}
	}

	return false;
};

/** Cuts the power while the revert is under way. */
const cutInRevert = async (droplet: Droplet): Promise<void> => {
	for (const end = performance.now() + 40_000; !await isThere(guardFile(droplet, 'reverting'));) {
		await sleep(1);
		if (performance.now() > end) {
			throw new Error('the revert never began');
		}
	}

	await droplet.cut();
	if (!await isThere(guardFile(droplet, 'reverting'))) {
		throw new Error('the power was cut too late: the revert was over');
	}

	await droplet.start();
};

const faults: readonly Fault[] = [
	{
		what: 'authorized_keys vanishes before sshd reloads', releases: everywhere, only: keysOnly, at: /^action-started systemctl (?:reload|restart) ssh$/v, ends: 'reverted', says: /nobody could get in any more|could still get in, but/v,
		strike: async droplet => droplet.must(['rm', '/home/ada/.ssh/authorized_keys']),
		differs: [/^\/home\/ada\/\.ssh\/authorized_keys: .* → absent$/v],
	},
	{
		what: 'network cut after sshd reloaded', releases: ['trixie', 'ubuntu-like'], only: keysOnly, at: reloaded, strike: unplugged, ends: 'lost', guardSeconds: short, after: plugged,
	},
	{
		what: 'sshd dies of its new settings, and the network is cut', releases: ['trixie', 'bookworm'], only: keysOnly, at: reloaded, ends: 'lost', guardSeconds: short, after: plugged,
		async strike(droplet) {
			await droplet.must(['systemctl', 'stop', 'ssh']);
			await droplet.unplug();
		},
	},
	{
		what: 'power lost after sshd reloaded', releases: everywhere, only: keysOnly, at: reloaded, strike: powerCut, ends: 'lost', boots: true,
	},
	{
		what: 'killed after sshd reloaded', releases: ['trixie', 'bookworm'], only: keysOnly, at: reloaded, ends: 'killed', guardSeconds: short,
	},
	{
		what: 'killed after sshd reloaded, then power lost in the revert', releases: ['trixie'], only: keysOnly, at: reloaded, ends: 'killed', guardSeconds: short, next: cutInRevert, boots: true,
	},
	{
		what: 'a claim stays red: sshd does not read its settings', releases: ['trixie'], only: keysOnly, at: /^action-started systemctl reload ssh$/v, ends: 'reverted', says: /nothing on the server changed|got/v,
		async strike(droplet) {
			await droplet.write('/etc/systemd/system/ssh.service.d/deaf.conf', '[Service]\nExecReload=\nExecReload=/bin/true\n');
			await droplet.must(['systemctl', 'daemon-reload']);
		},
		differs: [/^\/etc\/systemd\/system\/ssh\.service\.d: absent/v, /^\/etc\/systemd\/system\/ssh\.service\.d\/deaf\.conf: absent/v],
		mend: async droplet => sh(droplet, 'rm -r /etc/systemd/system/ssh.service.d; systemctl daemon-reload'),
	},
	{
		what: 'SSH moves to 2222 when the plan is made', releases: ['trixie'], only: firewall, at: /^armed$/v, ends: 'reverted', says: /nobody could get in any more/v,
		async strike(droplet) {
			await droplet.write('/etc/ssh/sshd_config.d/10-port.conf', 'Port 2222\n');
			await droplet.must(['systemctl', 'restart', 'ssh']);
		},
		differs: [/^\/etc\/ssh\/sshd_config\.d\/10-port\.conf: absent/v, /^listens: .*:22 .* → .*:2222/v, ...[' ada', '', ' root'].flatMap(who => [new RegExp(`^sshd -T${who} listenaddress: .*:22, .* → .*:2222`, 'v'), new RegExp(`^sshd -T${who} port: 22 → 2222$`, 'v')])],
		port: 2222,
	},
	{
		what: 'SSH\'s rule vanishes before the confirmation', releases: ['trixie', 'bookworm'], only: firewall, at: /^claims under the guard$/v, ends: 'reverted', says: /nobody could get in any more/v,
		strike: async droplet => sh(droplet, 'iptables -D ufw-user-input -p tcp --dport 22 -j ACCEPT; ip6tables -D ufw6-user-input -p tcp --dport 22 -j ACCEPT'),
	},
	{
		what: 'SSH\'s rule vanishes, and only root is there', releases: ['ubuntu-like'], only: ['firewall'], at: /^claims under the guard$/v, ends: 'reverted', says: /nobody could get in any more/v,
		strike: async droplet => sh(droplet, 'iptables -D ufw-user-input -p tcp --dport 22 -j ACCEPT; ip6tables -D ufw6-user-input -p tcp --dport 22 -j ACCEPT'),
	},
	{
		what: 'network cut after the firewall went on', releases: ['trixie'], only: firewall, at: enabled, strike: unplugged, ends: 'lost', guardSeconds: short, after: plugged,
	},
	{
		what: 'network cut while others\' firewall was changed', releases: ['trixie'], only: firewall, found: othersFirewall, at: closedLast, strike: unplugged, ends: 'lost', guardSeconds: short, after: plugged,
	},
	{
		what: 'power lost after the firewall went on', releases: ['trixie', 'bookworm'], only: firewall, at: enabled, strike: powerCut, ends: 'lost', boots: true,
	},
	{
		what: 'power lost while others\' firewall was changed', releases: ['trixie'], only: firewall, found: othersUfw, at: /^action-finished ufw delete allow 8080/v, strike: powerCut, ends: 'lost', boots: true,
	},
	{
		what: 'killed after the firewall went on', releases: ['trixie'], only: firewall, at: enabled, ends: 'killed', guardSeconds: short,
	},
	{
		what: 'killed while others\' firewall was changed', releases: ['bookworm'], only: firewall, found: othersFirewall, at: closedLast, ends: 'killed', guardSeconds: short,
	},
	{
		what: 'killed after the firewall went on, then power lost in the revert', releases: ['trixie'], only: firewall, at: enabled, ends: 'killed', guardSeconds: short, next: cutInRevert, boots: true,
	},
	{
		what: 'killed while others\' firewall was changed, then power lost in the revert', releases: ['trixie'], only: firewall, found: othersUfw, at: /^action-finished ufw delete allow 8080/v, ends: 'killed', guardSeconds: short, next: cutInRevert, boots: true,
	},
	{
		what: 'a claim stays red: SSH is silent over IPv6', releases: ['trixie'], only: firewall, at: enabled, ends: 'reverted', says: /you could still get in, but/v,
		strike: async droplet => droplet.must(['ip6tables', '-t', 'raw', '-A', 'PREROUTING', '-p', 'tcp', '--dport', '22', '-j', 'DROP']),
		// It is gone over IPv6 for us as well.
		differs: [/^ip6tables raw PREROUTING: absent → -A PREROUTING -p tcp -m tcp --dport 22 -j DROP$/v, /^offers v6: publickey,password → no answer$/v],
		mend: async droplet => droplet.must(['ip6tables', '-t', 'raw', '-F']),
	},
];

/** Minutes of work for two cores: as many at once as pays. */
let free = 5;
const waiting: Array<() => void> = [];
const turn = async (): Promise<void> => {
	if (free > 0) {
		free--;
		return;
	}

	await new Promise<void>(resolve => {
		waiting.push(resolve);
	});
};

const turnOver = (): void => {
	const next = waiting.shift();
	if (next) {
		next();
	} else {
		free++;
	}
};

/** The program in a process of its own, which is gone when this resolves. */
const killed = async (t: ExecutionContext, {droplet, folder, at, guardSeconds, only}: Trial): Promise<void> => {
	const child = spawn(process.execPath, [fileURLToPath(new URL('guard-killed.js', import.meta.url)), droplet.name, folder, at.source, String(guardSeconds), ...only], {stdio: ['ignore', 'ignore', 'pipe']});
	let said = '';
	child.stderr.on('data', chunk => {
		said += String(chunk);
	});
	const [, signal] = await once(child, 'close') as [number | null, NodeJS.Signals | null];
	t.is(signal, 'SIGKILL', `it got as far as that: ${said}`);
};

/** How many seconds it takes until root gets in with its password. */
const oldWayIn = async ({address, rootPassword}: Droplet, port: number): Promise<void> => {
	for (const end = performance.now() + 60_000; ;) {
		try {
			const server = await connectSsh({
				address, port, login: {user: 'root', password: hide(rootPassword)}, trust: () => true,
			});
			await server.close();
			return;
		} catch (error) {
			if (performance.now() > end) {
				throw error;
			}
		}

		await sleep(500);
	}
};

/** At the boot that just was, the revert was over before sshd, or its socket, began. */
const beforeSshd = async (t: ExecutionContext, droplet: Droplet): Promise<void> => {
	const lines = (await droplet.must(['journalctl', '-b', '-o', 'cat', '_PID=1'])).split('\n');
	const guard = lines.findIndex(line => line.startsWith('Finished dropwise-guard.service'));
	const sshd = lines.findIndex(line => /^(?:Started|Starting|Listening on) ssh\.(?:service|socket)/v.test(line));
	t.true(guard !== -1 && sshd !== -1 && guard < sshd, `the revert was over before sshd began: ${guard}, ${sshd}`);
};

const toldWell = (t: ExecutionContext, {ends, says}: Fault, told: Told): void => {
	t.is(told.exitCode, ends === 'reverted' ? 1 : 3, explain(told));
	if (ends === 'reverted') {
		const why = told.events.flatMap(event => (event.event === 'reverted' ? [event.why] : []));
		t.is(why.length, 1);
		t.regex(why[0]!, says!);
		t.true(told.events.some(event => event.event === 'step-finished' && event.ended === 'reverted'));
	} else {
		t.true(told.events.some(event => event.event === 'trouble'));
	}
};

const rows: string[] = [];

const tried = async (t: ExecutionContext, fault: Fault, release: Release): Promise<void> => {
	const droplet = await up({release});
	t.teardown(async () => droplet.down());
	const folder = await mkdtemp(path.join(tmpdir(), 'dropwise-guard-'));
	t.teardown(async () => rm(folder, {recursive: true}));
	if (release === 'ubuntu-like') {
		// What cloud-init does in its first seconds is not the guard's to put back.
		await droplet.must(['cloud-init', 'status', '--wait']);
	}

	await fault.found?.(droplet);
	const {only, at, guardSeconds, ends, port = droplet.port} = fault;
	const trial = {
		droplet, only, at, folder, ...(guardSeconds === undefined ? {} : {guardSeconds}),
	};
	let begin = 0;
	if (ends === 'killed') {
		await killed(t, trial);
		begin = performance.now();
	} else {
		const told = await runTrial(trial, async () => {
			begin = performance.now();
			await fault.strike!(droplet);
		});
		t.true(told.struck, `it happened: ${explain(told)}`);
		toldWell(t, fault, told);
	}

	await fault.next?.(droplet);
	t.true(await reverted(droplet, (guardSeconds ?? 90) + 20), 'the server put everything back by itself');
	await fault.after?.(droplet);
	await oldWayIn(droplet, port);
	rows.push(`${fault.what.padEnd(76)} ${release.padEnd(12)} ${((performance.now() - begin) / 1000).toFixed(1).padStart(5)}`);

	const differing = differences(await stateBefore(folder), await stateOf(droplet, port));
	t.is(differing.length, fault.differs?.length ?? 0, differing.join('\n'));
	for (const [index, pattern] of (fault.differs ?? []).entries()) {
		t.regex(differing[index]!, pattern);
	}

	t.deepEqual(await leftBehind(droplet), []);
	if (fault.boots) {
		await beforeSshd(t, droplet);
	}

	await fault.mend?.(droplet);
	const world = await realWorld(droplet);
	const again = await go({
		...world, open: async login => connectSsh({
			address: droplet.address, port, login, trust: () => true,
		}),
	}, 'apply', {journal: await recordIn(folder)});
	t.deepEqual({exitCode: again.exitCode, red: again.red, unknown: again.unknown}, {exitCode: 0, red: [], unknown: []}, explain(again));
	t.is(again.events.some(event => event.event === 'reverted'), ends !== 'reverted', 'the next run says what happened, where nobody heard it');
};

test.after.always(t => {
	t.log(['what happens, release, and seconds until root gets in with its password again:', ...rows.toSorted()].join('\n'));
});

for (const fault of faults) {
	for (const release of fault.releases) {
		test(`${release}: ${fault.what}`, async t => {
			t.timeout(900_000);
			await turn();
			try {
				await tried(t, fault, release);
			} finally {
				turnOver();
			}
		});
	}
}
