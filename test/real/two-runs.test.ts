/**
Two runs at once on a real droplet: the second leaves, and the first does not notice. Of a dead one nobody is kept waiting longer than its lease.
*/
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import type {Event} from '../../source/engine/events.js';
import {openServerRecord} from '../../source/record/server-record.js';
import {Redactor} from '../../source/record/redact.js';
import {placeOf} from '../engine/fixtures/droplet-place.js';
import {spawnFixture} from '../engine/fixtures/killed.js';
import {start, type Went} from '../engine/fixtures/start.js';
import {up} from '../lab/lab.js';

test.serial('the second run exits 4, says who holds the server, and changes nothing', async t => {
	t.timeout(300_000);
	const [droplet, folder] = await Promise.all([up({release: 'trixie'}), mkdtemp(path.join(tmpdir(), 'dropwise-two-'))]);
	t.teardown(async () => {
		await droplet.down();
		await rm(folder, {recursive: true, force: true});
	});
	const place = await placeOf(droplet);
	// the other computer knows the server, and has the same key
	await (await openServerRecord(path.join(folder, 'b'), new Redactor())).learn({user: 'ada', key: place.key});
	let second: Promise<Went> | undefined;
	let took = 0;
	const begin = performance.now();
	const first = await start(place, {record: path.join(folder, 'a'), doing: 'apply', holder: 'ada@laptop since 10:31'}, (event: Event) => {
		if (!(event.event === 'action-started' && event.action.shows === 'apt-get install ufw')) {
			return;
		}

		const asked = performance.now();
		second = start(place, {record: path.join(folder, 'b'), doing: 'apply', holder: 'bob@elsewhere'}).then(went => {
			took = (performance.now() - asked) / 1000;
			return went;
		});
	});
	t.is(first.exitCode, 0);
	t.is(first.events.filter(({event}) => event === 'trouble').length, 0);
	const other = await second!;
	t.is(other.exitCode, 4);
	const trouble = other.events.find(event => event.event === 'trouble')!;
	t.is(trouble.trouble.what, 'Another run holds this server: ada@laptop since 10:31.');
	t.false(other.events.some(({event}) => event === 'action-started' || event === 'step-started'));
	t.true(other.silence < 2100);
	t.log(`the second left after ${took.toFixed(1)} s, the first took ${((performance.now() - begin) / 1000).toFixed(1)} s`);
});

test.serial('a dead holder\'s lease lapses within thirty seconds', async t => {
	t.timeout(300_000);
	const [droplet, folder] = await Promise.all([up({release: 'trixie'}), mkdtemp(path.join(tmpdir(), 'dropwise-two-'))]);
	t.teardown(async () => {
		await droplet.down();
		await rm(folder, {recursive: true, force: true});
	});
	const {address, port, rootPassword, keyFile} = droplet;
	const ended = await spawnFixture('droplet-start', {
		droplet: {
			address, port, rootPassword, keyFile,
		}, record: path.join(folder, 'a'), doing: 'apply', holder: 'the dead', kill: {like: String.raw`^after server\.lock`, nth: 1},
	});
	t.is(ended.signal, 'SIGKILL', ended.err);
	const died = performance.now();
	let taken = 0;
	const place = await placeOf(droplet);
	// from another computer: another record
	const next = await start(place, {record: path.join(folder, 'b'), doing: 'apply', only: ['admin-user']}, event => {
		taken ||= event.event === 'step-started' ? (performance.now() - died) / 1000 : 0;
	});
	t.is(next.exitCode, 0);
	t.true(taken > 20 && taken < 33, `${taken}`);
	const waits = next.events.filter(event => event.event === 'waiting' && event.for.startsWith('the dead holds this server'));
	t.true(waits.length >= 10);
	t.true(next.silence < 2100, `${next.silence}`);
	t.log(`taken ${taken.toFixed(1)} s after its death; ${waits.length} times said what is waited for, at most ${Math.round(next.silence)} ms apart`);
});
