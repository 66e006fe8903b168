import {Buffer} from 'node:buffer';
import {spawn} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {type FileHandle, open} from 'node:fs/promises';
import {Socket} from 'node:net';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {recipeOf} from './base-recipe.js';
import {baseTree} from './base-tree.js';
import {bootSeconds, Droplet, type Neighbour} from './droplet.js';
import {gatewayUp} from './gateway.js';
import {locked} from './lock.js';
import {folderOf} from './paths.js';
import {identify, until} from './processes.js';
import {
	type DropletRecord,
	type Release,
	allocate,
	names,
	readRecord,
	readState,
} from './record.js';
import {requirements} from './requirements.js';
import {sshAnswers} from './ssh-answers.js';

export type Wanted = {
	release: Release;
	/** A host name; chosen if not said. */
	name?: string;
	/** Namespaces (seconds, the default) or a virtual machine (half a minute, its own kernel, memory and clock). */
	kind?: 'container' | 'vm';
	/** Give root the droplet's key, as a droplet created with an SSH key has it. */
	rootKey?: boolean;
	/** Made if not said. */
	rootPassword?: string;
	/** Let it live on after this process; otherwise it goes with this process, however that ends. */
	lasting?: boolean;
};

/** Starts the process that makes and keeps the droplet; resolves once the droplet runs. */
const startKeeper = async (record: DropletRecord): Promise<void> => {
	// Read through this handle, because a keeper that fails deletes the folder with the log.
	const log = await open(folderOf(record.name).keeperLog, 'a+', 0o600);
	try {
		const keeper = spawn(process.execPath, [fileURLToPath(new URL('keeper.js', import.meta.url)), record.name], {
			cwd: '/',
			detached: true,
			stdio: [record.lasting ? 'ignore' : 'pipe', log.fd, log.fd],
		});
		keeper.unref();
		// The pipe must not keep this process from ending.
		if (keeper.stdin instanceof Socket) {
			keeper.stdin.unref();
		}

		await until(async () => {
			if (keeper.exitCode !== null || keeper.signalCode !== null) {
				throw new Error(`${record.name} did not boot: ${await textOf(log)}`);
			}

			const state = await readState(record.name);
			return state?.init !== undefined;
		}, 60, `${record.name} to boot`);
	} finally {
		await log.close();
	}
};

const textOf = async (log: FileHandle): Promise<string> => {
	const {buffer, bytesRead} = await log.read({position: 0, buffer: Buffer.alloc(64 * 1024)});
	return buffer.toString('utf8', 0, bytesRead).trim() || 'no reason given';
};

/** Not before the network is there may a droplet take its number: the last one to go takes the network with it. */
const make = async (wanted: Omit<DropletRecord, 'name' | 'number' | 'owner'> & {name: string | undefined}): Promise<Droplet> => {
	const record = await locked('lab', async () => {
		const allocated = await allocate({...wanted, run: process.env.DROPWISE_LAB_RUN, owner: (await identify(process.pid))!});
		await gatewayUp();
		return allocated;
	});
	const droplet = new Droplet(record);
	try {
		await startKeeper(record);
	} catch (error) {
		await droplet.down();
		throw error;
	}

	return droplet;
};

/**
Boots a fresh droplet, as one created with a root password is, and resolves when SSH answers: after about two seconds, and half a minute more the first time a release is asked for. `ubuntu-like` is deliberately not ready then.

@throws {LabUnavailable} where the lab cannot run.
*/
export const up = async (wanted: Wanted): Promise<Droplet> => {
	const {release, kind = 'container', rootKey = false, lasting = false} = wanted;
	await requirements(kind);
	const base = await baseTree(recipeOf(release, kind));
	const rootPassword = wanted.rootPassword ?? randomBytes(10).toString('hex');
	const droplet = await make({
		name: wanted.name, kind, release, rootKey, rootPassword, lasting, base,
	});
	await sshAnswers(droplet.address, bootSeconds[kind]);
	return droplet;
};

/** Another host on the droplets' network, to look at them from: a network namespace, v4 and v6, with this machine's own tools. */
export const neighbour = async ({name, lasting = false}: {name?: string; lasting?: boolean} = {}): Promise<Neighbour> => {
	await requirements();
	return make({
		name, kind: 'neighbour', release: 'trixie', rootKey: false, rootPassword: '', lasting, base: '',
	});
};

/** A droplet made earlier, by this process or another. Rejects where there is none of that name. */
export const find = async (name: string): Promise<Droplet> => {
	const record = await readRecord(name);
	if (!record) {
		const all = await names();
		throw new Error(`There is no droplet named ${JSON.stringify(name)}; there ${all.length === 0 ? 'is none at all' : `are: ${all.join(', ')}`}.`);
	}

	return new Droplet(record);
};

/** All droplets and neighbours, running or not, whoever made them. */
export const list = async (): Promise<Droplet[]> => {
	const all = await names();
	return Promise.all(all.map(async name => find(name)));
};
