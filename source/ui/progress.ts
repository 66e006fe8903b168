import {stateOf} from '../engine/judge.js';
import type {Ended, Event, Verdict} from '../engine/events.js';
import type {ServerInfo} from '../step.js';

/** How one step went, as far as the events have told. */
export type StepProgress = {
	readonly step: string;
	readonly title: string;
	readonly phase: string;
	readonly why: string;
	readonly lesson: string;
	readonly minutes: number;
	readonly guarded: boolean;
	readonly claims: readonly Verdict[];
	/** Actions shown so far, of all rounds. */
	readonly planned: number;
	/** Whether one of them can be taken back. */
	readonly undoable: boolean;
	readonly ended: Ended | undefined;
};

/** All that the stream has told so far. */
export type Progress = {
	readonly practice: boolean;
	readonly info: ServerInfo | undefined;
	readonly hostKeys: readonly string[];
	/** How many steps there are. */
	readonly total: number;
	readonly steps: readonly StepProgress[];
	readonly troubles: number;
	readonly actions: number;
};

export const noProgress: Progress = {
	practice: false, info: undefined, hostKeys: [], total: 0, steps: [], troubles: 0, actions: 0,
};

/** Whether there is something left to do about a step: it does not hold, or nobody knows and something can be done about that. */
export const isOpen = ({ended, planned}: Pick<StepProgress, 'ended' | 'planned'>): boolean => ended === 'unknown' ? planned > 0 : ended !== 'holds' && ended !== 'unavailable';

/** What a plan's run found, as a look would have: the step stands as its claims say, and what is planned is left to do. */
export const asLooked = (progress: Progress): Progress => ({...progress, steps: progress.steps.map(step => step.ended === 'skipped' ? {...step, ended: step.claims.length === 0 ? 'unknown' : stateOf(step.claims)} : step)});

/** What a run that acted found: nothing of its plan is left. */
export const asDone = (progress: Progress): Progress => ({...progress, steps: progress.steps.map(step => ({...step, planned: 0}))});

/** One step's run, taken into what was known of all of them. */
export const merge = (all: Progress, one: Progress): Progress => {
	const later = new Map(one.steps.map(step => [step.step, step]));
	return {
		...all,
		info: one.info ?? all.info,
		steps: all.steps.map(step => later.get(step.step) ?? step),
		troubles: all.troubles + one.troubles,
		actions: all.actions + one.actions,
	};
};

const change = (progress: Progress, step: string, with_: Partial<StepProgress>): Progress => ({
	...progress,
	steps: progress.steps.map(one => one.step === step ? {...one, ...with_} : one),
});

/** What one more event makes of it. */
export const follow = (progress: Progress, event: Event): Progress => {
	switch (event.event) {
		case 'run-started': {
			return {...progress, total: event.steps.length};
		}

		case 'connected': {
			const {practice, info, hostKeys} = event;
			return {
				...progress, practice, info, hostKeys,
			};
		}

		case 'step-started': {
			const {step, title, phase, why, lesson, minutes, guarded} = event;
			return {
				...progress, steps: [...progress.steps.filter(one => one.step !== step), {
					step, title, phase, why, lesson, minutes, guarded, claims: [], planned: 0, undoable: false, ended: undefined,
				}],
			};
		}

		case 'planned': {
			const before = progress.steps.find(({step}) => step === event.step)!;
			return change(progress, event.step, {planned: before.planned + event.actions.length, undoable: before.undoable || event.actions.some(({cannotUndo}) => cannotUndo === undefined)});
		}

		case 'claims': {
			// The server's claims and the outside's may come apart: the later of each kind counts.
			const before = progress.steps.find(({step}) => step === event.step)?.claims ?? [];
			const told = new Set(event.claims.map(({by, id}) => `${by} ${id}`));
			const kinds = new Set(event.claims.map(({by}) => by));
			return change(progress, event.step, {claims: [...before.filter(({by, id}) => !kinds.has(by) && !told.has(`${by} ${id}`)), ...event.claims]});
		}

		case 'action-finished': {
			return {...progress, actions: progress.actions + 1};
		}

		case 'trouble': {
			return {...progress, troubles: progress.troubles + 1};
		}

		case 'step-finished': {
			return change(progress, event.step, {ended: event.ended});
		}

		default: {
			return progress;
		}
	}
};
