import path from 'node:path';
import {mountDisk, personalise, plainFolders} from './disk.js';
import {type Machine} from './machine.js';
import {bridge, machineOf} from './network.js';
import {folderOf} from './paths.js';
import {childrenOf, commandOf} from './processes.js';
import {type DropletRecord} from './record.js';

/** A droplet of namespaces: systemd booted by systemd-nspawn on an overlay. */
export const container = (record: DropletRecord): Machine => {
	const {root, plain} = folderOf(record.name);
	return {
		async prepare() {
			await mountDisk(record);
			await personalise(record, root);
		},
		argv: [
			'systemd-nspawn',
			'--register=no',
			'--keep-unit',
			`--directory=${root}`,
			'--boot',
			// A network namespace of its own at every boot: one kept across boots would keep the firewall's rules, and a reboot that loses nothing proves nothing.
			`--network-bridge=${bridge}`,
			`--machine=${machineOf(record.number)}`,
			'--capability=all',
			'--system-call-filter=@known keyctl bpf',
			'--console=pipe',
			'--resolv-conf=off',
			...plainFolders.map(folder => `--bind=${path.join(plain, folder)}:${folder}`),
		],
		environment: {
			SYSTEMD_SECCOMP: '0',
			SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1',
			SYSTEMD_NSPAWN_API_VFS_WRITABLE: 'network',
		},
		async init(pid) {
			const [child = 0] = await childrenOf(pid);
			// Before its exec it is still systemd-nspawn, and neither its names nor its mounts are there.
			return ['init', 'systemd'].includes(await commandOf(child) ?? '') ? child : undefined;
		},
		rebootsWith: 133,
	};
};
