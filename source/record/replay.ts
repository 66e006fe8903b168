import type {Begun, Done, Known} from './journal.js';
import type {RecordLine} from './append-only.js';
import {noRehearsals, rehearsalsAfter, type Rehearsals} from './rehearsals.js';

/** How a server stood when it was last looked at, for the start menu. */
export type Stood = {readonly time: string; readonly steps: number; readonly held: number; readonly notHeld: number; readonly unknowns: number; /** The steps that held. */ readonly holding?: readonly string[]};

/** All that a journal's lines add up to. */
export type Replayed = {
	readonly done: readonly Done[];
	readonly begun: readonly Begun[];
	readonly guard: {readonly id: string; readonly step: string} | undefined;
	readonly undoing: {readonly step: string; readonly theirs: readonly string[]} | undefined;
	readonly known: Partial<Known>;
	readonly stood: Stood | undefined;
	/** When each step was last seen to hold, ISO 8601. */
	readonly heldAt: Readonly<Record<string, string>>;
	readonly rehearsals: Rehearsals;
};

export const nothing: Replayed = {
	done: [], begun: [], guard: undefined, undoing: undefined, known: {}, stood: undefined, heldAt: {}, rehearsals: noRehearsals,
};

/** What one more line makes of it. Lines of an unknown kind change nothing. */
export const replayLine = (earlier: Replayed, line: RecordLine): Replayed => {
	const before: Replayed = {...earlier, rehearsals: rehearsalsAfter(earlier.rehearsals, line)};
	const without = (id: unknown): Replayed['begun'] => before.begun.filter(begun => begun.id !== id);
	switch (line.event) {
		case 'begun': {
			const {begun} = line as RecordLine & {begun: Begun};
			const begins = {...before, begun: [...without(begun.id), begun]};
			// What a cut-off undo took back is being done again: the next undo begins anew.
			return before.undoing?.step === begun.step ? {...begins, undoing: undefined, done: before.done.map(done => done.step === begun.step ? {...done, partly: true} : done)} : begins;
		}

		case 'finished': {
			const {done} = line as RecordLine & {done: Done};
			return {...before, begun: without(done.id), done: [...before.done.filter(({id}) => id !== done.id), done]};
		}

		case 'forgotten': {
			return {...before, begun: without(line.id)};
		}

		case 'undone': {
			const {ids} = line as RecordLine & {ids: readonly string[]};
			return {...before, done: before.done.filter(({id}) => !ids.includes(id)), undoing: undefined};
		}

		case 'undoing': {
			const {step, theirs} = line as RecordLine & {step: string; theirs: readonly string[]};
			return {...before, undoing: {step, theirs}};
		}

		case 'armed': {
			const {id, step} = line as RecordLine & {id: string; step: string};
			return {...before, guard: {id, step}};
		}

		case 'confirmed': {
			return before.guard?.id === line.id ? {...before, guard: undefined} : before;
		}

		case 'reverted': {
			return {
				...before,
				done: before.done.filter(({guard}) => guard !== line.id),
				begun: before.begun.filter(({guard}) => guard !== line.id),
				guard: before.guard?.id === line.id ? undefined : before.guard,
				undoing: before.guard?.id === line.id && before.guard?.step === before.undoing?.step ? undefined : before.undoing,
			};
		}

		case 'learnt': {
			const {known} = line as RecordLine & {known: Partial<Known>};
			return {...before, known: {...before.known, ...known, answers: {...before.known.answers, ...known.answers}}};
		}

		case 'stood': {
			const {time, steps, held, notHeld, unknowns, holding = []} = line as RecordLine & Stood;
			return {
				...before,
				stood: {
					time, steps, held, notHeld, unknowns,
				},
				heldAt: {...before.heldAt, ...Object.fromEntries(holding.map(step => [step, time]))},
			};
		}

		default: {
			return before;
		}
	}
};

export const replay = (lines: readonly RecordLine[]): Replayed => {
	let state = nothing;
	for (const line of lines) {
		state = replayLine(state, line);
	}

	return state;
};
