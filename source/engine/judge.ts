/** The verdict: what the facts and the outside say of a step's claims. */
import {setTimeout as sleep} from 'node:timers/promises';
import type {Outside, Step} from '../step.js';
import type {State, Verdict} from './events.js';
import type {Facts} from './look.js';
import type {Session} from './session.js';

/** The id of the one claim of a step whose facts cannot be read. */
export const unreadable = 'facts';

/** A step's claims about facts already found. What could not be read is unknown, never true. */
export const judgeInside = (session: Session, step: Step, facts: Facts): readonly Verdict[] => ('unreadable' in facts
	? [{
		id: unreadable, says: step.title, unknown: facts.unreadable, by: 'server',
	}]
	: step.verify(facts.found as never, session.contextOf(step)).map((claim): Verdict => ({...claim, by: 'server'})));

/** All claims of a step, also those that are seen from outside. */
export const judge = async (session: Session, step: Step, facts: Facts, outside: Outside): Promise<readonly Verdict[]> => {
	const inside = judgeInside(session, step, facts);
	if ('unreadable' in facts) {
		return inside;
	}

	const seen = await step.witness?.(outside, facts.found as never, session.contextOf(step)) ?? [];
	return [...inside, ...seen.map((claim): Verdict => ({...claim, by: 'outside'}))];
};

export const isFalse = (claim: Verdict): boolean => 'holds' in claim && !claim.holds;
export const isUnknown = (claim: Verdict): boolean => 'unknown' in claim;

export const stateOf = (claims: readonly Verdict[]): State =>
	(claims.some(claim => isFalse(claim)) ? 'false' : claims.some(claim => isUnknown(claim)) ? 'unknown' : 'holds');

/** Seconds in which what was done may still take effect. */
export const settleSeconds = ({settle = 5}: Step): number => settle;

/** Judges what was found; while a claim is red that may still settle, or nothing can be read, looks and judges again. */
export const judgeSettled = async (session: Session, step: Step, first: Facts, acted: boolean): Promise<{claims: readonly Verdict[]; facts: Facts; outside: Outside}> => {
	const end = performance.now() + ((acted ? settleSeconds(step) : 0) * 1000);
	let facts = first;
	for (;;) {
		const outside = session.outside();
		const claims = await session.during('checking from here', judge(session, step, facts, outside));
		if ((stateOf(claims) !== 'false' && !('unreadable' in facts)) || performance.now() >= end) {
			return {claims, facts, outside};
		}

		await sleep(500);
		facts = (await session.look([step])).get(step.id)!;
	}
};
