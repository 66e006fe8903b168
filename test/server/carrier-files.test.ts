import {
	existsSync,
	lstatSync,
	readdirSync,
	readFileSync,
	statSync,
	symlinkSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {actRequest} from '../../source/server/requests.js';
import {shells} from './local-carrier.js';
import {nasty, sha, stage} from './stage.js';

const own = `${process.getuid?.()}:${process.getgid?.()}`;

for (const shell of shells) {
	test.serial(`${shell}: a file is written whole, keeps owner and mode, follows a link, and what was there is kept`, async t => {
		const {act, file, place} = await stage(t, shell);
		const target = file('a', 'old', 0o640);
		symlinkSync(target, file('link'));
		const content = `${nasty.join('')}\u{0}${'ü'.repeat(400_000)}`;
		const outcome = await act({
			id: 'w-1', do: 'write', path: file('link'), expects: sha('old'), content, mode: 0o600,
		});
		t.like(outcome, {outcome: 'ran', code: 0, err: ''});
		t.like(outcome.kept[0], {path: file('link'), sha256: sha('old'), mode: 0o640});
		t.is(readFileSync(target, 'utf8'), content);
		t.is(statSync(target).mode & 0o777, 0o600);
		t.true(lstatSync(file('link')).isSymbolicLink());
		t.is(readFileSync(path.join(place.root, 'var/lib/dropwise/kept', sha('old')), 'utf8'), 'old');

		t.like(await act({
			id: 'w-2', do: 'restore', path: target, expects: sha(content), to: outcome.kept[0]!,
		}), {outcome: 'ran', code: 0});
		t.is(readFileSync(target, 'utf8'), 'old');
		t.is(statSync(target).mode & 0o777, 0o640);
		t.like(await act({
			id: 'w-3', do: 'restore', path: target, expects: sha('old'), to: {path: target, sha256: 'absent'},
		}), {outcome: 'ran', code: 0});
		t.false(existsSync(target));
	});

	test.serial(`${shell}: a file that changed, or a folder that is not there, refuses the order`, async t => {
		const {act, file, place} = await stage(t, shell);
		const write = {
			do: 'write', content: 'new', mode: 0o644, owner: own,
		} as const;
		const target = file('a', 'theirs');
		for (const [id, order, says] of [
			['w-1', {...write, path: target, expects: sha('ours')}, /no longer as it was/v],
			['w-2', {...write, path: target, expects: 'absent'}, /no longer as it was/v],
			['w-3', {...write, path: file('none'), expects: sha('ours')}, /no longer as it was/v],
			['w-4', {...write, path: `${place.root}/nope/deep/a`, expects: 'absent'}, /no folder/v],
			['w-5', {...write, path: `${place.root}/files`, expects: 'absent'}, /is a directory/v],
		] as const) {
			const outcome = await act({id, ...order});
			t.like(outcome, {outcome: 'refused', kept: []}, id);
			t.regex(outcome.err, says, id);
		}

		t.deepEqual(readdirSync(path.join(place.root, 'files')), ['a']);
		t.is(readFileSync(target, 'utf8'), 'theirs');
		t.like(await act({
			...write, id: 'w-6', path: file('none'), expects: 'absent',
		}), {outcome: 'ran', code: 0});
	});

	test.serial(`${shell}: what a command edits itself is kept before it runs`, async t => {
		const {act, file} = await stage(t, shell);
		const outcome = await act({
			id: 'o-1', do: 'run', argv: ['sh', '-c', 'echo more >>"$0"', file('a', 'old')], touches: [file('a'), file('none')],
		});
		t.like(outcome.kept[0], {path: file('a'), sha256: sha('old')});
		t.deepEqual(outcome.kept[1], {path: file('none'), sha256: 'absent'});
	});

	test.serial(`${shell}: a request that is cut off does nothing`, async t => {
		const {carrier, place, file, cut, ended} = await stage(t, shell);
		const request = actRequest({
			id: 'w-1', do: 'write', path: file('a'), expects: 'absent', content: 'new', mode: 0o644,
		}, 'me', undefined);
		carrier.send(request.slice(0, -4));
		cut();
		await ended;
		t.deepEqual(readdirSync(path.join(place.root, 'files')), []);
	});
}
