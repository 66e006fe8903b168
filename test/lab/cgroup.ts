import {
	access,
	mkdir,
	readFile,
	readdir,
	rmdir,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

const parent = 'dropwise-lab';

/** Where the cgroup hierarchies are that systemd-nspawn uses: v2, and on a hybrid host systemd's own v1. */
const hierarchies = async (): Promise<{unified: string | undefined; all: string[]}> => {
	const text = await readFile('/proc/self/mounts', 'utf8');
	const mounts = text.split('\n').map(line => line.split(' '));
	const unified = mounts.find(([, , type]) => type === 'cgroup2')?.[1];
	const named = mounts.find(([, , type, options]) => type === 'cgroup' && options?.includes('name=systemd'))?.[1];
	return {unified, all: [unified, named].filter(point => point !== undefined)};
};

/** Moves this process to a cgroup of its own. With one in common, two droplets' systemds would share their units' groups and kill each other's services. */
export const enterCgroup = async (machine: string): Promise<void> => {
	const {unified} = await hierarchies();
	if (!unified) {
		return;
	}

	const group = path.join(unified, parent, machine);
	await mkdir(group, {recursive: true});
	await writeFile(path.join(group, 'cgroup.procs'), String(process.pid));
};

const removeTree = async (group: string): Promise<void> => {
	try {
		const entries = await readdir(group, {withFileTypes: true});
		for (const entry of entries.filter(entry => entry.isDirectory())) {
			await removeTree(path.join(group, entry.name));
		}

		await rmdir(group);
	} catch {} // Busy for a moment longer, or gone already.
};

const leave = async (root: string): Promise<void> => {
	try {
		const group = await readFile('/proc/self/cgroup', 'utf8');
		if (group.includes(`/${parent}/`)) {
			await writeFile(path.join(root, 'cgroup.procs'), String(process.pid));
		}
	} catch {}
};

/** The machine whose cgroup a process is in, given `/proc/PID/cgroup`; undefined where it is in none of the lab's. */
export const machineIn = (cgroup: string): string | undefined => /\/dropwise-lab\/(?<machine>dw\d+)(?:\/|$)/mv.exec(cgroup)?.groups?.machine;

/** The machines that have a cgroup. */
export const machinesWithCgroup = async (): Promise<readonly string[]> => {
	const {all} = await hierarchies();
	const found = await Promise.all(all.map(async root => readdir(path.join(root, parent)).catch((): string[] => [])));
	return [...new Set(found.flat().filter(name => /^dw\d+$/v.test(name)))];
};

/** Leaves the cgroup of a machine that has ended, and removes it and, with the last one, the lab's. */
export const removeCgroup = async (machine: string): Promise<void> => {
	const {all} = await hierarchies();
	for (const root of all) {
		await leave(root);
		await removeTree(path.join(root, parent, machine));
		try {
			await access(path.join(root, parent));
			await rmdir(path.join(root, parent));
		} catch {} // Other droplets live in it.
	}
};
