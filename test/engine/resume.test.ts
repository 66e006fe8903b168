/**
The program killed for good after every single event of a run, and between any two lines of its record: the next start goes on to the same end.

Every moment takes some eight minutes, so `npm test` tries a slice of them; see `test/slice.ts`.
*/
import {cp, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {Event} from '../../source/engine/events.js';
import {ordersOf} from '../../source/engine/install.js';
import {readServerRecord} from '../../source/record/server-record.js';
import type {Done} from '../../source/record/journal.js';
import {makeKey} from '../../source/server/key-pairs.js';
import type {KeyInHand} from '../../source/step.js';
import type {Level} from '../../source/practice/state.js';
import {sliceOf} from '../slice.js';
import {spawnFixture} from './fixtures/killed.js';
import type {Kill} from './fixtures/moments.js';
import {practiceIn} from './fixtures/practice.js';
import type {PracticeStart} from './fixtures/practice-start.js';
import {
	differences,
	doneIn,
	readDroplet,
	readRecord,
	stateOf,
} from './fixtures/practice-state.js';
import {start, type Start, type Went} from './fixtures/start.js';

/** Processes at once. */
const workers = 3;
/** Moments are many. */
const some = <T>(all: readonly T[]): readonly T[] => sliceOf(all, 53);
/** Seconds after which a dead run's lease is over. */
const lapsed = 31;

let folder: string;
let key: KeyInHand;
let count = 0;

test.before(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'dropwise-resume-'));
	key = await makeKey(path.join(folder, 'key'), 'test');
});

test.after.always(async () => {
	await rm(folder, {recursive: true, force: true, maxRetries: 5});
});

type Room = {readonly directory: string; readonly record: string; readonly level: Level};

const fresh = new Map<Level, Promise<string>>();

/** A fresh droplet, whose passwords are salted in their own way each time, and so are all its copies. */
const makeFresh = async (level: Level): Promise<string> => {
	const directory = path.join(folder, level);
	const place = practiceIn(directory, level, key);
	const server = await place.open(place.root);
	await server.close();
	return directory;
};

const newRoom = async (level: Level): Promise<Room> => {
	const room = path.join(folder, `room-${++count}`);
	const directory = path.join(room, 'droplet');
	fresh.set(level, fresh.get(level) ?? makeFresh(level));
	await cp(await fresh.get(level)!, directory, {recursive: true});
	return {directory, record: path.join(room, 'record'), level};
};

const startIn = async ({directory, record, level}: Room, ahead: number, options: Omit<Start, 'record'>): Promise<Went> => start(practiceIn(directory, level, key, ahead), {...options, record});

const killIn = async (t: ExecutionContext, room: Room, kill: Kill, options: Partial<PracticeStart> = {}): Promise<void> => {
	const ended = await spawnFixture('practice-start', {
		...room, key, doing: 'apply', kill, ...options,
	});
	t.is(ended.signal, 'SIGKILL', ended.err);
};

const each = async <T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> => {
	const left = [...all];
	await Promise.all(Array.from({length: workers}, async () => {
		for (let one = left.shift(); one !== undefined; one = left.shift()) {
			await work(one);
		}
	}));
};

/** The last verdict on each claim, on whatever day. */
const verdictsIn = (events: readonly Event[]): unknown => Object.fromEntries(events.flatMap(event => (event.event === 'claims' ? event.claims.map(claim => [`${event.step}/${claim.id}`, {...claim, says: claim.says.replace(/\d{4}-\d\d-\d\d/, 'a day')}] as const) : [])));

type Whole = {readonly room: Room; readonly went: Went; readonly state: unknown; readonly done: unknown; readonly verdicts: unknown};

