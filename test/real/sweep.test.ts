/** What a lab that was killed in the midst leaves behind is found and removed, and nothing else. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFile, rm} from 'node:fs/promises';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {machinesWithCgroup} from '../lab/cgroup.js';
import {run} from '../lab/command.js';
import {find, up} from '../lab/lab.js';
import {hasInterface, interfaceOf, machineOf, numbersInUse} from '../lab/network.js';
import {folderOf} from '../lab/paths.js';
import {isAlive} from '../lab/processes.js';
import {names, readRecord, readState} from '../lab/record.js';
import {sweep} from '../lab/sweep.js';

/** A droplet, unplugged, whose keeper and owner were killed in one moment: nobody is left to take it down. */
const abandoned = async (): Promise<{readonly name: string; readonly number: number}> => {
	const program = `
		const {up} = await import(${JSON.stringify(new URL('../lab/lab.js', import.meta.url))});
		const droplet = await up({release: 'trixie'});
		console.log(droplet.name);
		setInterval(() => undefined, 1000);
	`;
	const owner = spawn(process.execPath, ['--input-type=module', '--eval', program], {stdio: ['ignore', 'pipe', 'inherit']});
	const [line] = await once(owner.stdout, 'data') as [Uint8Array];
	const name = new TextDecoder().decode(line).trim();
	await (await find(name)).unplug();
	const [record, state] = await Promise.all([readRecord(name), readState(name)]);
	// The keeper first, or it would notice.
	process.kill(state!.keeper.pid, 'SIGKILL');
	owner.kill('SIGKILL');
	await once(owner, 'close');
	return {name, number: record!.number};
};

const nothingIsLeft = async (t: ExecutionContext, {name, number}: {readonly name: string; readonly number: number}): Promise<void> => {
	t.false((await names()).includes(name));
	t.notRegex(await readFile('/proc/self/mounts', 'utf8'), new RegExp(`/${name}/`, 'v'));
	t.false(await hasInterface(interfaceOf(number)));
	t.false((await numbersInUse()).includes(number), 'nor a rule at the bridge');
	t.false((await machinesWithCgroup()).includes(machineOf(number)));
	t.is((await run(['pgrep', '--full', `/${name}/root|keeper.js ${name}$`])).out, '');
};

test.serial('a droplet that nobody keeps, though it runs; one that lives stays as it is', async t => {
	const living = await up({release: 'trixie'});
	t.teardown(async () => living.down());
	const dead = await abandoned();
	t.true(await isAlive((await readState(dead.name))?.init));
	t.true((await sweep()).includes(`droplet ${dead.name}`));
	await nothingIsLeft(t, dead);
	t.is(await living.must(['echo', 'alive']), 'alive\n');
	t.deepEqual(await sweep(), []);
});

test.serial('the same where its record is gone: what runs, what is mounted and what is dropped at the bridge belongs to nobody', async t => {
	const dead = await abandoned();
	await rm(folderOf(dead.name).record);
	await rm(folderOf(dead.name).state);
	await sweep();
	await nothingIsLeft(t, dead);
});
