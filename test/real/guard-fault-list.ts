/** The faults that are tried in the midst of a guarded step: what happens, when, and on which releases. */
import {access} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Droplet, Release} from '../lab/lab.js';

export type Fault = {
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
	/** What the revert says that it could not put back. */
	readonly amiss?: readonly string[];
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
export const reverted = async (droplet: Droplet, seconds: number): Promise<boolean> => {
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

export const faults: readonly Fault[] = [
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
		amiss: ['port 22'],
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