const wholeRun = async (t: ExecutionContext, level: Level): Promise<Whole> => {
	const room = await newRoom(level);
	const went = await startIn(room, 0, {doing: 'apply'});
	t.is(went.exitCode, 0);
	const checked = await startIn(room, 0, {doing: 'check'});
	t.is(checked.exitCode, 0);
	return {
		room, went, state: stateOf(room.directory), done: doneIn(withoutThat((await readServerRecord(room.record)).done)), verdicts: verdictsIn(checked.events),
	};
};

/** What the next start must tell about the action that was cut off: its own output and exit code, if it had come to the server. */
const cutOff = async ({directory, record}: Room): Promise<{id: string; out: string; code: number} | undefined> => {
	const [begun] = (await readServerRecord(record)).begun;
	const {orders, boot} = readDroplet(directory);
	if (begun?.do === 'reboot') {
		return begun.boot === boot.id ? undefined : {id: begun.id, out: '', code: 0};
	}

	const id = begun && ordersOf(begun.id, begun.shows).map(order => order.id).find(one => orders[one] && orders[one].outcome === 'ran');
	return id === undefined ? undefined : {id, out: orders[id]!.pieces.filter(({stream}) => stream === 'out').map(({text}) => text).join(''), code: orders[id]!.code};
};

/** Makes ready for the next command, and is nothing by itself: whoever plans that one anew plans this one too. */
const makesReady = 'systemctl reset-failed docker';
const withoutThat = (done: readonly Done[]): readonly Done[] => done.filter(({shows}) => shows !== makesReady);

/** What was carried out more than once, though nothing had put it back. */
const twice = ({directory, record}: Room): readonly string[] => {
	const {orders} = readDroplet(directory);
	const shows = readRecord(record).flatMap(({begun}) => (begun && begun.guard === undefined && orders[begun.id]?.outcome === 'ran' ? [begun.shows] : []));
	return shows.filter((one, index) => one !== makesReady && shows.indexOf(one) !== index);
};

type Gone = {resumed: boolean; reverted: boolean; wrong: readonly string[]};

const goesOn = async (whole: Whole, room: Room): Promise<Gone> => {
	const expected = await cutOff(room);
	const next = await startIn(room, lapsed, {doing: 'apply'});
	const resumed = next.events.find(event => event.event === 'resumed');
	const done = doneIn(withoutThat((await readServerRecord(room.record)).done));
	const checked = await startIn(room, lapsed, {doing: 'check'});
	return {
		resumed: resumed !== undefined,
		reverted: next.events.some(({event}) => event === 'reverted'),
		wrong: [
			...differences([next.exitCode, checked.exitCode], [0, 0], 'exit codes'),
			...differences(next.events.filter(({event}) => event === 'trouble'), [], 'trouble'),
			...differences(resumed && {id: resumed.id, out: resumed.out, code: resumed.code}, expected, 'what the cut-off action said'),
			...differences(stateOf(room.directory), whole.state, 'the droplet'),
			...differences(done, whole.done, 'the record'),
			...differences(verdictsIn(checked.events), whole.verdicts, 'the verdicts'),
			...twice(room).map(shows => `done twice: ${shows}`),
		],
	};
};

const everyMoment = async (t: ExecutionContext, level: Level, wanted: (moment: string) => boolean): Promise<void> => {
	const whole = await wholeRun(t, level);
	const {moments} = whole.went;
	const chosen = some(moments.map((moment, index) => ({moment, nth: index + 1})).filter(({moment}) => wanted(moment)));
	const wrong: string[] = [];
	const tally = {
		events: 0, between: 0, resumed: 0, reverted: 0,
	};
	await each(chosen, async ({moment, nth}) => {
		const room = await newRoom(level);
		await killIn(t, room, {nth});
		const {resumed, reverted, wrong: here} = await goesOn(whole, room);
		wrong.push(...here.map(one => `${nth}, ${moment}: ${one.slice(0, 500)}`));
		tally.events += moment.startsWith('heard ') ? 1 : 0;
		tally.between += moment.startsWith('heard ') ? 0 : 1;
		tally.resumed += resumed ? 1 : 0;
		tally.reverted += reverted ? 1 : 0;
	});
	t.log(`${level}: killed after ${tally.events} events of ${moments.filter(one => one.startsWith('heard ')).length}, and at ${tally.between} moments of ${moments.filter(one => !one.startsWith('heard ')).length} around the record and the server; ${tally.resumed} times an action was heard to its end, ${tally.reverted} times the guard put back`);
	t.deepEqual(wrong, []);
};

