import {readdir} from 'node:fs/promises';
import path from 'node:path';
import {type BaseRecipe} from './base-recipe.js';
import {mountDisk, personalise, unmountBelow} from './disk.js';
import {must} from './command.js';
import {type Machine} from './machine.js';
import {bridge, hasInterface, interfaceOf} from './network.js';
import {folderOf} from './paths.js';
import {type DropletRecord} from './record.js';

/** Memory of the smallest droplet there is, in MiB. */
const memory = 512;
/** Size of its disk, in GiB; the file on the host holds only what was written. */
const diskSize = 10;

/** What a tree needs to boot by itself. */
export const bootable = (base: BaseRecipe): BaseRecipe => ({
	...base,
	name: `${base.name}-vm`,
	packages: [...base.packages, 'linux-image-cloud-amd64', 'initramfs-tools', 'udev', 'e2fsprogs', 'qemu-guest-agent'],
	files: {...base.files, '/etc/fstab': {content: '/dev/vda / ext4 errors=remount-ro 0 1\n'}},
});

const kernelOf = async (tree: string): Promise<{kernel: string; initrd: string}> => {
	const entries = await readdir(path.join(tree, 'boot'));
	const find = (prefix: string) => path.join(tree, 'boot', entries.find(entry => entry.startsWith(prefix)) ?? prefix);
	return {kernel: find('vmlinuz-'), initrd: find('initrd.img-')};
};

/** A droplet with a kernel, memory and a clock of its own, by QEMU without KVM (which hung where it was tried). */
export const virtualMachine = async (record: DropletRecord): Promise<Machine> => {
	const {root, image, agent, console} = folderOf(record.name);
	const {kernel, initrd} = await kernelOf(record.base);
	const device = interfaceOf(record.number);
	return {
		async prepare() {
			await mountDisk(record);
			await personalise(record, root);
			await must(['mke2fs', '-q', '-t', 'ext4', '-d', root, image, `${diskSize}G`]);
			await unmountBelow(folderOf(record.name).folder);
			if (await hasInterface(device)) {
				return;
			}

			await must(['ip', 'tuntap', 'add', device, 'mode', 'tap']);
			await must(['ip', 'link', 'set', device, 'master', bridge, 'up']);
		},
		argv: [
			'qemu-system-x86_64',
			'-nodefaults',
			'-display',
			'none',
			'-accel',
			'tcg',
			// The plainest one: emulating newer instructions makes a log-in three times slower.
			'-cpu',
			'qemu64',
			'-smp',
			'2',
			'-m',
			String(memory),
			'-kernel',
			kernel,
			'-initrd',
			initrd,
			'-append',
			'console=ttyS0 root=/dev/vda rw quiet net.ifnames=0',
			'-drive',
			`file=${image},format=raw,if=virtio,cache=unsafe`,
			'-netdev',
			`tap,id=net,ifname=${device},script=no,downscript=no`,
			'-device',
			`virtio-net-pci,netdev=net,mac=52:54:00:79:00:${record.number.toString(16).padStart(2, '0')}`,
			'-device',
			'virtio-rng-pci',
			'-device',
			'virtio-serial-pci',
			'-chardev',
			`socket,id=agent,path=${agent},server=on,wait=off`,
			'-device',
			'virtserialport,chardev=agent,name=org.qemu.guest_agent.0',
			'-serial',
			`file:${console}`,
		],
		environment: {},
		// There is no process to enter; the machine is its own. Reboots happen inside it.
		init: async pid => pid,
	};
};
