/** The contract suite on the practice droplets: as on the real ones of the lab, every claim made false and mended. */
import test from 'ava';
import {practiceWorld} from './practice-world.js';
import {finish, sufferAll} from './suite.js';

for (const [level, recipe] of [['debian-13', 'docker-user'], ['debian-13', 'iptables-off'], ['ubuntu-14.04', undefined]] as const) {
	test(`${level}${recipe === undefined ? '' : `, ${recipe}`}: every claim can be made false, is named, and is mended`, async t => {
		t.timeout(300_000);
		const world = {...await practiceWorld(level), ...recipe ? {recipe} : {}};
		t.teardown(async () => world.close());
		const finished = await finish(t, world);
		t.is(finished.looks, 1, 'what an ordinary droplet is asked deeper was all likely');
		await sufferAll(t, finished, {startSeconds: 1});
	});
}
