/** Every claim of every step, made false on real droplets: check names exactly that, apply mends that and touches nothing else. */
import test from 'ava';
import {finish, sufferAll} from '../contract/suite.js';
import {explain, go} from '../contract/scenario.js';
import {unsavedRecord} from '../../source/record/server-record.js';
import {up} from '../lab/lab.js';
import {listensForAll} from './listeners.js';
import {forgiving, realWorld} from './real-world.js';

for (const release of ['trixie', 'bookworm'] as const) {
	test(`${release}: every claim can be made false, is named, and is mended`, async t => {
		// Twenty minutes on two idle cores; other work there makes it many more.
		t.timeout(1_500_000);
		const droplet = await up({release});
		t.teardown(async () => droplet.down());
		await listensForAll(droplet, 'preview', 8080);
		const world = await realWorld(droplet, droplet.address, [8080]);
		if (release === 'trixie') {
			await forgiving(world);
		}

		const begin = performance.now();
		const finished = await finish(t, world);
		t.log(`finished after ${((performance.now() - begin) / 1000).toFixed(1)} s`);
		await sufferAll(t, finished, {startSeconds: 45});
		t.log(`all after ${((performance.now() - begin) / 1000).toFixed(1)} s`);
	});
}

test('turned away for log-ins that failed, apply waits until sshd listens again', async t => {
	t.timeout(300_000);
	const droplet = await up({release: 'trixie'});
	t.teardown(async () => droplet.down());
	const world = await realWorld(droplet);
	const journal = unsavedRecord();
	t.is((await go(world, 'apply', {journal})).exitCode, 0);
	const server = await world.open(world.admin);
	t.teardown(async () => server.close());
	const over = {server, login: world.admin, journal};
	const list = '/home/ada/.ssh/authorized_keys';
	await world.write(list, '# nothing\n');
	for (let count = 1; count <= 4; count++) {
		t.is((await go(world, 'check', over)).exitCode, 1);
	}

	await t.throwsAsync(async () => world.open({...world.admin, user: 'ada'}));
	const mended = await go(world, 'apply', over);
	t.deepEqual([mended.exitCode, mended.did], [0, [`write ${list}`]], explain(mended));
});
