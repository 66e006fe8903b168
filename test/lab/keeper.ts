/*
Keeps one droplet: makes its disk, runs it, boots it again when it reboots, and takes it down when told to or when its owner ends, in whatever way.

It is a process of its own, started with the droplet's name. Standard input is a pipe whose other end only the owner holds: that it closes is how the owner's death is learnt, at once and even from kill -9. A lasting droplet has no owner and no pipe. SIGTERM: take down. SIGUSR2: switch on.
*/
import {spawn} from 'node:child_process';
import {closeSync, openSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import process from 'node:process';
import {enterCgroup} from './cgroup.js';
import {makeKeyPair} from './disk.js';
import {machineFor} from './machine.js';
import {machineOf} from './network.js';
import {folderOf} from './paths.js';
import {
	type Identity,
	identify,
	isAlive,
	signal,
	until,
} from './processes.js';
import {type State, readRecord, writeState} from './record.js';
import {takeDown} from './take-down.js';

const [, , name = ''] = process.argv;
const record = await readRecord(name);
const keeper = await identify(process.pid);
if (!record || !keeper) {
	throw new Error(`there is no droplet ${name} to keep`);
}

const machine = await machineFor(record);
let state: State = {keeper, boots: 0};
let ending = false;

const update = async (change: Partial<State>): Promise<void> => {
	state = {...state, ...change};
	if (!ending) {
		await writeState(name, state);
	}
};

const takeDownOnce = async (): Promise<void> => {
	if (ending) {
		return;
	}

	ending = true;
	// A boot under way must be known before it can be ended.
	await booting.catch(() => undefined);
	await writeState(name, state);
	await takeDown(name);
	process.exit(0);
};

const boot = async (): Promise<void> => {
	const [command = '', ...rest] = machine.argv;
	const log = openSync(folderOf(name).console, 'a');
	const child = spawn(command, rest, {stdio: ['ignore', log, log], env: {...process.env, ...machine.environment}});
	closeSync(log);
	const ended = new Promise<number>(resolve => {
		child.once('error', error => {
			console.error(error);
			resolve(1);
		});
		child.once('close', code => {
			resolve(code ?? 1);
		});
	});
	void ended.then(async code => {
		await booting.catch(() => undefined);
		await update({machine: undefined, init: undefined});
		if (code === machine.rebootsWith && !ending) {
			switchOn();
		}
	});
	if (child.pid === undefined) {
		return;
	}

	const {pid} = child;
	await update({machine: await identify(pid), boots: state.boots + 1});
	const init = await until(async (): Promise<Identity | 'ended' | undefined> => {
		const found = await machine.init(pid);
		return found ? identify(found) : (await isAlive(state.machine) ? undefined : 'ended');
	}, 20, `the first process of ${name}`);
	if (init === 'ended') {
		return;
	}

	await machine.booted?.(init.pid);
	await update({init});
};

let booting: Promise<void> = Promise.resolve();
const switchOn = (): void => {
	booting = boot().catch(async (error: unknown) => {
		console.error(error);
		await signal(state.machine, 'SIGKILL');
	});
};

process.on('SIGTERM', () => {
	void takeDownOnce();
});
process.on('SIGUSR2', () => {
	if (!state.machine) {
		switchOn();
	}
});
// It shall outlive the terminal of its owner, which then closes the pipe in its own time.
for (const ignored of ['SIGHUP', 'SIGINT'] as const) {
	process.on(ignored, () => undefined);
}

if (!record.lasting) {
	for (const event of ['end', 'close', 'error']) {
		process.stdin.on(event, () => {
			void takeDownOnce();
		});
	}

	process.stdin.resume();
}

// An idle process ends; this one waits for signals.
setInterval(() => undefined, 1 << 30);

/** Resolves when it runs for the first time, or is no longer wanted. */
const begin = async (): Promise<void> => {
	await update({});
	await enterCgroup(machineOf(record.number));
	await makeKeyPair(record);
	await machine.prepare();
	if (ending) {
		return;
	}

	await boot();
	if (!state.init) {
		throw new Error(await readFile(folderOf(name).console, 'utf8'));
	}
};

try {
	booting = begin();
	await booting;
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	await takeDownOnce();
}
