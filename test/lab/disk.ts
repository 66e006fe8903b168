import {randomBytes} from 'node:crypto';
import {
	mkdir,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import {must, run} from './command.js';
import {address6Of, addressOf} from './network.js';
import {folderOf} from './paths.js';
import {type DropletRecord} from './record.js';

/** Docker's storage does not stack on an overlay; these are plain folders of the host. */
export const plainFolders = ['/var/lib/docker', '/var/lib/containerd'];

const interfaces = (device: string, number: number) => `auto lo
iface lo inet loopback

auto ${device}
iface ${device} inet static
	address ${addressOf(number)}/24
iface ${device} inet6 static
	address ${address6Of(number)}/64
	dad-attempts 0
	accept_ra 0
`;

/** A key pair for the person in front of the droplet, in the droplet's folder on the host. */
export const makeKeyPair = async ({name}: DropletRecord): Promise<void> => {
	await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', `lab@${name}`, '-f', folderOf(name).key]);
};

/** What makes one tree this droplet: its names, addresses, identity, host keys and root's way in. */
export const personalise = async (record: DropletRecord, root: string): Promise<void> => {
	const {name, kind, number, rootPassword, rootKey} = record;
	const write = async (file: string, content: string, mode = 0o644) => writeFile(path.join(root, file), content, {mode});
	const makeHostKey = async (type: string, ...more: string[]) =>
		must(['ssh-keygen', '-q', '-t', type, ...more, '-N', '', '-C', `root@${name}`, '-f', path.join(root, `etc/ssh/ssh_host_${type}_key`)]);
	await Promise.all([
		write('etc/hostname', `${name}\n`),
		write('etc/hosts', `127.0.0.1 localhost\n127.0.1.1 ${name}\n::1 localhost ip6-localhost ip6-loopback\n`),
		// An empty one makes systemd think of a first boot and enable every unit there is.
		write('etc/machine-id', randomBytes(16).toString('hex') + '\n', 0o444),
		write('etc/network/interfaces', interfaces(kind === 'vm' ? 'eth0' : 'host0', number)),
		must(['chroot', root, 'chpasswd', '--crypt-method', 'SHA512'], {input: `root:${rootPassword}\n`}),
		makeHostKey('ed25519'),
		makeHostKey('ecdsa'),
		// A longer one, as a cloud has it, takes two seconds to make and shows nothing more.
		makeHostKey('rsa', '-b', '2048'),
	]);
	if (!rootKey) {
		return;
	}

	await mkdir(path.join(root, 'root/.ssh'), {recursive: true, mode: 0o700});
	await write('root/.ssh/authorized_keys', await readFile(`${folderOf(name).key}.pub`, 'utf8'), 0o600);
};

/** A fresh file system over the base tree. */
export const mountDisk = async ({name, base}: DropletRecord): Promise<void> => {
	const {root, upper, work, plain} = folderOf(name);
	const folders = [root, upper, work, ...plainFolders.map(folder => path.join(plain, folder))];
	await Promise.all(folders.map(async folder => mkdir(folder, {recursive: true})));
	// Volatile: it is deleted in the end, and apt and dpkg need not wait for the host's disk.
	await must(['mount', '-t', 'overlay', `dropwise-lab-${name}`, '-o', `lowerdir=${base},upperdir=${upper},workdir=${work},volatile`, root]);
};

/** The places below a folder where something is mounted, outermost first. */
export const mountsBelow = async (folder: string): Promise<string[]> => {
	const text = await readFile('/proc/self/mountinfo', 'utf8');
	return text.split('\n').map(line => line.split(' ')[4] ?? '').filter(point => point.startsWith(`${folder}/`));
};

/** Unmounts what is mounted below a folder. */
export const unmountBelow = async (folder: string): Promise<void> => {
	const mounts = await mountsBelow(folder);
	for (const point of mounts.toReversed()) {
		const {code} = await run(['umount', point]);
		if (code !== 0) {
			await must(['umount', '--lazy', point]);
		}
	}

	// Deleting through a mount that stayed would delete a base tree.
	const left = await mountsBelow(folder);
	if (left.length > 0) {
		throw new Error(`${left.join(', ')} could not be unmounted`);
	}
};

/** Unmounts and deletes everything of a droplet. */
export const removeDisk = async (name: string): Promise<void> => {
	const {folder, upper} = folderOf(name);
	await unmountBelow(folder);

	try {
		await rm(folder, {recursive: true, force: true});
	} catch {
		// A file that a test made immutable.
		await run(['chattr', '-R', '-f', '-i', '-a', upper]);
		await rm(folder, {recursive: true, force: true});
	}
};
