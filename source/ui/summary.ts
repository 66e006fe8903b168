/** What a run comes to, in a sentence or two. Pure. */
import type {Ended} from '../engine/events.js';
import {cleanLine} from './clean.js';
import type {RunState} from './run-state.js';
import {count, list} from './words.js';

const carriedOut = (actions: number, isAllThere: boolean, isTyped: boolean): readonly string[] => {
	if (actions > 0) {
		return [`${count(actions, 'action')} ${actions === 1 ? 'was' : 'were'} carried out.`];
	}

	return isTyped ? [] : [isAllThere ? 'Nothing had to be done.' : 'Nothing was done.'];
};

/** The last line: what holds, what does not, what is unknown. */
export const summary = ({steps, order, actions, info}: RunState, did: 'check' | 'plan' | 'apply' | 'undo'): string => {
	const titles = (ends: readonly Ended[]): readonly string[] => steps.filter(({ended}) => ended !== undefined && ends.includes(ended)).map(({title}) => title);
	const held = titles(['holds']).length;
	const unknown = titles(['unknown']);
	const not = titles(['false', 'failed', 'reverted']);
	const skipped = titles(['skipped']);
	const absent = titles(['unavailable']).length;
	const there = Math.max(order.length, steps.length) - absent;
	const unknowns = steps.flatMap(({claims}) => claims).filter(claim => 'unknown' in claim).length;
	const typed = titles(['holds', 'unknown', 'false']).filter(title => steps.some(step => step.title === title && step.decision === 'typed'));
	return [
		`${held} of ${count(there, 'step')} ${held === 1 || there === 1 ? 'holds' : 'hold'}.`,
		...(not.length > 0 ? [`${not.length === 1 ? 'This does' : 'These do'} not: ${list(not)}.`] : []),
		...(unknown.length > 0 ? [`Not known of: ${list(unknown)}.`] : []),
		...(skipped.length > 0 ? [`Skipped: ${list(skipped)}.`] : []),
		...(absent > 0 ? [`${count(absent, 'step')} ${absent === 1 ? 'is' : 'are'} not there for ${cleanLine(info?.system.name ?? 'this system')} yet.`] : []),
		...(unknowns > 0 ? [`${count(unknowns, 'claim')} ${unknowns === 1 ? 'is' : 'are'} unknown.`] : []),
		...(typed.length > 0 ? [`Typed by your own hands: ${list(typed)}.`] : []),
		...(did === 'apply' ? carriedOut(actions, held === there, typed.length > 0) : []),
	].join(' ');
};
