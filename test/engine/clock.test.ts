/** How long a step takes is told without the time that a person took to read what it would do. */
import test from 'ava';
import {practiceWorld} from '../contract/practice-world.js';
import {explain, go} from '../contract/scenario.js';

test('an hour of reading is no part of a step', async t => {
	const {now} = performance;
	let read = 0;
	performance.now = () => now.call(performance) + read;
	t.teardown(() => {
		performance.now = now;
	});
	const world = await practiceWorld('debian-13');
	t.teardown(async () => world.close());
	const told = await go(world, 'apply', {
		only: ['admin-user'],
		async decide() {
			read += 3_600_000;
			return 'do';
		},
	});
	t.is(told.exitCode, 0, explain(told));
	t.is(read, 3_600_000);
	const {seconds} = told.events.find(event => event.event === 'step-finished')!;
	t.true(seconds < 1800, `${seconds} s`);
});
