import test from 'ava';
import type {Event} from '../../source/engine/events.js';
import {makeInterrupts} from '../../source/run/interrupts.js';
import {reduced} from '../../source/ui/run-state.js';

const action: Event = {event: 'action-started', step: 'firewall', action: {
	id: 'a', do: 'run', because: 'b', shows: 'ufw enable',
}};
const armed: Event = {event: 'armed', step: 'firewall', seconds: 90};

const attempt = async (events: readonly Event[], times: number, engineRuns = true): Promise<{said: readonly string[]; left: number; aborted: boolean}> => {
	const said: string[] = [];
	let left = 0;
	let seconds = 0;
	const {listener, state} = reduced(() => undefined, () => seconds * 1000);
	const interrupts = makeInterrupts(line => {
		said.push(line.trim());
	}, () => {
		left++;
	}, () => seconds * 1000);
	const play = async (): Promise<void> => {
		for (const event of events) {
			// Each takes twenty seconds.
			seconds += 20;
			await listener(event);
		}

		for (let index = 0; index < times; index++) {
			interrupts.interrupt();
		}
	};

	await (engineRuns ? interrupts.engine(state, play) : play());
	return {said, left, aborted: interrupts.signal.aborted};
};

test('with nothing under way it leaves at once', async t => {
	t.deepEqual(await attempt([], 1, false), {said: ['Stopped. Nothing was running on the server.'], left: 1, aborted: true});
});

test('once: what runs ends first', async t => {
	t.deepEqual(await attempt([action], 1), {said: ['Stopping as soon as this ends: ufw enable. Ctrl-C again leaves at once.'], left: 0, aborted: true});
});

test('twice under a guard: it says when the server puts things back', async t => {
	const {said, left} = await attempt([armed, action], 2);
	t.is(said[1], 'Left. The server puts everything back by itself in 70 s.');
	t.is(left, 1);
});

test('the seconds are counted from the last order, which starts the server\'s clock anew, and by nothing else', async t => {
	const goesOn: Event = {event: 'waiting', for: 'another run', seconds: 1, secondsLeft: 7};
	t.is((await attempt([armed, action, {event: 'deadline', secondsLeft: 88}], 2)).said[1], 'Left. The server puts everything back by itself in 88 s.');
	t.is((await attempt([armed, action, {event: 'deadline', secondsLeft: 88}, goesOn], 2)).said[1], 'Left. The server puts everything back by itself in 68 s.');
	t.regex((await attempt([goesOn, action], 2)).said[1]!, /^Left\. What has begun/);
});

test('twice without a guard: it says that the action goes on', async t => {
	t.regex((await attempt([action], 2)).said[1]!, /^Left\. What has begun of this goes on to its end on the server: ufw enable\./);
});

test('after the confirmation no guard is spoken of', async t => {
	t.is((await attempt([armed, {event: 'confirmed', step: 'firewall'}], 2)).said[1], 'Left. Nothing was running on the server.');
});
