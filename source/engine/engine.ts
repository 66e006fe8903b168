/** The engine: look, plan, show, approve, act, look again, judge. Everything it does is told as events. */
import type {Step} from '../step.js';
import {makesAdmin} from './roles.js';
import {ActionFailed} from './act.js';
import {applyStep, wholePlan} from './apply-step.js';
import type {Ended} from './events.js';
import {exitCodes} from './exit-codes.js';
import {hold} from './lock.js';
import {judge, stateOf} from './judge.js';
import type {AllFacts} from './look.js';
import {lostSteps, mayPlan, seeAfter} from './rehearsal.js';
import {resume} from './resume.js';
import {watched, type Run, type Session} from './session.js';
import {meet, survey} from './survey.js';
import {troubleOf} from './trouble.js';
import {undoStep} from './undo.js';

/** What came of each step. */
type Tally = {readonly ended: Map<string, Ended>};

const stepStarted = async (session: Session, {id, title, phase, why, lesson, minutes, guarded}: Step): Promise<void> => session.emit({
	event: 'step-started', step: id, title, phase, why, lesson, minutes, guarded,
});

/** Begins a step. False where it cannot be had on this server yet: then it has ended. */
const started = async (session: Session, step: Step, tally: Tally): Promise<boolean> => {
	await stepStarted(session, step);
	const reason = session.unavailable.get(step.id);
	if (reason === undefined) {
		return true;
	}

	await session.emit({event: 'note', says: reason});
	await finished(session, step, 'unavailable', 0, session.clock(), tally);
	return false;
};

/** All steps' claims, judged at once: what is seen from outside takes seconds, and takes them together. */
const judgeAll = (session: Session, facts: AllFacts) => {
	const outside = session.outside();
	return new Map(session.steps.map(step => [step, judge(session, step, facts.get(step.id)!, outside)]));
};

const checkAll = async (session: Session, facts: AllFacts, tally: Tally): Promise<void> => {
	const verdicts = judgeAll(session, facts);
	for (const step of session.run.steps) {
		if (!await started(session, step, tally)) {
			continue;
		}

		const begin = session.clock();
		const claims = await session.during('checking from here', verdicts.get(step)!);
		await session.emitClaims(step, 'found', claims);
		await finished(session, step, stateOf(claims), 0, begin, tally);
	}
};

const planAll = async (session: Session, facts: AllFacts, tally: Tally): Promise<void> => {
	const verdicts = judgeAll(session, facts);
	for (const step of session.run.steps) {
		if (!await started(session, step, tally)) {
			continue;
		}

		const begin = session.clock();
		const actions = wholePlan(session, step, facts.get(step.id)!).map(one => one.planned);
		await session.emit({
			event: 'planned', step: step.id, round: 1, actions,
		});
		const claims = await session.during('checking from here', verdicts.get(step)!);
		await session.emitClaims(step, 'found', claims);
		await finished(session, step, actions.length > 0 ? 'skipped' : stateOf(claims), 0, begin, tally);
	}
};

const finished = async (session: Session, step: Step, ended: Ended, actions: number, begin: number, tally: Tally): Promise<void> => {
	tally.ended.set(step.id, ended);
	await session.emit({
		event: 'step-finished', step: step.id, ended, actions, seconds: (session.clock() - begin) / 1000,
	});
};

/** Takes steps one after another, and returns those that did not come to hold though something was done after them. */
const applyEach = async (session: Session, steps: readonly Step[], first: AllFacts, tally: Tally): Promise<readonly Step[]> => {
	let facts = first;
	const {journal, admin, key} = session.run;
	const left: Array<{step: Step; actions: number}> = [];
	for (const [index, step] of steps.entries()) {
		session.stopIfAsked();
		const begin = session.clock();
		const before = session.actions;
		if (!await started(session, step, tally)) {
			continue;
		}

		const missing = step.needs?.find(id => tally.ended.has(id) && tally.ended.get(id) !== 'holds');
		if (missing !== undefined) {
			await session.emit({event: 'note', says: `This needs "${session.run.steps.find(({id}) => id === missing)!.title}", which does not hold yet; left for later.`});
			await finished(session, step, 'skipped', 0, begin, tally);
			left.push({step, actions: session.actions});
			continue;
		}

		if (session.dirty) {
			facts = await session.look(steps.slice(index).filter(({id}) => !session.unavailable.has(id)));
			session.dirty = false;
		}

		const found = facts.get(step.id)!;
		const ended = await applyStep(session, step, found);
		if (ended !== 'holds' && 'found' in found && !mayPlan(session, step, found.found) && !session.rehearsed.has(step.id)) {
			await session.emit({event: 'note', says: `This is not gone through unasked. To do it: dropwise apply ${session.run.serverName} --steps ${step.id}`});
		}

		if (makesAdmin(step) && ended === 'holds') {
			session.adminWorks = true;
			await journal.learn({user: admin, key});
		}

		await finished(session, step, ended, session.actions - before, begin, tally);
		if (ended === 'false') {
			left.push({step, actions: session.actions});
		}
	}

	return left.filter(({actions}) => session.actions > actions).map(({step}) => step);
};

