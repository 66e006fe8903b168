/** What a stream of events comes to. */
import test from 'ava';
import type {Event, Planned, Verdict} from '../../source/engine/events.js';
import {secondsLeft, secondsTaken} from '../../source/ui/countdown.js';
import {
	noRun,
	reduce,
	runningIn,
	stepIn,
	type RunState,
} from '../../source/ui/run-state.js';

/** One event a second, from second 1 on. */
const after = (...events: readonly Event[]): RunState => {
	let state = noRun;
	for (const [index, event] of events.entries()) {
		state = reduce(state, event, (index + 1) * 1000);
	}

	return state;
};

const armed: Event = {event: 'armed', step: 's', seconds: 90};
const lease: Event = {
	event: 'waiting', for: 'eve@elsewhere holds this server', seconds: 3, secondsLeft: 20,
};
const started: Event = {
	event: 'step-started', step: 's', title: 'S', phase: 'Harden', why: '', lesson: 'why it is so', minutes: 1, guarded: false,
};
const action: Planned = {id: 'a', do: 'run', because: 'why', shows: 'apt-get upgrade'};
const begun: Event = {event: 'action-started', step: 's', action};
const ended = (code: number): Event => ({
	event: 'action-finished', step: 's', id: 'a', code, seconds: 3,
});
const says = (part: string, text: string): Event => ({
	event: 'output', id: 'a', part, stream: 'out', text,
});
const plan = (round: number, ...actions: readonly Planned[]): Event => ({
	event: 'planned', step: 's', round, actions,
});

test('the seconds until the server puts everything back are counted from arming, then from each order', t => {
	t.is(after(armed).deadline, 91_000);
	t.is(after(armed, {event: 'deadline', secondsLeft: 90}).deadline, 92_000);
	t.is(secondsLeft(after(armed), 61_400), 30);
	t.is(secondsLeft(after(armed), 100_000), 0);
});

test('they are gone when the guard is', t => {
	t.is(after(armed, {event: 'confirmed', step: 's'}).deadline, undefined);
	t.is(after(armed, {
		event: 'reverted', step: 's', why: '', amiss: [],
	}).deadline, undefined);
	t.is(secondsLeft(noRun, 0), undefined);
});

test('how long something else takes is no deadline: another run\'s lease puts nothing back', t => {
	t.is(after(lease).deadline, undefined);
	t.is(after(armed, lease).deadline, 91_000);
});

test('an action runs until it has ended, and what is said to one that failed stays to be read', t => {
	t.is(runningIn(after(started, begun))?.shows, 'apt-get upgrade');
	t.is(runningIn(after(started, begun, ended(0))), undefined);
	t.is(after(started, begun, says('a', 'Get:1'), ended(0)).saying.text, '');
	t.is(after(started, begun, says('a', 'E: '), says('a', 'no'), ended(100)).saying.text, 'E: no');
	t.is(after(started, begun, ended(0)).actions, 1);
});

test('what is waited for is over with the next order\'s first word', t => {
	const waits = [started, begun, says('first', '.'), lease] as const;
	t.is(after(...waits, says('first', '.')).waiting, lease.for);
	t.is(after(...waits, says('second', '.')).waiting, '');
});

test('how far an action is stays until it has ended, whichever of its orders is heard', t => {
	const far: Event = {
		event: 'progress', id: 'a', share: 0.5, at: 'installing', package: 'ufw',
	};
	const known = after(started, begun, far);
	t.deepEqual(known.progress, {share: 0.5, at: 'installing', package: 'ufw'});
	t.is(after(started, begun, far, says('first', 'Setting up')).progress?.share, 0.5);
	t.is(after(started, begun, far, lease).progress?.share, 0.5);
	t.is(after(started, begun, far, says('second', '.')).progress?.share, 0.5);
	t.is(after(started, begun, far, ended(0)).progress, undefined);
	t.is(after(started, begun, far, ended(0), begun).progress, undefined);
});

