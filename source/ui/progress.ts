import type {Ended, Event, Verdict} from '../engine/events.js';
import type {Ground} from '../step.js';

/** How one step went, as far as the events have told. */
export type StepProgress = {
	readonly step: string;
	readonly title: string;
	readonly phase: string;
	readonly why: string;
	readonly minutes: number;
	readonly guarded: boolean;
	readonly claims: readonly Verdict[];
	/** Actions shown so far, of all rounds. */
	readonly planned: number;
	readonly ended: Ended | undefined;
};

/** All that the stream has told so far. */
export type Progress = {
	readonly practice: boolean;
	readonly ground: Ground | undefined;
	readonly hostKeys: readonly string[];
	/** How many steps there are. */
	readonly total: number;
	readonly steps: readonly StepProgress[];
	readonly troubles: number;
	readonly actions: number;
};

export const noProgress: Progress = {
	practice: false, ground: undefined, hostKeys: [], total: 0, steps: [], troubles: 0, actions: 0,
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
			const {practice, ground, hostKeys} = event;
			return {
				...progress, practice, ground, hostKeys,
			};
		}

		case 'step-started': {
			const {step, title, phase, why, minutes, guarded} = event;
			return {
				...progress, steps: [...progress.steps.filter(one => one.step !== step), {
					step, title, phase, why, minutes, guarded, claims: [], planned: 0, ended: undefined,
				}],
			};
		}

		case 'planned': {
			const before = progress.steps.find(({step}) => step === event.step)?.planned ?? 0;
			return change(progress, event.step, {planned: before + event.actions.length});
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
