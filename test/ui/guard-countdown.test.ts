import test from 'ava';
import type {Event} from '../../source/engine/events.js';
import {deadlineAfter} from '../../source/ui/guard-countdown.js';
import {followWork, noWork} from '../../source/ui/ink/working.js';

/** One event a second, from second 1 on. */
const after = (...events: readonly Event[]): number | undefined => {
	let deadline: number | undefined;
	for (const [index, event] of events.entries()) {
		deadline = deadlineAfter(deadline, event, (index + 1) * 1000);
	}

	return deadline;
};

const armed: Event = {event: 'armed', step: 's', seconds: 90};
const lease: Event = {
	event: 'waiting', for: 'eve@elsewhere holds this server', seconds: 3, secondsLeft: 20,
};

test('counted from arming, then from each order', t => {
	t.is(after(armed), 91_000);
	t.is(after(armed, {event: 'deadline', secondsLeft: 90}), 92_000);
});

test('gone when the guard is', t => {
	t.is(after(armed, {event: 'confirmed', step: 's'}), undefined);
	t.is(after(armed, {
		event: 'reverted', step: 's', why: '', amiss: [],
	}), undefined);
});

test('how long something else takes is no deadline: another run\'s lease puts nothing back', t => {
	t.is(after(lease), undefined);
	t.is(after(armed, lease), 91_000);
	t.is(followWork(noWork, lease, 1000).deadline, undefined);
	t.is(followWork(followWork(noWork, armed, 1000), {event: 'deadline', secondsLeft: 90}, 31_000).deadline, 121_000);
});
