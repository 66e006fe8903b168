import {
	mkdir,
	readFile,
	rm,
	statfs,
} from 'node:fs/promises';
import path from 'node:path';
import {must, run} from './command.js';
import {bridgeDown, bridgeUp, gateway} from './network.js';
import {runtime} from './paths.js';
import {
	type Identity,
	end,
	isAlive,
	until,
} from './processes.js';
import {names, writeJson} from './record.js';
import {packagesPort, startNames, startPackages} from './services.js';
import {listens} from './ssh-answers.js';

type Gateway = {packages?: Identity; names?: Identity};
const file = path.join(runtime, 'gateway.json');
const nspawnRuntime = '/run/systemd/nspawn';
const mountName = 'dropwise-lab';

const read = async (): Promise<Gateway> => {
	try {
		return JSON.parse(await readFile(file, 'utf8')) as Gateway;
	} catch {
		return {};
	}
};

/** What systemd-nspawn propagates mounts through has to lie on a tmpfs, which /run is not on every machine. */
const mountRuntime = async (): Promise<void> => {
	const tmpfs = 0x01_02_19_94;
	await mkdir(nspawnRuntime, {recursive: true});
	const {type} = await statfs(nspawnRuntime);
	if (type !== tmpfs) {
		await must(['mount', '-t', 'tmpfs', '-o', 'mode=0755', mountName, nspawnRuntime]);
	}
};

/** Unmounts it where it is ours, and only that. */
const unmountRuntime = async (): Promise<void> => {
	const mounts = await readFile('/proc/self/mounts', 'utf8');
	if (mounts.split('\n').some(line => line.startsWith(`${mountName} ${nspawnRuntime} `))) {
		await run(['umount', nspawnRuntime]);
	}
};

/** Makes the network and what stands on its gateway, as far as it is missing. Call it under the lock. */
export const gatewayUp = async (): Promise<void> => {
	await mkdir(runtime, {recursive: true});
	const now = await read();
	await bridgeUp();
	await mountRuntime();
	const next: Gateway = {
		packages: await isAlive(now.packages) ? now.packages! : await startPackages(),
		names: await isAlive(now.names) ? now.names! : await startNames(),
	};
	await writeJson(file, next);
	await until(async () => listens(gateway, packagesPort), 10, 'the cache of packages on the gateway');
};

/** Takes network and services away if no droplet stands on them any more. Call it under the lock. */
export const gatewayDownIfUnused = async (): Promise<void> => {
	const left = await names();
	if (left.length > 0) {
		return;
	}

	const now = await read();
	await end(now.packages, 'SIGTERM');
	await end(now.names, 'SIGTERM');
	await bridgeDown();
	await unmountRuntime();
	await rm(file, {force: true});
};