test.serial('killed after every event, and around every line of the record and every order: systemd', async t => {
	t.timeout(600_000);
	await everyMoment(t, 'debian-13', () => true);
});

test.serial('killed after every event: Ubuntu 14.04', async t => {
	t.timeout(600_000);
	await everyMoment(t, 'ubuntu-14.04', moment => moment.startsWith('heard '));
});

/** What an undo tells of files that others changed since. */
const othersIn = ({events}: Went): readonly string[] => events.flatMap(event => (event.event === 'note' && event.says.includes('what others did') ? [event.says] : []));

const copyOf = async ({directory, record, level}: Room): Promise<Room> => {
	const room = path.join(folder, `room-${++count}`);
	const copy = {directory: path.join(room, 'droplet'), record: path.join(room, 'record'), level};
	await cp(directory, copy.directory, {recursive: true});
	await cp(record, copy.record, {recursive: true});
	return copy;
};

test.serial('an undo killed at every moment goes on, and so does an apply after it', async t => {
	t.timeout(600_000);
	const room = await newRoom('debian-13');
	t.is((await startIn(room, 0, {doing: 'apply'})).exitCode, 0);
	const wrong: string[] = [];
	let killed = 0;
	for (const undo of ['docker-behind-firewall', 'docker', 'firewall', 'ssh-keys-only', 'admin-user']) {
		const [asRoot, only] = [undo === 'admin-user', [undo]];
		const undone = await copyOf(room);
		const went = await startIn(undone, 0, {doing: 'undo', undo, asRoot});
		t.is(went.exitCode, 0);
		const should = stateOf(undone.directory);
		await each(some([...went.moments.keys()]), async index => {
			const moment = `${undo}, ${index + 1}, ${went.moments[index]!}`;
			const here = await copyOf(room);
			await killIn(t, here, {nth: index + 1}, {doing: 'undo', undo, asRoot});
			const elsewhere = await copyOf(here);
			const on = await startIn(here, lapsed, {doing: 'undo', undo, asRoot});
			const wasOver = on.events.some(event => event.event === 'trouble' && event.trouble.what.startsWith('Nothing that'));
			wrong.push(
				...differences(on.exitCode, wasOver ? 1 : 0, `${moment}: exit code`),
				...differences(stateOf(here.directory), should, `${moment}: undone`),
				...differences(doneIn((await readServerRecord(here.record)).done), doneIn((await readServerRecord(undone.record)).done), `${moment}: the record`),
				...othersIn(on).filter(says => !othersIn(went).includes(says)).map(says => `${moment}: ${says}`),
			);
			// the person thinks better of it, and then again
			const again = await startIn(elsewhere, lapsed, {doing: 'apply', asRoot, only});
			const once = await startIn(elsewhere, lapsed, {doing: 'undo', undo, asRoot});
			wrong.push(
				...differences([again.exitCode, once.exitCode], [0, 0], `${moment}: applied, and undone`),
				...differences(stateOf(elsewhere.directory), should, `${moment}: applied, and undone`),
			);
			killed++;
		});
		await rm(room.directory, {recursive: true});
		await rm(room.record, {recursive: true});
		await cp(undone.directory, room.directory, {recursive: true});
		await cp(undone.record, room.record, {recursive: true});
	}

	t.log(`killed at ${killed} moments of five undos`);
	t.deepEqual(wrong.map(one => one.slice(0, 300)), []);
});
