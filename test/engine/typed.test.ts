/** "I'll type it myself": the claims decide, not the plan; but what is still unknown, and has something left to do, is not done. */
import test from 'ava';
import {practiceWorld} from '../contract/practice-world.js';
import {explain, go} from '../contract/scenario.js';
import type {Decide} from '../../source/engine/events.js';

/** Says so many times that it was typed, without anybody having done anything; then leaves it. */
const saysTyped = (times: number): {readonly decide: Decide; readonly asked: () => number} => {
	let asked = 0;
	return {
		asked: () => asked,
		async decide() {
			asked++;
			return asked > times ? 'skip' : 'typed';
		},
	};
};

test('lists that were not read are asked about again, for nobody knows what is newer', async t => {
	const world = await practiceWorld('debian-13');
	t.teardown(async () => world.close());
	const {decide, asked} = saysTyped(1);
	const told = await go(world, 'apply', {only: ['system-updates'], decide});
	t.is(asked(), 2, explain(told));
	t.true(told.events.some(event => event.event === 'step-finished' && event.ended === 'skipped'));
});

test('what was typed another way is not asked about again', async t => {
	const world = await practiceWorld('debian-13');
	t.teardown(async () => world.close());
	const {decide, asked} = saysTyped(1);
	const told = await go(world, 'apply', {
		only: ['system-updates'], async decide(...parameters) {
			await world.do(['apt-get', '-q', 'update']);
			await world.do(['touch', '/var/lib/apt/periodic/update-success-stamp']);
			await world.do(['apt-get', '-q', '-y', 'upgrade']);
			return decide(...parameters);
		},
	});
	t.is(asked(), 1, explain(told));
	t.is(told.exitCode, 0);
	t.deepEqual(told.unknown, []);
});
