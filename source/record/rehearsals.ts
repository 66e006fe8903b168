/** What is remembered of events that were gone through on purpose, and what makes it grow stale. */
import type {Rehearsed} from '../step.js';
import type {RecordLine} from './append-only.js';
import type {Begun, Done, Rehearsing} from './journal.js';

export type Rehearsals = {
	/** One that was begun, and after which nobody has looked yet. */
	readonly open: Rehearsing | undefined;
	/** What was seen the last time, by step. */
	readonly seen: Readonly<Record<string, Rehearsed>>;
};

export const noRehearsals: Rehearsals = {open: undefined, seen: {}};

/** What is done meanwhile would be taken for what the event did. */
const withoutOpen = (before: Rehearsals): Rehearsals => ({...before, open: undefined});

const withChange = ({open, seen}: Rehearsals, shows: string): Rehearsals => ({
	open, seen: Object.fromEntries(Object.entries(seen).map(([step, one]) => [step, {...one, since: [...one.since, shows]}])),
});

/** What one more line of a journal makes of it. */
export const rehearsalsAfter = (before: Rehearsals, line: RecordLine): Rehearsals => {
	switch (line.event) {
		case 'rehearsing': {
			return {...before, open: (line as RecordLine & {rehearsing: Rehearsing}).rehearsing};
		}

		case 'rehearsed': {
			const {step, rehearsed} = line as RecordLine & {step: string; rehearsed: Omit<Rehearsed, 'since'>};
			return {open: undefined, seen: {...before.seen, [step]: {...rehearsed, since: []}}};
		}

		case 'begun': {
			return (line as RecordLine & {begun: Begun}).begun.do === 'reboot' ? before : withoutOpen(before);
		}

		// It was ordered, and did not take place.
		case 'forgotten': {
			return withoutOpen(before);
		}

		// A restart changes nothing of what outlasts one.
		case 'finished': {
			const {done} = line as RecordLine & {done: Done};
			return done.do === 'reboot' ? before : withChange(before, done.shows);
		}

		case 'undoing': {
			return withChange(withoutOpen(before), `undo ${(line as RecordLine & {step: string}).step}`);
		}

		default: {
			return before;
		}
	}
};
