import type {Level, Machine} from '../state.js';
import {makeFolder, writeFile, entryOf} from '../file-tree.js';
import {besideDocker, unpackContainerd, unpackDocker} from './docker-package.js';
import {packagesTrixie} from './packages-debian-13.js';
import {packagesTrusty} from './packages-ubuntu-14.04.js';
import {unpackUfw} from './ufw-package.js';

/** The packages the droplet's archive has. */
export type Package = {readonly version: string; readonly needs: readonly string[]; /** Whether this version mends a hole. */ readonly security?: boolean; /** What installing it leaves on the droplet. */ readonly unpack?: (machine: Machine) => void; /** What only purging it takes away. */ readonly settings?: readonly string[]};

const plain = (list: string): Map<string, Package> => new Map(list.trim().split('\n').map(line => line.split(' ')).map(([name = '', version = '']) => [name, {version, needs: []}]));

/** Whatever the fresh droplet has, newer versions of some of it, and this besides. */
const also = (list: string, newer: string, more: Record<string, Package>): ReadonlyMap<string, Package> => new Map([
	...plain(list),
	...[...plain(newer)].map(([name, one]): [string, Package] => [name, {...one, security: !/^(?:tzdata|base-files)$/v.test(name)}]),
	...Object.entries(more),
]);

/** What came out after the droplet's image was made. */
const newerTrusty = `
apt 1.0.1ubuntu2.19
apt-utils 1.0.1ubuntu2.19
base-files 7.2ubuntu5.6
libapt-inst1.5 1.0.1ubuntu2.19
libapt-pkg4.12 1.0.1ubuntu2.19
libc-bin 2.19-0ubuntu6.15
libc6 2.19-0ubuntu6.15
libssl1.0.0 1.0.1f-1ubuntu2.27
openssl 1.0.1f-1ubuntu2.27
tzdata 2019a-0ubuntu0.14.04
`;
const newerTrixie = `
libssl3t64 3.5.7-1~deb13u3
openssl 3.5.7-1~deb13u3
openssl-provider-legacy 3.5.7-1~deb13u3
tzdata 2026d-0+deb13u1
`;

const library = (version: string): Package => ({version, needs: []});

const program = (path: string) => (machine: Machine): void => {
	if (!entryOf(machine.droplet, path)) {
		writeFile(machine, path, '', {mode: 0o755});
	}
};

export const catalogue: Readonly<Record<Level, ReadonlyMap<string, Package>>> = {
	'ubuntu-14.04': also(packagesTrusty, newerTrusty, {
		ufw: {
			version: '0.34~rc-0ubuntu2', needs: ['iptables'], unpack: unpackUfw, settings: ['/etc/ufw', '/etc/default/ufw'],
		},
		'mysql-server-5.5': library('5.5.62-0ubuntu0.14.04.1'),
		tomcat7: library('7.0.52-1ubuntu0.16'),
		curl: {version: '7.35.0-1ubuntu2.20', needs: []},
		zsh: {version: '5.0.2-3ubuntu6.3', needs: [], unpack: program('/bin/zsh')},
	}),
	'debian-13': also(packagesTrixie, newerTrixie, {
		...Object.fromEntries(plain(besideDocker)),
		containerd: {version: plain(besideDocker).get('containerd')!.version, needs: ['runc'], unpack: unpackContainerd},
		'docker.io': {version: '26.1.5+dfsg1-9+deb13u1+b1', needs: ['iptables', 'docker-cli', ...plain(besideDocker).keys()], unpack: unpackDocker},
		'docker-cli': library('26.1.5+dfsg1-9+deb13u1+b1'),
		ufw: {
			version: '0.36.2-9', needs: ['iptables'], unpack: unpackUfw, settings: ['/etc/ufw', '/etc/default/ufw'],
		},
		iptables: {version: '1.8.11-2', needs: ['libip6tc2', 'libnetfilter-conntrack3', 'libnftnl11', 'nftables']},
		libip6tc2: library('1.8.11-2'),
		libjansson4: library('2.14-2+b3'),
		'libnetfilter-conntrack3': {version: '1.1.0-1', needs: ['libnfnetlink0']},
		libnfnetlink0: library('1.0.2-3'),
		libnftables1: {version: '1.1.3-1', needs: ['libjansson4']},
		libnftnl11: library('1.2.9-1'),
		nftables: {version: '1.1.3-1', needs: ['libnftables1']},
		curl: {version: '8.14.1-2', needs: []},
		zsh: {version: '5.9-8+b14', needs: [], unpack: program('/bin/zsh')},
		sudo: {
			version: '1.9.16p2-3+deb13u2', needs: [], unpack(machine) {
				makeFolder(machine, '/etc/sudoers.d');
				program('/usr/bin/sudo')(machine);
			},
		},
	}),
};
