import {randomBytes, randomUUID} from 'node:crypto';
import {hashOf, setPassword, users} from '../accounts.js';
import {makeFolder, writeFile} from '../file-tree.js';
import {noRules} from '../netfilter/ruleset.js';
import {startService} from '../services.js';
import type {
	Droplet,
	Level,
	Service,
	Socket,
} from '../state.js';
import {group, passwd} from './passwd.js';
import {packagesTrixie} from './packages-debian-13.js';
import {packagesTrusty} from './packages-ubuntu-14.04.js';
import {osReleaseTrixie, osReleaseTrusty} from './releases.js';
import {cloudInitSshd, sshdConfigTrixie, sshdConfigTrusty} from './sshd-config.js';
import {sudoersReadme, sudoersTrixie, sudoersTrusty} from './sudoers-files.js';
import {unpackUfw} from './ufw-package.js';
import {sshJob, ufwJob} from './upstart-jobs.js';

/** The password of root on every fresh practice droplet: the wizard tells it to the person. */
export const rootPassword = 'practice';

const everywhere = (port: number): Socket[] => [{
	protocol: 'tcp', family: 'v4', address: '0.0.0.0', port,
}, {
	protocol: 'tcp', family: 'v6', address: '::', port,
}];
const local = (port: number): Socket[] => [{
	protocol: 'tcp', family: 'v4', address: '127.0.0.1', port,
}];

const service = (pkg: string, program: string, sockets: Socket[] = []): Service => ({
	package: pkg, program, atBoot: true, state: 'stopped', sockets,
});

/** What runs besides sshd: some of it open to everybody, which a newcomer would not know. */
const services: Readonly<Record<Level, () => Record<string, Service>>> = {
	'ubuntu-14.04': () => ({
		rsyslog: service('rsyslog', 'rsyslogd'), cron: service('cron', 'cron'), ssh: service('openssh-server', 'sshd'), mysql: service('mysql-server-5.5', 'mysqld', everywhere(3306)), tomcat7: service('tomcat7', 'java', everywhere(8080)),
	}),
	'debian-13': () => ({
		cron: service('cron', 'cron'), ssh: service('openssh-server', 'sshd'), preview: service('python3', 'python3', everywhere(8080)), redis: service('redis-server', 'redis-server', local(6379)),
	}),
};

const profile = '# Run when somebody logs in (practice)\n';

/** Files that both levels have, alike but for what the level's own list below says. */
const common: ReadonlyArray<[path: string, content: string, mode: number]> = [
	['/etc/hostname', 'practice\n', 0o644],
	['/etc/hosts', '127.0.0.1\tlocalhost\n127.0.1.1\tpractice\n::1\t\tlocalhost ip6-localhost ip6-loopback\n', 0o644],
	['/etc/shells', '/bin/sh\n/bin/dash\n/bin/bash\n/bin/rbash\n', 0o644],
	['/etc/skel/.profile', profile, 0o644],
	['/etc/skel/.bashrc', '# Run by each new bash (practice)\n', 0o644],
	['/etc/skel/.bash_logout', '# Run when somebody logs out (practice)\n', 0o644],
	['/etc/subuid', '', 0o644],
	['/etc/subgid', '', 0o644],
	['/etc/sudoers.d/README', sudoersReadme, 0o440],
	...['/bin/bash', '/bin/sh', '/bin/dash', '/usr/bin/sudo', '/usr/sbin/sshd', '/usr/sbin/nologin', '/bin/false'].map((path): [string, string, number] => [path, '', 0o755]),
];

const own: Readonly<Record<Level, ReadonlyArray<[path: string, content: string, mode: number]>>> = {
	'ubuntu-14.04': [
		['/etc/os-release', osReleaseTrusty, 0o644],
		['/etc/ssh/sshd_config', sshdConfigTrusty, 0o644],
		['/etc/sudoers', sudoersTrusty, 0o440],
		['/etc/init/ssh.conf', sshJob, 0o644],
		['/etc/init/ufw.conf', ufwJob, 0o644],
		...['cron', 'rsyslog', 'mysql'].map((name): [string, string, number] => [`/etc/init/${name}.conf`, `description "${name}"\nstart on runlevel [2345]\nstop on runlevel [!2345]\nrespawn\n`, 0o644]),
	],
	'debian-13': [
		['/etc/os-release', osReleaseTrixie, 0o644],
		['/etc/ssh/sshd_config', sshdConfigTrixie, 0o644],
		['/etc/ssh/sshd_config.d/50-cloud-init.conf', cloudInitSshd, 0o600],
		['/etc/sudoers', sudoersTrixie, 0o440],
	],
};

