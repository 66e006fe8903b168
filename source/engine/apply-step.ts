/** One step, made true: plan, show, approve, install, arm, act, look again, judge, come back, disarm. */
import {setTimeout as sleep} from 'node:timers/promises';
import {isDeepStrictEqual} from 'node:util';
import {ConnectionLost} from '../server/connect-error.js';
import type {Action, Step} from '../step.js';
import {ActionFailed, carryOut} from './act.js';
import type {Decision, Ended, Planned, Trouble, Verdict} from './events.js';
import {
	arm,
	confirm,
	isArmed,
	revert,
	tryAdminFirst,
	wayIn,
} from './guard.js';
import {
	isFalse,
	judge,
	judgeInside,
	judgeSettled,
	settleSeconds,
	stateOf,
} from './judge.js';
import {lookOn} from './look-on.js';
import type {Facts} from './look.js';
import {
	RevertFailed,
	Stopped,
	Unheard,
	type Session,
} from './session.js';
import {planned} from './preview.js';
import {mayPlan} from './rehearsal.js';

/** Rounds of planning and acting before a step gives up. */
const rounds = 5;

/** Looks that a server which changes all the time is given before what was found last is taken as it is. */
const looksToSettle = 5;

type Found = Extract<Facts, {found: unknown}>;

const planOf = (session: Session, step: Step, {found}: Found): readonly Action[] => mayPlan(session, step, found) ? step.plan(found as never, session.contextOf(step)) : [];
const packagesOf = (session: Session, step: Step, {found}: Found): readonly string[] => step.packages?.(found as never, session.contextOf(step)) ?? [];

let numbers = 0;
const number = (session: Session, step: Step, actions: readonly Action[]): ReadonlyArray<{planned: Planned; action: Action}> =>
	actions.map(action => ({planned: planned(`${session.run.run}-${step.id}-${++numbers}`, action), action}));

/** All that a step would do, as far as it can be known now: what it installs comes first. */
export const wholePlan = (session: Session, step: Step, facts: Facts): ReadonlyArray<{planned: Planned; action: Action}> => {
	if ('unreadable' in facts) {
		return [];
	}

	const packages = packagesOf(session, step, facts);
	return number(session, step, [
		...(packages.length > 0 ? [{do: 'install', because: 'this step needs it', packages} as const] : []),
		...planOf(session, step, facts),
	]);
};

/** Looks until what is there can be read, as long as it may still settle: a list that somebody else has open for a moment is no reason to put everything back. */
const lookAgain = async (session: Session, step: Step): Promise<Found> => {
	const end = performance.now() + (settleSeconds(step) * 1000);
	for (;;) {
		const facts = (await session.look([step])).get(step.id)!;
		if (!('unreadable' in facts)) {
			return facts;
		}

		if (performance.now() >= end) {
			throw new ActionFailed({what: `After this step's work the server could not be read: ${facts.unreadable}.`, tries: ['Look again.']});
		}

		await sleep(500);
	}
};

/** What is found after acting. Only what is found twice, a second apart, leads to more: a program that was told to read its settings again closes its port before it opens it. */
const foundAfter = async (session: Session, step: Step): Promise<Found> => {
	let found = await lookAgain(session, step);
	for (let looks = 1; looks < looksToSettle && planOf(session, step, found).length > 0; looks++) {
		await sleep(1000);
		const before = found;
		found = await lookAgain(session, step);
		if (isDeepStrictEqual(found, before)) {
			break;
		}
	}

	return found;
};

/** What the person wants to become of this. */
const ask = async (session: Session, {id, title, phase}: Step, actions: ReadonlyArray<{planned: Planned}>): Promise<Exclude<Decision, 'stop'>> => {
	session.stopIfAsked();
	const begin = performance.now();
	const decision = await session.run.decide({step: id, title, phase}, actions.map(one => one.planned));
	session.waited += performance.now() - begin;
	await session.emit({event: 'decided', step: id, decision});
	if (decision === 'stop') {
		throw new Stopped('stopped');
	}

	return decision;
};