test('a step\'s clock stands still while a person reads, and goes on where it stood, however often they are asked', t => {
	// A second of looking, a minute of reading, two of work, and so once more.
	const asked = reduce(reduce(noRun, started, 0), plan(1, action), 1000);
	t.is(secondsTaken(asked, 50_000), 1);
	const works = reduce(asked, {event: 'decided', step: 's', decision: 'do'}, 61_000);
	t.is(secondsTaken(works, 63_000), 3);
	const again = reduce(reduce(works, ended(0), 63_000), plan(2, action), 63_000);
	t.is(secondsTaken(again, 120_000), 3);
	t.is(secondsTaken(reduce(again, {event: 'decided', step: 's', decision: 'do'}, 123_000), 125_000), 5);
	t.is(secondsTaken(reduce(again, begun, 63_000), 64_000), 4, 'where nobody was asked it goes on at once');
});

test('a plan is kept whole, counted over all rounds, with what was said to it', t => {
	const step = stepIn(after(started, plan(1, {...action, cannotUndo: 'it stays'}, action), {event: 'decided', step: 's', decision: 'back'}, plan(2, action)), 's')!;
	t.deepEqual({
		plan: step.plan, round: step.round, planned: step.planned, undoable: step.undoable, decision: step.decision, lesson: step.lesson,
	}, {
		plan: [action], round: 2, planned: 3, undoable: true, decision: 'back', lesson: 'why it is so',
	});
	t.false(stepIn(after(started, plan(1, {...action, cannotUndo: 'it stays'})), 's')!.undoable);
});

test('the server\'s claims and the outside\'s come apart: the later of each kind counts', t => {
	const claim = (id: string, by: Verdict['by'], holds: boolean): Verdict => ({
		id, says: id, holds, expected: '', actual: '', by,
	});
	const told = (...claims: readonly Verdict[]): Event => ({
		event: 'claims', step: 's', stands: 'found', claims,
	});
	const {claims} = stepIn(after(started, told(claim('a', 'server', false), claim('b', 'server', false), claim('a', 'outside', false)), told(claim('a', 'server', true))), 's')!;
	t.deepEqual(claims.map(({id, by}) => `${by} ${id}`), ['outside a', 'server a']);
});

test('what went wrong belongs to its step, or to the run', t => {
	const trouble = (step?: string): Event => ({event: 'trouble', ...(step !== undefined && {step}), trouble: {what: 'no', tries: []}});
	const state = after(started, trouble('s'), trouble(), {
		event: 'reverted', step: 's', why: 'because', amiss: ['a file'],
	});
	t.is(stepIn(state, 's')!.troubles.length, 1);
	t.deepEqual(stepIn(state, 's')!.reverted, {why: 'because', amiss: ['a file']});
	t.is(state.troubles, 2);
	t.true(state.failed);
	t.false(after(started, begun, ended(100)).failed, 'an action may end with a code that its step expects');
});

test('with a step ends what ran, what was waited for and its guard; that something went wrong stays', t => {
	const over = (how: 'failed' | 'holds'): Event => ({
		event: 'step-finished', step: 's', ended: how, actions: 1, seconds: 1,
	});
	const {current, work, waiting, deadline, failed} = after(started, armed, begun, lease, over('holds'));
	t.deepEqual({
		current, work, waiting, deadline, failed,
	}, {
		current: undefined, work: [], waiting: '', deadline: undefined, failed: false,
	});
	t.true(after(started, over('failed')).failed);
	t.true(after(started, over('failed'), started, over('holds')).failed);
	t.true(stepIn(after(started, armed, {event: 'confirmed', step: 's'}, over('holds')), 's')!.confirmed);
});

test('a step that is taken up again begins anew, and keeps its place in the order', t => {
	const line = {step: 's', title: 'S', phase: 'Harden'} as const;
	const state = after({
		event: 'run-started', run: 'r', doing: 'apply', version: '1', steps: [line, {...line, step: 'later'}],
	}, started, plan(1, action), begun, ended(0), {...started, step: 'later'}, started);
	t.deepEqual(state.order.map(({step}) => step), ['s', 'later']);
	t.deepEqual(state.steps.map(({step, planned}) => [step, planned]), [['later', 0], ['s', 0]]);
	t.deepEqual(state.work, []);
	t.is(state.current, 's');
});
