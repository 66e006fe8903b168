/** What a run comes to. */
import test from 'ava';
import type {Event} from '../../source/engine/events.js';
import {noRun, reduce, type RunState} from '../../source/ui/run-state.js';
import {summary} from '../../source/ui/summary.js';

type Finished = Extract<Event, {event: 'step-finished'}>;

/** A step each, as it was decided and ended. */
const after = (...steps: ReadonlyArray<readonly [string, Extract<Event, {event: 'decided'}>['decision'], Finished['ended']]>): RunState => {
	let state = noRun;
	for (const [title, decision, ended] of steps) {
		const events: readonly Event[] = [
			{
				event: 'step-started', step: title, title, phase: 'Harden', why: '', lesson: '', minutes: 1, guarded: false,
			},
			{event: 'decided', step: title, decision},
			{
				event: 'step-finished', step: title, ended, actions: 0, seconds: 1,
			},
		];
		for (const event of events) {
			state = reduce(state, event, 0);
		}
	}

	return state;
};

const said = (state: RunState, actions = 0): string => summary({...state, actions}, 'apply');

test('what was carried out is counted, and nothing is called that', t => {
	t.is(said(after(['A', 'do', 'holds']), 2), '1 of 1 step holds. 2 actions were carried out.');
	t.is(said(after(['A', 'do', 'holds'], ['B', 'do', 'holds'])), '2 of 2 steps hold. Nothing had to be done.');
	t.is(said(after(['A', 'do', 'holds'], ['B', 'skip', 'skipped'])), '1 of 2 steps holds. Skipped: B. Nothing was done.');
});

test('what somebody typed with their own hands is theirs, and not nothing', t => {
	t.is(said(after(['A', 'typed', 'holds'], ['B', 'do', 'holds'])), '2 of 2 steps hold. Typed by your own hands: A.');
	t.is(said(after(['A', 'typed', 'holds'], ['B', 'do', 'holds']), 1), '2 of 2 steps hold. Typed by your own hands: A. 1 action was carried out.');
	t.is(said(after(['A', 'back', 'false'])), '0 of 1 step holds. This does not: A. Nothing was done.');
});