const applyAll = async (session: Session, first: AllFacts, tally: Tally): Promise<void> => {
	const {steps} = session.run;
	const left = await applyEach(session, steps, first, tally);
	const lost = lostSteps(session);
	const again = steps.filter(step => !step.rehearses && (left.includes(step) || (lost.has(step.id) && tally.ended.get(step.id) !== 'skipped')));
	if (again.length === 0) {
		return;
	}

	// What a step could not make true may have hung on a later one: nobody logs in while SSH is off the firewall's list.
	await session.emit({event: 'note', says: lost.size > 0 ? 'Not everything outlasted the restart; mending what did not.' : 'Something was mended since; seeing again what did not hold before.'});
	await applyEach(session, again, await session.look(again), tally);
};

const bad: ReadonlySet<Ended> = new Set(['false', 'failed', 'reverted']);

const conductApply = async (session: Session, tally: Tally): Promise<void> => {
	const {server, run: {journal, answers}} = session;
	await journal.learn({info: session.info, hostKeys: server.hostKeys, answers});
	// A restart that an earlier run went through on purpose and saw no end of: what it lost must not be mended before it is noticed.
	await seeAfter(session);
	// Not before it is ours: what was seen while another run still worked may be true no more.
	await applyAll(session, await session.look(session.steps), tally);
};

const conductUndo = async (session: Session, tally: Tally): Promise<void> => {
	const {steps, undo} = session.run;
	const step = steps.find(({id}) => id === undo)!;
	const begin = session.clock();
	const before = session.actions;
	await stepStarted(session, step);
	try {
		await undoStep(session, step, steps);
		await finished(session, step, 'undone', session.actions - before, begin, tally);
	} catch (error) {
		if (!(error instanceof ActionFailed)) {
			throw error;
		}

		await session.emit({event: 'trouble', step: step.id, trouble: error.trouble});
		await finished(session, step, 'failed', session.actions - before, begin, tally);
	}
};

const codeOf = ({ended}: Tally, strict: boolean | undefined): number => {
	const all = [...ended.values()];
	return all.some(one => bad.has(one)) || (strict && all.includes('unknown')) ? exitCodes.doesNotHold : exitCodes.holds;
};

/** Carries out one run, telling everything as events, and returns the exit code. Throws only what is a defect. */
export const run = async (given: Run): Promise<number> => {
	const r: Run = {...given, listener: watched(given.listener)};
	const tally: Tally = {ended: new Map()};
	await r.listener({
		event: 'run-started', run: r.run, doing: r.doing, version: r.version, steps: r.steps.map(({id, title, phase}) => ({step: id, title, phase})),
	});
	let session: Session | undefined;
	let exitCode: number;
	let mayHold = false;
	try {
		if (r.doing === 'check' || r.doing === 'plan') {
			const surveyed = await survey(r);
			session = surveyed.session;
			await (r.doing === 'check' ? checkAll : planAll)(session, surveyed.facts, tally);
		} else {
			({session} = await meet(r, false));
			mayHold = true;
			await hold(session);
			// What an earlier run left open there ends first.
			await resume(session);
			await (r.doing === 'undo' ? conductUndo : conductApply)(session, tally);
		}

		session.mustBeHeard();
		exitCode = codeOf(tally, r.strict);
	} catch (error) {
		const known = troubleOf(error, session);
		if (!known) {
			throw error;
		}

		await r.listener({event: 'trouble', trouble: known.trouble});
		exitCode = known.exitCode;
	} finally {
		// What was refused before anything was done to it stays as it was.
		if (mayHold) {
			await r.server.unlock().catch(() => undefined);
		}
	}

	const ended = [...tally.ended.values()];
	await r.listener({
		event: 'run-finished', steps: r.steps.length, held: ended.filter(one => one === 'holds').length, notHeld: ended.filter(one => bad.has(one)).length, unavailable: ended.filter(one => one === 'unavailable').length, unknowns: [...session?.unknowns.values() ?? []].reduce((sum, one) => sum + one, 0), actions: session?.actions ?? 0, looks: session?.looks ?? 0, exitCode,
	});
	return exitCode;
};
