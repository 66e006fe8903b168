/** A restart that is gone through on purpose: what is seen of it is remembered, grows stale, and is not lost with the run that began it. */
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {practiceWorld} from '../contract/practice-world.js';
import {explain, go, type Options} from '../contract/scenario.js';
import {unsavedRecord} from '../../source/record/server-record.js';
import {openConsole} from '../../source/practice/console.js';
import type {Event} from '../../source/engine/events.js';
import {makeKey} from '../../source/server/key-pairs.js';
import {spawnFixture} from './fixtures/killed.js';
import {practiceIn} from './fixtures/practice.js';
import {start} from './fixtures/start.js';

const id = 'reboot-rehearsal/outlasts';

const setUp = async (t: ExecutionContext, options: Options = {}) => {
	const world = await practiceWorld('ubuntu-14.04');
	t.teardown(async () => world.close());
	const journal = unsavedRecord();
	const told = await go(world, 'apply', {journal, ...options});
	return {world, told, all: {journal, login: world.admin}};
};

const notesIn = (events: readonly Event[]): readonly string[] => events.flatMap(event => event.event === 'note' ? [event.says] : []);
const unknownIn = ({verdicts}: Awaited<ReturnType<typeof go>>): string => {
	const claim = verdicts.get(id);
	return claim && 'unknown' in claim ? claim.unknown : JSON.stringify(claim);
};

test('it is gone through once, over all steps, and is not done again', async t => {
	const {world, told, all} = await setUp(t);
	t.deepEqual([told.exitCode, told.did.filter(one => one === 'reboot').length], [0, 2], 'one that the system asks for, and this');
	t.true(notesIn(told.events).some(says => /^Before the restart (\d+) of \1 claims hold/.test(says)), notesIn(told.events).join('\n'));
	for (const repeats of [false, true]) {
		const again = await go(world, 'apply', {...all, repeats});
		t.deepEqual([again.exitCode, again.did, again.unknown], [0, [], []], explain(again));
	}
});

test('by hand a file is changed: it is stale, and gone through again only where somebody wants that', async t => {
	const {world, all} = await setUp(t);
	await world.write('/etc/sudoers.d/mine', '# mine\n', 0o440);
	t.is(unknownIn(await go(world, 'check', all)).slice(0, 9), '{"id":"ou', 'a file that no step goes by is none of ours');
	await world.write('/etc/default/ufw', `${await world.read('/etc/default/ufw') ?? ''}# mine\n`);
	const checked = await go(world, 'check', all);
	t.deepEqual([checked.exitCode, checked.unknown], [0, [id]]);
	t.regex(unknownIn(checked), /since then \/etc\/default\/ufw changed$/);
	const unasked = await go(world, 'apply', all);
	t.deepEqual([unasked.exitCode, unasked.did], [0, []], explain(unasked));
	t.true(notesIn(unasked.events).some(says => says.endsWith('dropwise apply practice ubuntu-14.04 --steps reboot-rehearsal')), notesIn(unasked.events).join('\n'));
	const asked = await go(world, 'apply', {...all, only: ['reboot-rehearsal'], repeats: true});
	t.deepEqual([asked.exitCode, asked.did, asked.unknown], [0, ['reboot'], []], explain(asked));
});

test('a server that is not well is not restarted unasked', async t => {
	const {told} = await setUp(t, {
		// Nobody gets a key onto it.
		only: ['admin-user', 'ssh-keys-only', 'reboot-rehearsal'], decide: async ({step}) => step === 'admin-user' ? 'skip' : 'do',
	});
	t.deepEqual(told.did, [], explain(told));
	t.true(notesIn(told.events).some(says => says.startsWith('This is not gone through unasked.')), notesIn(told.events).join('\n'));
});

test('what did not hold before is no part of it', async t => {
	const {told, world, all} = await setUp(t, {only: ['system-updates', 'admin-user']});
	t.is(told.exitCode, 0);
	const rehearsed = await go(world, 'apply', {...all, only: ['reboot-rehearsal']});
	t.deepEqual([rehearsed.exitCode, rehearsed.red, rehearsed.unknown, rehearsed.did], [0, [], [], ['reboot']], explain(rehearsed));
	t.true(notesIn(rehearsed.events).some(says => /^Before the restart \d+ of \d+ claims hold: [^.]+\. The other \d+ did not hold anyway and are left out\.$/.test(says)), notesIn(rehearsed.events).join('\n'));
});