const folders: ReadonlyArray<[path: string, mode: number]> = [
	['/', 0o755], ['/bin', 0o755], ['/boot', 0o755], ['/sbin', 0o755], ['/usr', 0o755], ['/usr/bin', 0o755], ['/usr/sbin', 0o755], ['/etc', 0o755], ['/etc/default', 0o755], ['/etc/ssh', 0o755], ['/etc/skel', 0o755], ['/etc/sudoers.d', 0o755], ['/home', 0o755], ['/root', 0o700], ['/proc', 0o555], ['/run', 0o755], ['/tmp', 0o1777], ['/lib', 0o755], ['/var', 0o755], ['/var/lib', 0o755], ['/var/lib/apt', 0o755], ['/var/lib/apt/lists', 0o755], ['/var/lib/apt/periodic', 0o755], ['/var/log', 0o755],
];

const listed = (list: string): Record<string, string> => Object.fromEntries(list.trim().split('\n').map(line => line.split(' ') as [string, string]));

/** A fingerprint that belongs to no key: the practice droplet has nothing to encrypt. */
const fingerprint = (): string => `SHA256:${randomBytes(32).toString('base64').replaceAll('=', '')}`;

/** A droplet as its provider hands it over: root with a password, everything open. */
export const freshDroplet = (level: Level, now: number): Droplet => {
	const droplet: Droplet = {
		format: 2,
		level,
		hostname: 'practice',
		files: {},
		packages: listed(level === 'ubuntu-14.04' ? packagesTrusty : packagesTrixie),
		removed: {},
		services: {},
		netfilter: {v4: noRules(), v6: noRules()},
		forwarding: false,
		boot: {id: randomUUID(), at: now - 93_000, count: 1},
		nextPid: 244,
		memoryMiB: level === 'ubuntu-14.04' ? 490 : 964,
		addresses: {v4: '203.0.113.7', v6: '2001:db8::7'},
		hostKeys: [],
		guard: undefined,
		confirmed: undefined,
		lease: undefined,
		orders: {},
		kept: {},
	};
	const machine = {droplet, now: now - 93_000};
	for (const [path, mode] of folders) {
		makeFolder(machine, path, mode);
	}

	makeFolder(machine, level === 'ubuntu-14.04' ? '/etc/init' : '/etc/ssh/sshd_config.d');
	for (const [path, content, mode] of [...common, ...own[level]]) {
		writeFile(machine, path, content, {mode});
	}

	const day = String(Math.floor(now / 86_400_000));
	writeFile(machine, '/etc/passwd', passwd[level]);
	writeFile(machine, '/etc/group', group[level]);
	writeFile(machine, '/etc/gshadow', group[level].replaceAll(/:x:\d+:/gv, ':*::'), {mode: 0o640, gid: 42});
	writeFile(machine, '/etc/shadow', users(droplet).map(({name}) => `${name}:*:${day}:0:99999:7:::\n`).join(''), {mode: 0o640, gid: 42});
	setPassword(droplet, 'root', hashOf(rootPassword, randomBytes(6).toString('hex')), Number(day));
	const kinds = level === 'ubuntu-14.04' ? ['ed25519', 'rsa', 'ecdsa', 'dsa'] : ['ed25519', 'rsa', 'ecdsa'];
	for (const kind of kinds) {
		droplet.hostKeys.push(fingerprint());
		writeFile(machine, `/etc/ssh/ssh_host_${kind}_key`, 'practice\n', {mode: 0o600});
	}

	if (level === 'ubuntu-14.04') {
		unpackUfw(machine);
		Object.assign(droplet.packages, {'mysql-server-5.5': '5.5.62-0ubuntu0.14.04.1', tomcat7: '7.0.52-1ubuntu0.16'});
	} else {
		Object.assign(droplet.packages, {'redis-server': '5:8.0.2-3+deb13u1', cron: '3.0pl1-197'});
	}

	Object.assign(droplet.services, services[level]());
	for (const [name, {state}] of Object.entries(droplet.services)) {
		if (state === 'stopped') {
			startService(machine, name);
		}
	}

	return droplet;
};
