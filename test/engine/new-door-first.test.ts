/** No door is shut before the one that is to stay open was seen to open. */
import test from 'ava';
import {practiceWorld} from '../contract/practice-world.js';
import {explain, go} from '../contract/scenario.js';
import {levels} from '../../source/practice/droplet.js';

for (const level of levels) {
	test(`${level}: passwords stay while the key is refused, and nothing is done`, async t => {
		const world = await practiceWorld(level);
		t.teardown(async () => world.close());
		t.is((await go(world, 'apply', {only: ['admin-user']})).exitCode, 0);
		await world.write('/home/ada/.ssh/authorized_keys', '# nobody\n');
		const told = await go(world, 'apply', {only: ['ssh-keys-only']});
		t.deepEqual(told.did, [], explain(told));
		t.false(told.events.some(({event}) => event === 'armed' || event === 'reverted'));
		t.regex(explain(told), /trouble: ada does not get in with your key: /);
		t.is(told.exitCode, 1);
		// With the key it goes through.
		t.is((await go(world, 'apply', {only: ['admin-user', 'ssh-keys-only']})).exitCode, 0);
	});
}