test('what is not there any more is not called seen', async t => {
	const {world, told, all} = await setUp(t, {only: ['system-updates', 'admin-user', 'ssh-keys-only', 'firewall']});
	t.is(told.exitCode, 0);
	// The database does not come back by itself.
	await world.write('/etc/init/mysql.override', 'manual\n');
	const rehearsed = await go(world, 'apply', {...all, only: ['reboot-rehearsal'], startSeconds: 1});
	t.deepEqual([rehearsed.exitCode, rehearsed.red, rehearsed.unknown], [0, [], [id]], explain(rehearsed));
	t.regex(unknownIn(rehearsed), /^2 of them could not be seen again \(not there any more\): "Seen from outside": port 3306 \(mysqld, a database\) is closed from where you sit, over IPv4 and 1 more$/);
});

test('typed by hand, it is seen all the same', async t => {
	const {world, all} = await setUp(t, {only: ['system-updates', 'admin-user']});
	const told = await go(world, 'apply', {
		...all, only: ['reboot-rehearsal'], decide: async () => 'typed', async byHand(_, {look}) {
			await world.prompt.enter('reboot');
			await look();
			return 'back';
		},
	});
	t.deepEqual([told.exitCode, told.did, told.unknown, told.red], [0, [], [], []], explain(told));
});

/** A droplet of its own that can be started over and over, as a person starts the program. */
const room = async (t: ExecutionContext) => {
	const folder = await mkdtemp(path.join(tmpdir(), 'dropwise-rehearsal-'));
	t.teardown(async () => rm(folder, {recursive: true, force: true}));
	const [directory, record] = [path.join(folder, 'droplet'), path.join(folder, 'record')];
	const key = await makeKey(path.join(folder, 'key'), 'test');
	const level = 'ubuntu-14.04';
	const bootNow = (): string => openConsole({directory, level}).touch(({droplet}) => droplet.boot.id);
	return {directory, record, key, level, bootNow} as const;
};

test('killed after the restart was ordered: the next start looks at what outlasted it, before it mends anything', async t => {
	const {directory, record, key, level, bootNow} = await room(t);
	const ended = await spawnFixture('practice-start', {
		directory, record, key, level, doing: 'apply', kill: {nth: 2, like: '^after server\\.act reboot|^before server\\.act cloud-init status --wait'},
	});
	t.is(ended.signal, 'SIGKILL', ended.err);
	// The first was the system's own; this one is begun and killed at the same place.
	const rehearsing = await spawnFixture('practice-start', {
		directory, record, key, level, ahead: 31, doing: 'apply', kill: {nth: 1, like: '^before journal\\.remember'},
	});
	t.is(rehearsing.signal, 'SIGKILL', rehearsing.err);
	const boot = bootNow();
	openConsole({directory, level}).run(['ufw', 'disable']);
	const next = await start(practiceIn(directory, level, key, 62), {record, doing: 'apply', startSeconds: 1});
	t.is(bootNow(), boot, 'no second restart');
	const red = next.events.flatMap(event => event.event === 'claims' ? event.claims.filter(claim => 'holds' in claim && !claim.holds).map(claim => `${event.step}/${claim.id}`) : []);
	t.true(red.includes('firewall/on'));
	const last = next.events.flatMap(event => event.event === 'claims' && event.step === 'reboot-rehearsal' ? event.claims : []).at(-1);
	t.regex(last && 'unknown' in last ? last.unknown : JSON.stringify(last), /and since then dropwise did "ufw --force enable"/);
});

test('one that does not come back: what to do, in words; and when it is back after all, what outlasted', async t => {
	const {directory, record, key, level, bootNow} = await room(t);
	t.is((await start(practiceIn(directory, level, key), {record, doing: 'apply', only: ['system-updates', 'admin-user']})).exitCode, 0);
	const before = bootNow();
	const slow = await start(practiceIn(directory, level, key, 31, 0.4), {record, doing: 'apply', restartSeconds: 1});
	t.is(slow.exitCode, 3);
	const trouble = slow.events.findLast(event => event.event === 'trouble');
	t.regex(JSON.stringify(trouble), /did not come back within 1 seconds[\s\S]*Console/);
	t.not(bootNow(), before);
	await sleep(5000);
	const boot = bootNow();
	const next = await start(practiceIn(directory, level, key, 62), {record, doing: 'apply'});
	t.is(next.exitCode, 0);
	t.is(bootNow(), boot);
});
