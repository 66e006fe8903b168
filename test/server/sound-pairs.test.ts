import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {makeKey} from '../../source/server/key-pairs.js';
import {sliceOf} from '../slice.js';

// ssh2 alone spoils one in 256: of so many, hardly ever none.
test('of many key pairs made, every one can be used', async t => {
	const folder = await mkdtemp(path.join(tmpdir(), 'dropwise-pairs-'));
	t.teardown(async () => rm(folder, {recursive: true}));
	for (const count of sliceOf(Array.from({length: 1000}, (_, index) => index), 10)) {
		await t.notThrowsAsync(async () => makeKey(path.join(folder, `key-${count}`)));
	}
});