/** What is to be done in a round. Nothing where the person leaves it, or has done it with their own hands. */
const agreed = async (session: Session, step: Step, first: Found, round: number, approved: ReadonlySet<string>): Promise<{facts: Found; actions: ReturnType<typeof number>}> => {
	for (let facts = first; ;) {
		const actions = number(session, step, planOf(session, step, facts));
		if (round === 1 || actions.length === 0) {
			return {facts, actions};
		}

		await session.emitClaims(step, 'after', judgeInside(session, step, facts));
		await session.emit({
			event: 'planned', step: step.id, round, actions: actions.map(one => one.planned),
		});
		if (actions.every(({planned: {shows, cannotUndo}}) => cannotUndo === undefined || approved.has(shows))) {
			return {facts, actions};
		}

		const decision = await ask(session, step, actions);
		if (decision !== 'typed') {
			return {facts, actions: decision === 'do' ? actions : []};
		}

		await lookOn(session, step, facts, now => wholePlan(session, step, now).map(one => one.planned));
		facts = await lookAgain(session, step);
	}
};

/** Acts and looks again until there is nothing left to do, or what turned out to be left is not wanted. What cannot be taken back and was not in the plan that was approved is asked about. Throws `ActionFailed` where that does not happen. */
const work = async (session: Session, step: Step, first: Found, guard: string | undefined, approved: ReadonlySet<string>): Promise<Found> => {
	let facts = first;
	let restarts = 0;
	for (let round = 1; round <= rounds; round++) {
		const {facts: before, actions} = await agreed(session, step, facts, round, approved);
		if (actions.length === 0) {
			return before;
		}

		for (const one of actions) {
			session.stopIfAsked();
			restarts += one.action.do === 'reboot' ? 1 : 0;
			if (restarts > 1) {
				throw new ActionFailed({what: 'The server was restarted, and a restart is still due.', why: 'Another one would most likely change nothing.', tries: ['Look again: it says who asks for it.']});
			}

			await carryOut(session, step, one.planned, one.action, guard);
		}

		const next = await session.during('making sure that this is how it stands', foundAfter(session, step));
		if (isDeepStrictEqual(next, before)) {
			throw new ActionFailed({what: 'The work was done, and nothing on the server changed.', why: `What was tried: ${actions.map(({planned: {shows}}) => shows).join('; ')}.`, tries: ['Look at the full log to see what the server said.']});
		}

		facts = next;
	}

	throw new ActionFailed({what: `After ${rounds} rounds there is still something left to do.`, tries: ['Something on the server may be undoing what is done: look for other tools that manage it.']});
};

const describe = (claims: readonly Verdict[]): string =>
	claims.filter(claim => isFalse(claim)).map(claim => ('holds' in claim ? `${claim.says}: expected ${claim.expected}, got ${claim.actual}` : '')).join('; ');

/** How a step ended by its claims. The outside may have no way to look; but what the server itself cannot say leaves the step's work undone, or unproven. */
const endBy = async (session: Session, step: Step, claims: readonly Verdict[]): Promise<Ended> => {
	const state = stateOf(claims);
	const unseen = claims.flatMap(claim => ('unknown' in claim && claim.by === 'server' ? [claim.unknown] : []));
	if (state !== 'unknown' || unseen.length === 0 || step.rehearses) {
		return state;
	}

	await session.emit({event: 'trouble', step: step.id, trouble: {what: `This step could not do all of its work: ${[...new Set(unseen)].join('; ')}.`, tries: ['Mend what is named here, and run this again.']}});
	return 'failed';
};

