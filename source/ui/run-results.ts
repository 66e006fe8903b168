/** What several runs have found, put together. */
import {stateOf} from '../engine/judge.js';
import type {RunState, StepState} from './run-state.js';

/** Whether there is something left to do about a step: it does not hold, or nobody knows and something can be done about that. */
export const isOpen = ({ended, planned}: Pick<StepState, 'ended' | 'planned'>): boolean => ended === 'unknown' ? planned > 0 : ended !== 'holds' && ended !== 'unavailable';

/** What a plan's run found, as a look would have: the step stands as its claims say, and what is planned is left to do. */
export const asLooked = (state: RunState): RunState => ({...state, steps: state.steps.map(step => step.ended === 'skipped' ? {...step, ended: step.claims.length === 0 ? 'unknown' : stateOf(step.claims)} : step)});

/** What a run that acted found: nothing of its plan is left. */
export const asDone = (state: RunState): RunState => ({...state, steps: state.steps.map(step => ({...step, planned: 0}))});

/** One step's run, taken into what was known of all of them. */
export const merge = (all: RunState, one: RunState): RunState => {
	const later = new Map(one.steps.map(step => [step.step, step]));
	return {
		...all,
		info: one.info ?? all.info,
		steps: all.steps.map(step => later.get(step.step) ?? step),
		troubles: all.troubles + one.troubles,
		actions: all.actions + one.actions,
	};
};

/** Nothing is known any more of what was seen of these steps from outside: who was looked for there is somebody else by now. */
export const unseen = (state: RunState, steps: ReadonlyArray<{readonly id: string}>): RunState => ({
	...state,
	steps: state.steps.map(step => steps.some(({id}) => id === step.step) ? {...step, claims: step.claims.filter(({by}) => by !== 'outside')} : step),
});
