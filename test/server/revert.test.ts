import {execFileSync, spawnSync} from 'node:child_process';
import {
	appendFileSync,
	chmodSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {readStatus} from '../../source/server/replies.js';
import type {Carrier} from '../../source/server/carrier.js';
import {revertProgram} from '../../source/server/program.js';
import {
	actRequest,
	armRequest,
	lockRequest,
	simpleRequest,
} from '../../source/server/requests.js';
import type {Order, Outcome} from '../../source/server/server.js';
import {encode} from '../../source/server/wire.js';
import {sliceOf} from '../slice.js';
import {
	makePlace,
	shells,
	startCarrier,
	type Place,
} from './local-carrier.js';
import {nothing, sha} from './stage.js';

const own = `${process.getuid?.()}:${process.getgid?.()}`;
const commands = ['cat', 'chmod', 'chown', 'mv', 'rm', 'sync', 'sha256sum', 'mktemp', 'readlink', 'flock', 'timeout', 'mkdir', 'awk', 'sleep'];

/** A server with a guard on it, as an interrupted run leaves it: one file changed, one made, one removed, one changed by a command, behind a link. */
const makeGuarded = (place: Place) => {
	const guard = path.join(place.root, 'var/lib/dropwise/guard');
	const kept = path.join(place.root, 'var/lib/dropwise/kept');
	const file = (name: string): string => path.join(place.root, 'files', name);
	const log = path.join(place.root, 'commands');
	const reset = (armed: 'armed' | 'reverting' = 'armed'): void => {
		for (const folder of [guard, kept, path.join(place.root, 'files')]) {
			rmSync(folder, {recursive: true, force: true});
			mkdirSync(folder, {recursive: true});
		}

		rmSync(log, {force: true});
		place.boot('boot-1');
		for (const content of ['old a', 'old c\n', 'old e']) {
			writeFileSync(path.join(kept, sha(content)), content);
		}

		writeFileSync(file('a'), 'new a');
		writeFileSync(file('b'), 'new b');
		writeFileSync(file('e'), 'edited e');
		symlinkSync(file('e'), file('link'));
		const entry = (number: number, ...rows: string[]): void => {
			writeFileSync(path.join(guard, `entry.${10_000 + number}`), rows.map(row => row + '\n').join(''));
		};

		const undo = (word: string, ...argv: string[]): string[] => [`${word} ${argv.length}`, ...argv.map(text => encode(text))];
		entry(1, 'order o-1', `file ${sha('old a')} 640 ${own} ${encode(file('a'))}`);
		entry(2, 'order o-2', `file absent - - ${encode(file('b'))}`, ...undo('undo', 'sh', '-c', 'echo "undo 2 $1" >>"$0"', log, 'a b\'"$(id)'));
		entry(3, 'order o-3', `file ${sha('old c\n')} 600 ${own} ${encode(file('c'))}`, ...undo('undo', 'nope-no-such'), ...undo('undo', 'sh', '-c', 'echo "undo 3" >>"$0"', log));
		entry(4, 'order o-4', `file ${sha('old e')} 644 ${own} ${encode(file('link'))}`, ...undo('again', 'sh', '-c', 'echo "again 4: $(cat "$1")" >>"$0"', log, file('a')));
		writeFileSync(path.join(guard, 'revert'), revertProgram());
		writeFileSync(path.join(guard, armed), 'g-1 boot-1 60\n');
		mkdirSync(path.join(place.root, 'etc/systemd/system/multi-user.target.wants'), {recursive: true});
		writeFileSync(path.join(place.root, 'etc/systemd/system/dropwise-guard.service'), 'x');
	};

	const isBack = (t: ExecutionContext, why: string, message?: string): void => {
		t.deepEqual(readdirSync(path.join(place.root, 'files')).sort(), ['a', 'c', 'e', 'link'], message);
		t.is(readFileSync(file('a'), 'utf8'), 'old a', message);
		t.is(statSync(file('a')).mode & 0o777, 0o640, message);
		t.is(readFileSync(file('c'), 'utf8'), 'old c\n', message);
		t.is(readFileSync(file('link'), 'utf8'), 'old e', message);
		t.is(readFileSync(path.join(guard, 'reverted'), 'utf8'), `g-1 ${why}\n`, message);
		t.false(existsSync(path.join(guard, 'reverting')), message);
		t.false(existsSync(path.join(guard, 'armed')), message);
		t.false(existsSync(path.join(place.root, 'etc/systemd/system/dropwise-guard.service')), message);
	};

	const run = (...words: string[]) => spawnSync(place.sh, [path.join(guard, 'revert'), ...words], {env: {...process.env, ...place.env}, encoding: 'utf8'});
	return {
		guard, file, log, reset, isBack, run, said: () => readFileSync(log, 'utf8'),
	};
};

const withPlace = (t: ExecutionContext, shell: typeof shells[number]): Place => {
	const place = makePlace(shell);
	t.teardown(place.remove);
	return place;
};

/** A carrier at work there, cut off when the test ends. */
const carrierIn = (t: ExecutionContext, place: Place): Carrier => {
	const {carrier, cut, ended} = startCarrier(place);
	t.teardown(async () => {
		cut();
		await ended;
	});
	return carrier;
};

for (const shell of shells) {
	test.serial(`${shell}: commands backwards, files as they were, then what is done again forwards; a failing one stops nothing`, t => {
		const {reset, isBack, run, said} = makeGuarded(withPlace(t, shell));
		reset('reverting');
		const {status, stderr} = run('now', 'asked');
		t.is(stderr, '');
		t.is(status, 0);
		isBack(t, 'asked');
		t.is(said(), 'undo 3\nundo 2 a b\'"$(id)\nagain 4: old a\n');
	});

	test.serial(`${shell}: at boot nothing is done again, and within one boot nothing happens`, t => {
		const place = withPlace(t, shell);
		const {reset, isBack, run, said, file, guard} = makeGuarded(place);
		reset();
		run('boot');
		t.is(readFileSync(file('a'), 'utf8'), 'new a');
		t.true(existsSync(path.join(guard, 'armed')));
		place.boot('boot-2');
		run('boot');
		isBack(t, 'boot');
		t.is(said(), 'undo 3\nundo 2 a b\'"$(id)\n');
		appendFileSync(file('a'), 'later');
		run('boot');
		run('timer');
		t.is(readFileSync(file('a'), 'utf8'), 'old alater', 'it is over');
	});

	test.serial(`${shell}: power lost before any of its commands: the next boot ends the same`, t => {
		const place = withPlace(t, shell);
		const {reset, isBack, run, guard} = makeGuarded(place);
		const count = path.join(place.root, 'count');
		for (const command of commands) {
			const real = execFileSync('which', [command], {encoding: 'utf8'}).trim();
			writeFileSync(path.join(place.bin, command), `#!/bin/sh\nread -r left <'${count}'\n[ "$left" -gt 0 ] || kill -KILL 0\necho $((left - 1)) >'${count}'\nexec ${real} "$@"\n`);
			chmodSync(path.join(place.bin, command), 0o755);
		}

		// how many there are
		reset('reverting');
		writeFileSync(count, '9999\n');
		run('now', 'time');
		const all = 9999 - Number(readFileSync(count, 'utf8'));
		isBack(t, 'time');
		t.true(all > 40, String(all));
		for (const left of sliceOf(Array.from({length: all}, (_, index) => index), 13)) {
			reset('reverting');
			writeFileSync(count, `${left}\n`);
			// a process group of its own, which is killed as a whole
			spawnSync('setsid', ['-w', place.sh, path.join(guard, 'revert'), 'now', 'time'], {env: {...process.env, ...place.env}});
			if (existsSync(path.join(guard, 'reverting'))) {
				writeFileSync(count, '9999\n');
				place.boot('boot-2');
				run('boot');
			}

			const why = readFileSync(path.join(guard, 'reverted'), 'utf8').trim().split(' ')[1]!;
			t.true(why === 'time' || why === 'boot');
			// what a cut left half written beside its target is not the target
			for (const rest of readdirSync(path.join(place.root, 'files')).filter(name => name.startsWith('.dropwise.'))) {
				rmSync(path.join(place.root, 'files', rest));
			}

			isBack(t, why, `after ${left}`);
		}
	});

	test.serial(`${shell}: armed, done, out of time: put back; what comes later is refused`, async t => {
		const place = withPlace(t, shell);
		const carrier = carrierIn(t, place);
		const act = async (order: Order): Promise<Outcome> => (await carrier.runOrder(actRequest(order, 'me', 'g-1'), nothing))!;
		const status = async () => readStatus((await carrier.ask(simpleRequest('status'))).bytes.toString());
		const target = path.join(place.root, 'files/a');
		writeFileSync(target, 'old');
		t.is((await carrier.ask(armRequest('g-1', 'me', 2, 22, revertProgram()))).name, 'no', 'without the lease');
		await carrier.ask(lockRequest('me', 'ada'));
		const armed = await carrier.ask(armRequest('g-1', 'me', 4, 22, revertProgram()));
		t.is(armed.name, 'yes', armed.bytes.toString());
		t.true(existsSync(path.join(place.root, 'etc/init/dropwise-guard.conf')));
		t.like((await status()).guard, {state: 'armed', id: 'g-1'});
		t.is((await carrier.ask(armRequest('g-2', 'me', 2, 22, revertProgram()))).name, 'no', 'one guard at a time');
		t.like(await act({
			id: 'w-1', do: 'write', path: target, expects: sha('old'), content: 'new', mode: 0o644,
		}), {outcome: 'ran', code: 0});
		t.like(await act({
			id: 'o-1', do: 'run', argv: ['touch', `${target}1`], undo: [['rm', `${target}1`]],
		}), {outcome: 'ran', code: 0});
		while ((await status()).guard.state !== 'reverted') {
			await delay(100);
		}

		t.deepEqual((await status()).guard, {
			state: 'reverted', id: 'g-1', why: 'time', amiss: [],
		});
		t.deepEqual(readdirSync(path.join(place.root, 'files')), ['a']);
		t.is(readFileSync(target, 'utf8'), 'old');
		t.false(existsSync(path.join(place.root, 'etc/init/dropwise-guard.conf')));
		t.is((await carrier.ask(simpleRequest('confirm', 'g-1'))).name, 'no', 'too late');
		t.like(await act({
			id: 'w-2', do: 'write', path: target, expects: sha('old'), content: 'new', mode: 0o644,
		}), {outcome: 'refused'});
		t.is(readFileSync(target, 'utf8'), 'old');
	});

	test.serial(`${shell}: under a guard an order's answer says how long that has left, by a clock that it started anew`, async t => {
		const place = withPlace(t, shell);
		const carrier = carrierIn(t, place);
		const act = async (id: string, guard: string | undefined): Promise<Outcome> => (await carrier.runOrder(actRequest({id, do: 'run', argv: ['true']}, 'me', guard), nothing))!;
		await carrier.ask(lockRequest('me', 'ada'));
		t.is((await act('o-1', undefined)).secondsLeft, undefined);
		t.is((await carrier.ask(armRequest('g-1', 'me', 900, 22, revertProgram()))).name, 'yes');
		const deadline = path.join(place.root, 'var/lib/dropwise/guard/deadline');
		const later = Number(readFileSync(deadline, 'utf8')) - 800;
		writeFileSync(deadline, `${later}\n`);
		const {secondsLeft = 0, kept} = await act('o-2', 'g-1');
		t.true(secondsLeft > 600 && secondsLeft <= 900, String(secondsLeft));
		t.deepEqual(kept, []);
		await carrier.ask(simpleRequest('confirm', 'g-1'));
		t.is((await act('o-3', undefined)).secondsLeft, undefined);
	});

	test.serial(`${shell}: confirming and firing race for one name, and exactly one wins`, async t => {
		const place = withPlace(t, shell);
		const carrier = carrierIn(t, place);
		await carrier.ask(lockRequest('me', 'ada'));
		const target = path.join(place.root, 'files/a');
		const seen = new Set<string>();
		for (const round of sliceOf([0, 1, 2, 3, 4, 5], 3)) {
			const id = `g-${round}`;
			rmSync(target, {force: true});
			await carrier.ask(armRequest(id, 'me', 1, 22, revertProgram()));
			await carrier.runOrder(actRequest({
				id: `w-${round}`, do: 'write', path: target, expects: 'absent', content: 'new', mode: 0o644,
			}, 'me', id), nothing);
			await delay(700 + (round * 150));
			const {name} = await carrier.ask(simpleRequest('confirm', id));
			let {guard} = readStatus((await carrier.ask(simpleRequest('status'))).bytes.toString());
			while (guard.state === 'reverting') {
				await delay(50);
				({guard} = readStatus((await carrier.ask(simpleRequest('status'))).bytes.toString()));
			}

			t.is(guard.state, name === 'yes' ? 'none' : 'reverted');
			t.is(existsSync(target), name === 'yes');
			seen.add(name);
		}

		t.log([...seen].join(' and '));
	});
}