/** Judges under the guard, comes back over a new connection, and only then disarms. */
const underGuard = async (session: Session, step: Step, facts: Found, guard: string | undefined): Promise<Ended> => {
	const {claims, facts: last, outside} = await judgeSettled(session, step, facts, true);
	await session.emitClaims(step, 'after', claims);
	if (guard === undefined) {
		return endBy(session, step, claims);
	}

	if ('unreadable' in last) {
		throw new ActionFailed({what: `After this step's work the server could not be read: ${last.unreadable}.`, tries: ['Look again.']});
	}

	const way = await session.during('coming back over a new connection', wayIn(session, step, outside));
	if ('shut' in way) {
		await revert(session, step.id, guard, `nobody could get in any more: ${way.shut}`);
		return 'reverted';
	}

	// A log-in that was red may have gone through since: what let us in is asked once more, or we would contradict ourselves.
	const status = way.outside === outside ? claims : await session.during('checking from here', judge(session, step, last, way.outside));
	if (status !== claims) {
		await session.emitClaims(step, 'after', status);
	}

	if (stateOf(status) === 'false') {
		await revert(session, step.id, guard, `you could still get in, but ${describe(status)}`);
		return 'reverted';
	}

	session.stopIfAsked();
	return await confirm(session, step, guard) ? endBy(session, step, status) : 'reverted';
};

const failure = async (session: Session, step: Step, guard: string | undefined, trouble: Trouble): Promise<Ended> => {
	if (guard !== undefined) {
		await revert(session, step.id, guard, trouble.what);
	}

	await session.emit({event: 'trouble', step: step.id, trouble});
	return guard === undefined ? 'failed' : 'reverted';
};

const make = async (session: Session, step: Step, first: Found, approved: ReadonlySet<string>): Promise<Ended> => {
	let guard: string | undefined;
	try {
		let facts = first;
		const packages = packagesOf(session, step, facts);
		if (packages.length > 0) {
			const [one] = number(session, step, [{do: 'install', because: 'this step needs it', packages}]);
			await carryOut(session, step, one!.planned, one!.action, undefined);
			facts = await lookAgain(session, step);
		}

		session.stopIfAsked();
		if (step.guarded && planOf(session, step, facts).length > 0) {
			await tryAdminFirst(session, step);
			guard = await arm(session, step);
		}

		return await underGuard(session, step, await work(session, step, facts, guard, approved), guard);
	} catch (error) {
		if (error instanceof ActionFailed) {
			return failure(session, step, guard, error.trouble);
		}

		// Waiting for the guard would be worse; but one that was told that all is well, or put things back, is over.
		if (guard !== undefined && !(error instanceof ConnectionLost || error instanceof RevertFailed) && await isArmed(session, guard)) {
			await revert(session, step.id, guard, error instanceof Stopped && !(error instanceof Unheard) ? 'you stopped in the middle' : (error as Error).message);
		}

		throw error;
	}
};

const asItStands = async (session: Session, step: Step, facts: Facts, stands: 'found' | 'after'): Promise<Ended> => {
	const {claims} = await judgeSettled(session, step, facts, false);
	await session.emitClaims(step, stands, claims);
	if (stateOf(claims) === 'false') {
		await session.emit({event: 'trouble', step: step.id, trouble: {what: 'This does not hold, and there is nothing this step can do about it by itself.', tries: ['Read what was expected and what was found, above; mend it on the server, and look again.']}});
	}

	return endBy(session, step, claims);
};

/** Makes one step true, or finds that it is. */
export const applyStep = async (session: Session, step: Step, first: Facts): Promise<Ended> => {
	let facts = first;
	for (let round = 1; ;) {
		const plan = wholePlan(session, step, facts);
		if ('unreadable' in facts || plan.length === 0) {
			return asItStands(session, step, facts, round === 1 ? 'found' : 'after');
		}

		const actions = plan.map(one => one.planned);
		if (round === 1) {
			await session.emitClaims(step, 'found', judgeInside(session, step, facts));
		}

		await session.emit({
			event: 'planned', step: step.id, round, actions,
		});
		const decision = await ask(session, step, plan);
		if (decision !== 'typed') {
			return decision === 'do' ? make(session, step, facts, new Set(actions.map(({shows}) => shows))) : 'skipped';
		}

		const theirs = await lookOn(session, step, facts, now => wholePlan(session, step, now).map(one => one.planned));
		if (theirs.isDone) {
			return endBy(session, step, theirs.claims);
		}

		round += isDeepStrictEqual(theirs.facts, facts) ? 0 : 1;
		facts = theirs.facts;
	}
};
