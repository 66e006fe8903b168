/*
Removes what a lab that was killed left behind: droplets that nobody keeps, and what belongs to no droplet at all. What lives is let alone, and so is all that is not the lab's.
*/
import {readFile, rm} from 'node:fs/promises';
import {machineIn, machinesWithCgroup, removeCgroup} from './cgroup.js';
import {mountsBelow, unmountBelow} from './disk.js';
import {gatewayDownIfUnused} from './gateway.js';
import {locked} from './lock.js';
import {
	deleteInterface, machineOf, numbersInUse, setPlug,
} from './network.js';
import {droplets, folderOf, runtime} from './paths.js';
import {end, isAlive, processesWhere} from './processes.js';
import {names, readRecord, readState} from './record.js';
import {takeDown} from './take-down.js';

/** Whether nobody is left who could keep it: neither its keeper, nor whoever is about to start one. */
const isAbandoned = async (name: string): Promise<boolean> => {
	const [record, state] = await Promise.all([readRecord(name), readState(name)]);
	return !(await isAlive(state?.keeper) || (state === undefined && await isAlive(record?.owner)));
};

/** Ends what runs for a droplet, though its record does not know it: killed between starting it and writing that down. */
const endStray = async (living: readonly string[], machines: ReadonlySet<string>): Promise<number> => {
	// A name is a folder: what names another than those that live belongs to a droplet that is gone.
	const isStray = (commandLine: string): boolean => {
		const name = new RegExp(`${droplets}/([\\w\\-]+)(?:/|$| )`, 'v').exec(commandLine)?.[1] ?? /\/test\/lab\/keeper\.js (?<name>[\w\-]+)$/v.exec(commandLine)?.groups?.name;
		return name !== undefined && !living.includes(name);
	};

	const stray = await processesWhere((commandLine, cgroup) => {
		const machine = machineIn(cgroup);
		return machine === undefined ? /^(?:\S*\/)?(?:node|systemd-nspawn|qemu-system-x86_64) /v.test(commandLine) && isStray(commandLine) : !machines.has(machine);
	});
	await Promise.all(stray.map(async identity => end(identity)));
	return stray.length;
};

/** The services of a gateway that no record knows any more. */
const endServices = async (): Promise<void> => {
	const known = await readFile(`${runtime}/gateway.json`, 'utf8').catch(() => '');
	const ours = await processesWhere(commandLine => /^(?:\S*\/)?(?:apt-cacher-ng|dnsmasq) /v.test(commandLine) && commandLine.includes(`${runtime}/`));
	await Promise.all(ours.filter(({started}) => !known.includes(`"${started}"`)).map(async identity => end(identity)));
};

/** What is mounted for droplets that are gone. */
const unmountStray = async (living: readonly string[]): Promise<void> => {
	const gone = new Set((await mountsBelow(droplets)).map(point => point.slice(droplets.length + 1).split('/')[0]!).filter(name => !living.includes(name)));
	for (const name of gone) {
		const {folder} = folderOf(name);
		await unmountBelow(folder);
		await rm(folder, {recursive: true, force: true});
	}
};

/**
Looks for what is left, and removes it.

@returns what it removed, in words; nothing where all was tidy.
*/
export const sweep = async (): Promise<readonly string[]> => {
	const removed: string[] = [];
	// Under the lock, in which names are taken: one that is being taken has no record yet.
	const abandoned = await locked('lab', async () => {
		const all = await names();
		const dead = await Promise.all(all.map(async name => isAbandoned(name)));
		return all.filter((_, index) => dead[index]);
	});
	for (const name of abandoned) {
		await takeDown(name);
		removed.push(`droplet ${name}`);
	}

	await locked('lab', async () => {
		const living = await names();
		const records = await Promise.all(living.map(async name => readRecord(name)));
		const numbers = new Set(records.map(record => record?.number));
		const machines = new Set([...numbers].filter(number => number !== undefined).map(number => machineOf(number)));
		const ended = await endStray(living, machines);
		removed.push(...ended > 0 ? [`${ended} processes`] : []);
		await endServices();
		await unmountStray(living);
		for (const number of await numbersInUse()) {
			if (numbers.has(number)) {
				continue;
			}

			await setPlug(number, {plugged: true, ipv6: true});
			await deleteInterface(number);
			removed.push(`port ${number}`);
		}

		for (const machine of await machinesWithCgroup()) {
			if (!machines.has(machine)) {
				await removeCgroup(machine);
			}
		}

		await gatewayDownIfUnused();
	});
	return removed;
};
