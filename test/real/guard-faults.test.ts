/**
No lockout: whatever happens in the midst of a guarded step, on real droplets and with the engine itself, the old way in (root with its password) works again without anybody doing anything, and the server stands as it did just before the guard was armed.

DROPWISE_LAB_DISARM=1 takes the guard away the moment before: then every one of these must fail.
*/
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {connectSsh} from '../../source/server/ssh.js';
import {hide} from '../../source/server/secret.js';
import {explain, go, type Told} from '../contract/scenario.js';
import {type Droplet, type Release, up} from '../lab/lab.js';
import {
	recordIn,
	runTrial,
	stateBefore,
	type Trial,
} from './guard-trial.js';
import {realWorld} from './real-world.js';
import {differences, leftBehind, stateOf} from './state-of.js';
import {
	type Fault,
	reverted,
	faults,
} from './guard-fault-list.js';

/** Minutes of work for two cores: as many at once as pays. */
let free = 5;
const waiting: Array<() => void> = [];
const turn = async (): Promise<void> => {
	if (free > 0) {
		free--;
		return;
	}

	await new Promise<void>(resolve => {
		waiting.push(resolve);
	});
};

const turnOver = (): void => {
	const next = waiting.shift();
	if (next) {
		next();
	} else {
		free++;
	}
};

/** The program in a process of its own, which is gone when this resolves. */
const killed = async (t: ExecutionContext, {droplet, folder, at, guardSeconds, only}: Trial): Promise<void> => {
	const child = spawn(process.execPath, [fileURLToPath(new URL('guard-killed.js', import.meta.url)), droplet.name, folder, at.source, String(guardSeconds), ...only], {stdio: ['ignore', 'ignore', 'pipe']});
	let said = '';
	child.stderr.on('data', chunk => {
		said += String(chunk);
	});
	const [, signal] = await once(child, 'close') as [number | null, NodeJS.Signals | null];
	t.is(signal, 'SIGKILL', `it got as far as that: ${said}`);
};

/** How many seconds it takes until root gets in with its password. */
const oldWayIn = async ({address, rootPassword}: Droplet, port: number): Promise<void> => {
	for (const end = performance.now() + 60_000; ;) {
		try {
			const server = await connectSsh({
				address, port, login: {user: 'root', password: hide(rootPassword)}, trust: () => true,
			});
			await server.close();
			return;
		} catch (error) {
			if (performance.now() > end) {
				throw error;
			}
		}

		await sleep(500);
	}
};

/** At the boot that just was, the revert was over before sshd, or its socket, began. */
const beforeSshd = async (t: ExecutionContext, droplet: Droplet): Promise<void> => {
	const lines = (await droplet.must(['journalctl', '-b', '-o', 'cat', '_PID=1'])).split('\n');
	const guard = lines.findIndex(line => line.startsWith('Finished dropwise-guard.service'));
	const sshd = lines.findIndex(line => /^(?:Started|Starting|Listening on) ssh\.(?:service|socket)/v.test(line));
	t.true(guard !== -1 && sshd !== -1 && guard < sshd, `the revert was over before sshd began: ${guard}, ${sshd}`);
};

const toldWell = (t: ExecutionContext, {ends, says}: Fault, told: Told): void => {
	t.is(told.exitCode, ends === 'reverted' ? 1 : 3, explain(told));
	if (ends === 'reverted') {
		const why = told.events.flatMap(event => (event.event === 'reverted' ? [event.why] : []));
		t.is(why.length, 1);
		t.regex(why[0]!, says!);
		t.true(told.events.some(event => event.event === 'step-finished' && event.ended === 'reverted'));
	} else {
		t.true(told.events.some(event => event.event === 'trouble'));
	}
};

const rows: string[] = [];

const tried = async (t: ExecutionContext, fault: Fault, release: Release): Promise<void> => {
	const droplet = await up({release});
	t.teardown(async () => droplet.down());
	const folder = await mkdtemp(path.join(tmpdir(), 'dropwise-guard-'));
	t.teardown(async () => rm(folder, {recursive: true}));
	if (release === 'ubuntu-like') {
		// What cloud-init does in its first seconds is not the guard's to put back.
		await droplet.must(['cloud-init', 'status', '--wait']);
	}

	await fault.found?.(droplet);
	const {only, at, guardSeconds, ends, port = droplet.port} = fault;
	const trial = {
		droplet, only, at, folder, ...(guardSeconds === undefined ? {} : {guardSeconds}),
	};
	let begin = 0;
	if (ends === 'killed') {
		await killed(t, trial);
		begin = performance.now();
	} else {
		const told = await runTrial(trial, async () => {
			begin = performance.now();
			await fault.strike!(droplet);
		});
		t.true(told.struck, `it happened: ${explain(told)}`);
		toldWell(t, fault, told);
	}

	await fault.next?.(droplet);
	t.true(await reverted(droplet, (guardSeconds ?? 90) + 20), 'the server put everything back by itself');
	t.deepEqual((await droplet.read('/var/lib/dropwise/guard/reverted')).trim().split('\n').slice(1), fault.amiss ?? [], 'what it says that it could not put back');
	await fault.after?.(droplet);
	await oldWayIn(droplet, port);
	rows.push(`${fault.what.padEnd(76)} ${release.padEnd(12)} ${((performance.now() - begin) / 1000).toFixed(1).padStart(5)}`);

	const differing = differences(await stateBefore(folder), await stateOf(droplet, port));
	t.is(differing.length, fault.differs?.length ?? 0, differing.join('\n'));
	for (const [index, pattern] of (fault.differs ?? []).entries()) {
		t.regex(differing[index]!, pattern);
	}

	t.deepEqual(await leftBehind(droplet), []);
	if (fault.boots) {
		await beforeSshd(t, droplet);
	}

	await fault.mend?.(droplet);
	const world = await realWorld(droplet);
	const again = await go({
		...world, open: async login => connectSsh({
			address: droplet.address, port, login, trust: () => true,
		}),
	}, 'apply', {journal: await recordIn(folder)});
	t.deepEqual({exitCode: again.exitCode, red: again.red, unknown: again.unknown}, {exitCode: 0, red: [], unknown: []}, explain(again));
	t.is(again.events.some(event => event.event === 'reverted'), ends !== 'reverted', 'the next run says what happened, where nobody heard it');
};

test.after.always(t => {
	t.log(['what happens, release, and seconds until root gets in with its password again:', ...rows.toSorted()].join('\n'));
});

for (const fault of faults) {
	for (const release of fault.releases) {
		test(`${release}: ${fault.what}`, async t => {
			t.timeout(900_000);
			await turn();
			try {
				await tried(t, fault, release);
			} finally {
				turnOver();
			}
		});
	}
}
