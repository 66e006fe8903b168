/** Going through an event on purpose: all that holds before it is looked at again after it, and what was seen is remembered. */
import {setTimeout as sleep} from 'node:timers/promises';
import {stateOfFile} from '../facts/files.js';
import type {Rehearsing, Statements} from '../record/journal.js';
import type {FileFact, Rehearsed, Step} from '../step.js';
import type {Verdict} from './events.js';
import {isFalse, judge, unreadable} from './judge.js';
import type {AllFacts} from './look.js';
import type {Session} from './session.js';

/** How long what starts with the server is waited for, in seconds, and between two looks meanwhile. What is seen from outside takes log-ins, which must stay few. */
const startWaitSeconds = 60;
const pauseSeconds = 6;

/** Folders whose files are no settings: they are made anew by each start, or change by themselves. */
const passing = /^\/(?:dev|proc|run|sys|tmp|var)\//;

const isFileFact = (value: object): value is FileFact => 'path' in value && 'sha256' in value && 'mode' in value && 'owner' in value;

/** The settings files among facts, whatever they lie in. */
const filesIn = (value: unknown): readonly FileFact[] => {
	if (typeof value !== 'object' || value === null) {
		return [];
	}

	return isFileFact(value) ? (passing.test(value.path) ? [] : [value]) : Object.values(value).flatMap(one => filesIn(one));
};

type Judged = ReadonlyMap<Step, readonly Verdict[]>;

/** The steps that a rehearsal is about, whether this run takes them or not. */
const stepsOf = ({run: {catalogue}, unavailable}: Session): readonly Step[] => catalogue.filter(({id, rehearses}) => !rehearses && !unavailable.has(id));

const lookAtAll = async (session: Session): Promise<{readonly facts: AllFacts; readonly judged: Judged}> => {
	const steps = stepsOf(session);
	const facts = await session.look(steps);
	const outside = session.outside();
	const claims = await session.during('checking from here', Promise.all(steps.map(async step => judge(session, step, facts.get(step.id)!, outside))));
	return {facts, judged: new Map(steps.map((step, index) => [step, claims[index]!]))};
};

const saidOf = (judged: Judged, wanted: (claim: Verdict) => boolean): Statements =>
	Object.fromEntries([...judged].map(([{id}, claims]) => [id, Object.fromEntries(claims.filter(claim => wanted(claim)).map(claim => [claim.id, claim.says]))]));

const sizeOf = (said: Statements): number => Object.values(said).reduce((sum, one) => sum + Object.keys(one).length, 0);

/** Notes down what holds before the event. */
export const noteBefore = async (session: Session, step: Step): Promise<void> => {
	const {judged} = await lookAtAll(session);
	const holding = saidOf(judged, claim => 'holds' in claim && claim.holds);
	const red = saidOf(judged, isFalse);
	await session.run.journal.rehearse({
		step: step.id, boot: session.info.bootId, holding, red,
	});
	const [holds, fails] = [sizeOf(holding), sizeOf(red)];
	await session.emit({event: 'note', says: `Before the restart ${holds} of ${holds + fails} claims hold: these are looked at again after it.${fails === 0 ? '' : ` The other ${fails} did not hold anyway and are left out.`}`});
};

type Difference = Pick<Rehearsed, 'lost' | 'unseen'>;

/** What does not hold any more, or cannot be seen any more. What is red now and was not there before came by the event as well. */
const differenceTo = ({holding, red}: Rehearsing, judged: Judged): Difference => {
	const steps = [...judged].map(([{id: step, title}, claims]) => ({
		step, title, claims, held: holding[step] ?? {}, failed: red[step] ?? {},
	}));
	return {
		lost: steps.flatMap(({step, title, claims, failed}) => claims.flatMap(claim => 'holds' in claim && !claim.holds && failed[claim.id] === undefined
			? [{
				step, title, says: claim.says, actual: claim.actual,
			}]
			: [])),
		unseen: steps.flatMap(({title, claims, held}) => Object.entries(held).flatMap(([id, says]) => {
			const now = claims.find(claim => claim.id === id) ?? claims.find(claim => claim.id === unreadable);
			return now === undefined || 'unknown' in now ? [{title, says, why: now?.unknown ?? 'not there any more'}] : [];
		})),
	};
};

/** Looks until all that held holds again, or what starts with the server had its time. */
const lookUntilBack = async (session: Session, before: Rehearsing) => {
	const end = performance.now() + ((session.run.startSeconds ?? startWaitSeconds) * 1000);
	for (;;) {
		const {facts, judged} = await lookAtAll(session);
		const difference = differenceTo(before, judged);
		if ((difference.lost.length === 0 && difference.unseen.length === 0) || performance.now() >= end) {
			return {facts, difference};
		}

		await session.during('not all of it is back yet; what starts with the server is given time', sleep(pauseSeconds * 1000), () => (end - performance.now()) / 1000);
	}
};

/** Looks at what outlasted an event that was begun on purpose, in this run or in one that was cut off, and remembers it. False where there is none, or it has not taken place. */
export const seeAfter = async (session: Session): Promise<boolean> => {
	const {run: {journal}, info} = session;
	const before = journal.rehearsing();
	if (before === undefined || before.boot === info.bootId) {
		return false;
	}

	const {facts, difference} = await lookUntilBack(session, before);
	await journal.remember(before.step, {
		on: new Date().toISOString(),
		boot: info.bootId,
		held: sizeOf(before.holding),
		...difference,
		files: Object.fromEntries([...facts.values()].flatMap(one => 'found' in one ? filesIn(one.found) : []).map(one => [one.path, stateOfFile(one)])),
	});
	session.rehearsed.add(before.step);
	return true;
};

/** Whether a step may plan what it does: a rehearsal goes on once in a run; and unasked once at all, where nobody would miss anything after it, and only on a server that is well. */
export const mayPlan = (session: Session, step: Step, found: Readonly<Record<string, unknown>>): boolean => {
	const {run: {repeats, journal}, rehearsed, isTroubled} = session;
	return !step.rehearses || (!rehearsed.has(step.id) && (repeats === true || (journal.rehearsed(step.id) === undefined && !isTroubled && step.rehearses.unasked(found))));
};

/** The ids of steps that lost something by an event which this run went through. */
export const lostSteps = (session: Session): ReadonlySet<string> =>
	new Set([...session.rehearsed].flatMap(id => session.run.journal.rehearsed(id)?.lost.map(({step}) => step) ?? []));
