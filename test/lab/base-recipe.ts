import {gateway} from './network.js';
import {type Release} from './record.js';
import {packagesPort} from './services.js';
import {ubuntuLike} from './ubuntu-like.js';
import {bootable} from './virtual-machine.js';

export type BaseFile = {content: string; mode?: number};

/** All that a base tree is made of. A change makes a new tree: the tree's name ends in a hash of this. */
export type BaseRecipe = {
	name: string;
	suite: string;
	packages: readonly string[];
	files: Readonly<Record<string, BaseFile>>;
	/** Run inside the finished tree, in order. */
	commands: ReadonlyArray<readonly string[]>;
};

/** What a cloud image of Debian brings, as far as a droplet of namespaces can have it. No ufw: the program installs it. */
const packages = [
	'systemd-sysv',
	'dbus',
	'libpam-systemd',
	'openssh-server',
	'sudo',
	'iproute2',
	'iptables',
	'ca-certificates',
	'curl',
	'procps',
	'netbase',
	'ifupdown',
];

const files = {
	'/etc/apt/apt.conf.d/90lab-proxy': {content: `Acquire::http::Proxy "http://${gateway}:${packagesPort}";\n`},
	'/etc/resolv.conf': {content: `nameserver ${gateway}\n`},
};

const commands = [
	// Each droplet makes its own.
	['find', '/etc/ssh', '-name', 'ssh_host_*', '-delete'],
	// A droplet created with a password lets root in by password.
	['sed', '-i', 's/^#PermitRootLogin .*/PermitRootLogin yes/', '/etc/ssh/sshd_config'],
];

const debian = (suite: 'bookworm' | 'trixie'): BaseRecipe => ({
	name: suite, suite, packages, files, commands,
});

const ofRelease = (release: Release): BaseRecipe => {
	switch (release) {
		case 'bookworm':
		case 'trixie': {
			return debian(release);
		}

		case 'ubuntu-like': {
			return ubuntuLike(debian('trixie'));
		}
	}
};

export const recipeOf = (release: Release, kind: 'container' | 'vm' = 'container'): BaseRecipe => {
	const recipe = ofRelease(release);
	return kind === 'vm' ? bootable(recipe) : recipe;
};
