import {existsSync, symlinkSync, readdirSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {shells} from './local-carrier.js';
import {
	nasty,
	sha,
	stage,
	status,
} from './stage.js';

for (const shell of shells) {
	test.serial(`${shell}: words and input arrive byte for byte`, async t => {
		const {carrier, act} = await stage(t, shell);
		const readings = await carrier.look([
			...nasty.map(word => ({argv: ['printf', '%s', word] as const})),
			{argv: ['printf', '[%s]', ...nasty] as const},
			...nasty.map(stdin => ({argv: ['cat'] as const, stdin})),
		]);
		t.deepEqual(readings.map(({out}) => out), [...nasty, nasty.map(word => `[${word}]`).join(''), ...nasty]);
		t.true(readings.every(({outcome, code, err}) => outcome === 'ran' && code === 0 && err === ''));
		const outcome = await act({
			id: 'o-1', do: 'run', argv: ['printf', '[%s]', ...nasty], stdin: 'x',
		});
		t.is(outcome.out, nasty.map(word => `[${word}]`).join(''));
	});

	test.serial(`${shell}: a look leaves nothing behind`, async t => {
		const {carrier, place, cut, ended} = await stage(t, shell, {locked: false});
		await carrier.look([{argv: ['true']}, {file: '/etc/passwd'}]);
		await status(carrier);
		cut();
		await ended;
		t.deepEqual(readdirSync(path.join(place.root, 'run')), []);
		t.deepEqual(readdirSync(path.join(place.root, 'var/lib')), []);
	});

	test.serial(`${shell}: outcomes are told apart, and no answer meets another`, async t => {
		const {carrier} = await stage(t, shell, {locked: false});
		const readings = await carrier.look([
			{argv: ['nope-no-such']},
			{argv: ['cd', '/']},
			{argv: ['if']},
			{argv: ['sh', '-c', 'exit 127']},
			{argv: ['sh', '-c', 'exit 124']},
			{argv: ['sh', '-c', 'exit 137']},
			{argv: ['sh', '-c', 'echo out; echo err >&2; exit 3']},
			{argv: ['sh', '-c', 'echo begun; sleep 20'], seconds: 0.3},
			{argv: ['/nope/absolute']},
			{argv: ['cat']},
		]);
		t.deepEqual(readings.map(({outcome, code, out, err}) => [outcome, code, out, err]), [
			['no-such-command', 127, '', ''],
			['no-such-command', 127, '', ''],
			['no-such-command', 127, '', ''],
			['ran', 127, '', ''],
			['ran', 124, '', ''],
			['ran', 137, '', ''],
			['ran', 3, 'out\n', 'err\n'],
			['timed-out', 124, '', ''],
			['no-such-command', 127, '', ''],
			['ran', 0, '', ''],
		]);
	});

	test.serial(`${shell}: what ignores its time limit is killed`, async t => {
		const {carrier, file} = await stage(t, shell, {locked: false});
		const ignores = file('ignores');
		let readings: Awaited<ReturnType<typeof carrier.look>> = [];
		// on a busy machine the limit may come before the trap is set: such an answer tells nothing
		for (let seconds = 0.3; !existsSync(ignores); seconds *= 2) {
			readings = await carrier.look([{argv: ['sh', '-c', 'trap "" TERM; : >"$0"; sleep 600; sleep 600', ignores], seconds}]);
		}

		t.like(readings[0], {outcome: 'timed-out', code: 137, out: ''});
	});

	test.serial(`${shell}: thirty questions take as long as the slowest`, async t => {
		const {carrier} = await stage(t, shell, {locked: false});
		const began = Date.now();
		const readings = await carrier.look(Array.from({length: 30}, (_, index) => ({argv: ['sh', '-c', `sleep 0.5; echo ${index}`] as const})));
		t.deepEqual(readings.map(({out}) => out), Array.from({length: 30}, (_, index) => `${index}\n`));
		t.log(`${Date.now() - began} ms`);
	});

	test.serial(`${shell}: files are read with mode, owner and hash; what is no file is said to be none`, async t => {
		const {carrier, file, place} = await stage(t, shell, {locked: false});
		const big = 'x\n'.repeat(600_000);
		symlinkSync(file('big', big, 0o640), path.join(place.root, 'files/link'));
		symlinkSync('/nowhere/at/all', path.join(place.root, 'files/dangling'));
		const readings = await carrier.look([{file: file('big')}, {file: file('link')}, {file: file('empty', '')}, {file: file('no end', 'a')}, {file: file('none')}, {file: path.join(place.root, 'files')}, {file: file('dangling')}, {file: '/dev/zero'}]);
		const [one, two, three, four, ...others] = readings.map(({out}) => out);
		t.regex(one!, new RegExp(String.raw`^640 \S+:\S+ ${sha(big)}\n(?:x\n)+$`, 'v'));
		t.is(two, one);
		t.regex(three!, new RegExp(String.raw`^644 \S+ ${sha('')}\n$`, 'v'));
		t.regex(four!, new RegExp(String.raw`^644 \S+ ${sha('a')}\na$`, 'v'));
		t.deepEqual(others, ['', '', '', '']);
		t.deepEqual(readings.map(({code}) => code), [0, 0, 0, 0, 1, 2, 1, 2]);
	});
}
