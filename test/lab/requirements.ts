import {access, constants} from 'node:fs/promises';
import process from 'node:process';
import {run} from './command.js';

/** The lab cannot run here; the message is one sentence that says why. */
export class LabUnavailable extends Error {
	override name = 'LabUnavailable';
}

/** A file that proves each Debian package to be there. */
const needed: Record<string, string> = {
	'systemd-container': '/usr/bin/systemd-nspawn',
	mmdebstrap: '/usr/bin/mmdebstrap',
	'apt-cacher-ng': '/usr/sbin/apt-cacher-ng',
	'dnsmasq-base': '/usr/sbin/dnsmasq',
	iptables: '/usr/sbin/iptables',
	ebtables: '/usr/sbin/ebtables',
	iproute2: '/usr/sbin/ip',
	nmap: '/usr/bin/nmap',
	sshpass: '/usr/bin/sshpass',
	'openssh-client': '/usr/bin/ssh',
	'debian-archive-keyring': '/usr/share/keyrings/debian-archive-keyring.gpg',
	'util-linux': '/usr/bin/nsenter',
	strace: '/usr/bin/strace',
	e2fsprogs: '/usr/sbin/mke2fs',
};

const forMachines: Record<string, string> = {
	'qemu-system-x86': '/usr/bin/qemu-system-x86_64',
};

const isMissing = async (file: string): Promise<boolean> => {
	try {
		await access(file, constants.R_OK);
		return false;
	} catch {
		return true;
	}
};

const install = async (packages: string[]): Promise<void> => {
	// Packages that bring a service would start it; the lab runs its own.
	const environment = {DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1'};
	const argv = ['apt-get', 'install', '--yes', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', ...packages];
	const first = await run(argv, {environment});
	if (first.code === 0) {
		return;
	}

	// Somebody may have been killed while installing; on a new machine the lists are old.
	await run(['dpkg', '--configure', '-a'], {environment});
	await run(['apt-get', 'update'], {environment});
	const second = await run(argv, {environment});
	if (second.code !== 0) {
		throw new LabUnavailable(`The lab needs ${packages.join(', ')}, and apt-get could not install them: ${second.err.trim().split('\n').at(-1)}`);
	}
};

/**
Installs what the lab needs and this machine lacks.

@throws {LabUnavailable} where the lab cannot run: not Linux, not root, no apt-get, no Debian mirror.
*/
export const requirements = async (kind: 'container' | 'vm' = 'container'): Promise<void> => {
	if (process.platform !== 'linux') {
		throw new LabUnavailable(`The lab boots Linux containers and needs Linux; this is ${process.platform}.`);
	}

	if (process.getuid?.() !== 0) {
		throw new LabUnavailable('The lab mounts file systems and makes networks and needs root; try it with sudo.');
	}

	if (await isMissing('/usr/bin/apt-get')) {
		throw new LabUnavailable('The lab takes what it needs from apt-get, which this machine lacks; use Debian or Ubuntu.');
	}

	const wanted = Object.entries(kind === 'vm' ? {...needed, ...forMachines} : needed);
	const missing: string[] = [];
	for (const [name, file] of wanted) {
		if (await isMissing(file)) {
			missing.push(name);
		}
	}

	if (missing.length > 0) {
		await install(missing);
	}
};
