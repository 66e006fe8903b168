/** Whether whoever holds a server lives: told by how often the lease is renewed before our eyes. */
import test from 'ava';
import {hold, Held} from '../../source/engine/lock.js';
import type {Session} from '../../source/engine/session.js';

/** A server whose lease is somebody else's for as many looks as there are seconds given, and then free. */
const heldFor = (seconds: readonly number[]) => {
	const left = [...seconds];
	return {
		run: {holder: 'me'},
		server: {
			lock: async () => left.length === 0,
			async status() {
				return {lease: {holder: 'ada@laptop', secondsLeft: left.shift()!}};
			},
		},
		during: async (_: string, promise: Promise<unknown>) => promise,
		emit: async () => undefined,
	} as unknown as Session;
};

test('the last word of a dead run, which was on its way while its line was cut, is no sign of life', async t => {
	await t.notThrowsAsync(hold(heldFor([12, 11, 30, 0.2])));
});

test('a lease that is renewed twice is a living run\'s', async t => {
	const error = await t.throwsAsync(hold(heldFor([12, 30, 22, 30, 29])), {instanceOf: Held});
	t.is(error.message, 'ada@laptop');
});
