import {groups} from '../accounts.js';
import {makeFolder, textOf, writeFile} from '../file-tree.js';
import {startService} from '../services.js';
import type {Machine, Service} from '../state.js';

/** What else comes with docker.io and docker-cli on a small trixie: what they need, and what they recommend. */
export const besideDocker = `
apparmor 4.1.0-1
containerd 1.7.24~ds1-6+deb13u1
criu 4.1.1-1
dbus-user-session 1.16.2-2
docker-buildx 0.13.1+ds1-3
gettext-base 0.23.1-2
git 1:2.47.3-0+deb13u1
git-man 1:2.47.3-0+deb13u1
less 668-1
libcompel1 4.1.1-1
libcurl3t64-gnutls 8.14.1-2+deb13u7
liberror-perl 0.17030-1
libgdbm-compat4t64 1.24-2
libgdbm6t64 1.24-2
libintl-perl 1.35-1
libintl-xs-perl 1.35-1
libmodule-find-perl 0.17-1
libnet1 1.3+dfsg-2
libngtcp2-16 1.11.0-1+deb13u1
libngtcp2-crypto-gnutls8 1.11.0-1+deb13u1
libnl-3-200 3.7.0-2
libperl5.40 5.40.1-6+deb13u1
libproc-processtable-perl 0.636-1+b3
libprotobuf-c1 1.5.1-1
libprotobuf32t64 3.21.12-11+deb13u1
libsort-naturally-perl 1.03-4
libterm-readkey-perl 2.38-2+b4
needrestart 3.11-1.1~deb13u2
patch 2.8-2+deb13u1
perl 5.40.1-6+deb13u1
perl-modules-5.40 5.40.1-6+deb13u1
python3-protobuf 3.21.12-11+deb13u1
python3-pycriu 4.1.1-1
runc 1.1.15+ds1-2+deb13u1
tini 0.19.0-3+b8
xz-utils 5.8.1-1+deb13u2
`;

const service = (name: string, program: string, sockets: Service['sockets'] = []): Service => ({
	package: name, program, atBoot: true, state: 'stopped', sockets,
});

const addGroup = (machine: Machine, name: string): void => {
	const taken = new Set(groups(machine.droplet).map(({gid}) => gid));
	// As addgroup --system does it: the first number free.
	const gid = Array.from({length: 900}, (_, index) => 100 + index).find(one => !taken.has(one))!;
	writeFile(machine, '/etc/group', `${textOf(machine.droplet, '/etc/group')}${name}:x:${gid}:\n`);
	writeFile(machine, '/etc/gshadow', `${textOf(machine.droplet, '/etc/gshadow')}${name}:!::\n`);
};

/** What installing containerd leaves: it runs. */
export const unpackContainerd = (machine: Machine): void => {
	machine.droplet.services.containerd ??= service('containerd', 'containerd', [{
		protocol: 'tcp', family: 'v4', address: '127.0.0.1', port: 37_981,
	}]);
	startService(machine, 'containerd');
};

/** What installing docker.io leaves: it runs, and so does the socket by which systemd starts it for whoever knocks. */
export const unpackDocker = (machine: Machine): void => {
	const {droplet} = machine;
	makeFolder(machine, '/etc/docker');
	if (!groups(droplet).some(({name}) => name === 'docker')) {
		addGroup(machine, 'docker');
	}

	droplet.services['docker.socket'] = service('docker.io', 'systemd');
	droplet.services.docker = service('docker.io', 'dockerd');
	startService(machine, 'docker');
};
