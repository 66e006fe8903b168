import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {makeKey} from '../../source/server/keys.js';

// ssh2 alone spoils one in 256: of so many, hardly ever none.
test('of a thousand key pairs made, every one can be used', async t => {
	const folder = await mkdtemp(path.join(tmpdir(), 'dropwise-pairs-'));
	t.teardown(async () => rm(folder, {recursive: true}));
	for (let count = 1; count <= 1000; count++) {
		await t.notThrowsAsync(async () => makeKey(path.join(folder, `key-${count}`)));
	}
});
