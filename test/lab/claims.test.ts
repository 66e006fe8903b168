/** Every claim of every step, made false on real droplets: check names exactly that, apply mends that and touches nothing else. */
import test from 'ava';
import {finish, sufferAll} from '../contract/suite.js';
import {up} from './lab.js';
import {realWorld} from './real-world.js';

for (const release of ['trixie', 'bookworm'] as const) {
	test(`${release}: every claim can be made false, is named, and is mended`, async t => {
		t.timeout(600_000);
		const droplet = await up({release});
		t.teardown(async () => droplet.down());
		const begin = performance.now();
		const finished = await finish(t, await realWorld(droplet));
		t.log(`finished after ${((performance.now() - begin) / 1000).toFixed(1)} s`);
		await sufferAll(t, finished);
		t.log(`all after ${((performance.now() - begin) / 1000).toFixed(1)} s`);
	});
}
