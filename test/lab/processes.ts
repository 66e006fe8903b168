import {readdir, readFile} from 'node:fs/promises';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';

/** A process for certain: ids are used again, ids with their start time are not. */
export type Identity = {pid: number; started: string};

/** Who `pid` is now, or undefined where no such process runs. */
export const identify = async (pid: number): Promise<Identity | undefined> => {
	try {
		const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
		// The command's name, in parentheses, may hold anything; the fields are counted behind it.
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		return fields[0] === 'Z' ? undefined : {pid, started: fields[19] ?? ''};
	} catch {
		return undefined;
	}
};

export const isAlive = async (identity: Identity | undefined): Promise<boolean> => {
	if (!identity) {
		return false;
	}

	const now = await identify(identity.pid);
	return now?.started === identity.started;
};

/** Sends a signal, to this very process only. */
export const signal = async (identity: Identity | undefined, name: NodeJS.Signals): Promise<void> => {
	if (identity && await isAlive(identity)) {
		try {
			process.kill(identity.pid, name);
		} catch {} // It ended in between.
	}
};

/** Ends a process with `name` (SIGKILL) and waits for its end. */
export const end = async (identity: Identity | undefined, name: NodeJS.Signals = 'SIGKILL'): Promise<void> => {
	await signal(identity, name);
	await until(async () => !(await isAlive(identity)), 20, `process ${identity?.pid} to end`);
};

/** The children of a process, first-born first. */
export const childrenOf = async (pid: number): Promise<number[]> => {
	try {
		const list = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
		return list.split(' ').filter(Boolean).map(Number);
	} catch {
		return [];
	}
};

/** What a process calls itself; tells before and after its exec apart. */
export const commandOf = async (pid: number): Promise<string | undefined> => {
	try {
		const text = await readFile(`/proc/${pid}/comm`, 'utf8');
		return text.trim();
	} catch {
		return undefined;
	}
};

/** All processes whose command line or cgroup fits. This process and those above it are none of them. */
export const processesWhere = async (fits: (commandLine: string, cgroup: string) => boolean): Promise<readonly Identity[]> => {
	const pids = (await readdir('/proc')).filter(name => /^\d+$/v.test(name) && Number(name) !== process.pid && Number(name) !== process.ppid);
	const found = await Promise.all(pids.map(async pid => {
		try {
			const [commandLine, cgroup] = await Promise.all([readFile(`/proc/${pid}/cmdline`, 'utf8'), readFile(`/proc/${pid}/cgroup`, 'utf8')]);
			return fits(commandLine.replaceAll('\0', ' ').trim(), cgroup) ? await identify(Number(pid)) : undefined;
		} catch {
			return undefined;
		}
	}));
	return found.filter(identity => identity !== undefined);
};

/** Asks every 25 ms until the answer is neither false nor undefined; rejects after so many seconds. */
export const until = async <T>(ask: () => Promise<T | false | undefined>, seconds: number, what: string): Promise<T> => {
	const deadline = performance.now() + (seconds * 1000);
	for (;;) {
		const answer = await ask();
		if (answer !== undefined && answer !== false) {
			return answer;
		}

		if (performance.now() > deadline) {
			throw new Error(`waited ${seconds} s for ${what}`);
		}

		await sleep(25);
	}
};
