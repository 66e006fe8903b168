/** Putting back what a step changed: newest first, files byte for byte. */
import type {Done} from '../record/journal.js';
import type {Kept, Order, Outcome} from '../server/server.js';
import {ConnectionLost} from '../server/connect-error.js';
import type {
	Argv,
	FileFact,
	Step,
} from '../step.js';
import {makesAdmin} from './roles.js';
import {ActionFailed, filesNow} from './act.js';
import type {Planned} from './events.js';
import {
	arm, confirm, revert, sameWayIn,
} from './guard.js';
import {lastLines, perform} from './perform.js';
import type {Session} from './session.js';
import {isUndoing, typed} from './preview.js';

let numbers = 0;

/** What taking back a step is about. */
type Undo = {readonly session: Session; readonly step: Step; readonly guard: string | undefined};

const shown = async ({session, step}: Undo, planned: Planned, order: Order): Promise<Outcome> => {
	const begin = performance.now();
	await session.emit({event: 'action-started', step: step.id, action: planned});
	session.actions++;
	session.dirty = true;
	const outcome = await perform(session, order, planned.shows);
	await session.emit({
		event: 'action-finished', step: step.id, id: planned.id, code: outcome.code, seconds: (performance.now() - begin) / 1000,
	});
	return outcome;
};

const failed = (shows: string, outcome: Outcome): ActionFailed => new ActionFailed({what: outcome.outcome === 'refused' ? outcome.err.trim() : `"${shows}" ended with code ${outcome.code}.`, tries: ['Read what it said, and undo again: it goes on where it stopped.'], said: lastLines(outcome)});

/** An id for something that is done anew each time. */
const freshId = ({session}: Undo): string => `${session.run.run}-undo-${++numbers}`;

/** An id by which the server knows whether it was done already: an undo that was cut off does nothing twice. Under a guard all that was cut off was put back. */
const idOnce = async (undo: Undo, {id}: Done, index: number, shows: string): Promise<string | 'done'> => {
	const {session, guard} = undo;
	if (guard !== undefined) {
		return freshId(undo);
	}

	for (let attempt = 1; ; attempt++) {
		const once = `${id}-undo-${index}${attempt === 1 ? '' : `-${attempt}`}`;
		const before = await session.during(`hearing what became of "${shows}"`, session.server.attach(once, () => undefined));
		if (before === undefined) {
			return once;
		}

		if (before.outcome !== 'ran') {
			continue;
		}

		await session.emit({
			event: 'resumed', id: once, shows, out: before.out, err: before.err, code: before.code,
		});
		if (before.code === 0) {
			return 'done';
		}
	}
};

/** Takes back what one action did by its commands. */
const runBack = async (undo: Undo, done: Done): Promise<void> => {
	const {session} = undo;
	if (!isUndoing(done.undo)) {
		const packages = done.packages ?? [];
		await session.emit({event: 'note', says: packages.length > 0 ? `Still installed: ${packages.join(', ')}. To remove them: sudo apt-get purge ${packages.join(' ')}` : `"${done.shows}" cannot be taken back: ${done.undo.cannot}.`});
		return;
	}

	for (const [index, argv] of (done.undo === 'again' ? [] : done.undo).entries()) {
		const shows = typed(argv);
		const id = await idOnce(undo, done, index, shows);
		if (id === 'done') {
			continue;
		}

		const outcome = await shown(undo, {
			id, do: 'run', because: `takes back "${done.shows}"`, shows,
		}, {
			id, do: 'run', argv, touches: done.files, undo: done.argv ? [done.argv] : [],
		});
		if (outcome.code === 0) {
			continue;
		}

		// What failed, or was taken back in part, may have left nothing that could be taken back.
		if (done.code === 0 && !done.partly) {
			throw failed(shows, outcome);
		}

		await session.emit({event: 'note', says: `"${shows}" found nothing to take back: "${done.shows}" ${done.partly ? 'was taken back in part before' : 'had failed'}.`});
	}
};

const makeEffective = async (undo: Undo, {argv, files}: Done & {readonly argv: Argv}): Promise<void> => {
	const id = freshId(undo);
	const shows = typed(argv);
	const outcome = await shown(undo, {
		id, do: 'run', because: 'so that it takes effect', shows,
	}, {
		id, do: 'run', argv, touches: files, undo: 'again',
	});
	if (outcome.code !== 0) {
		throw failed(shows, outcome);
	}
};

/** A file that a step changed: as it was before, its content when the step was done with it, the first action that changed it, and whether others did between its commands, which each take back their own alone. */
type Changed = {readonly path: string; readonly before: Kept; readonly left: string | undefined; readonly first: string; readonly mixed: boolean};

const filesOf = (oldestFirst: readonly Done[]): readonly Changed[] => {
	const files = new Map<string, Changed>();
	for (const {id, kept, left, undo} of oldestFirst) {
		const takesBackItsOwn = Array.isArray(undo) && undo.length > 0;
		for (const one of kept) {
			const {path} = one;
			const {before = one, first = id, mixed = false, left: last = one.sha256} = files.get(path) ?? {};
			files.set(path, {
				path, before, left: left[path], first, mixed: mixed || (takesBackItsOwn && ![last, before.sha256].includes(one.sha256)),
			});
		}
	}

	return [...files.values()];
};

const stands = (now: FileFact, before: Kept): boolean => ('mode' in before
	? now.sha256 === before.sha256 && now.mode === before.mode && now.owner === before.owner
	: now.content === undefined);

/** Puts files back as they were before the step. */
const restore = async (undo: Undo, files: readonly Kept[]): Promise<void> => {
	const now = await filesNow(undo.session, files.map(({path}) => path));
	for (const before of files) {
		const {path} = before;
		const fact = now.get(path)!;
		if (stands(fact, before)) {
			continue;
		}

		const id = freshId(undo);
		const shows = before.sha256 === 'absent' ? `remove ${path}` : `put back ${path}`;
		const outcome = await shown(undo, {
			id, do: 'write', because: 'as it was before this step', shows,
		}, {
			id, do: 'restore', path, expects: fact.sha256, to: before,
		});
		if (outcome.outcome !== 'ran' || outcome.code !== 0) {
			throw failed(shows, outcome);
		}
	}
};

/** The files that somebody else changed since: they stay. Found out before anything is taken back, and kept for an undo that is cut off. */
const findTheirs = async ({session, step}: Undo, files: readonly Changed[]): Promise<ReadonlySet<string>> => {
	const {journal} = session.run;
	const before = journal.undoing();
	let theirs = before?.step === step.id ? before.theirs : undefined;
	if (theirs === undefined) {
		const now = await filesNow(session, files.map(({path}) => path));
		theirs = files.filter(({path, before: was, left, mixed}) => (mixed || now.get(path)!.sha256 !== left) && !stands(now.get(path)!, was)).map(({path}) => path);
		await journal.undo(step.id, theirs);
	}

	for (const path of theirs) {
		await session.emit({event: 'note', says: `${path} was changed since: what others did there stays.`});
	}

	return new Set(theirs);
};

/** Takes back everything a step did, newest first: commands, and each file once, when the first action that changed it is taken back; but one that an action made goes with that action, for a folder may go next. Then what makes it take effect. */
const takeBack = async (undo: Undo, newestFirst: readonly Done[]): Promise<void> => {
	const files = filesOf(newestFirst.toReversed());
	const theirs = await findTheirs(undo, files);
	for (const done of newestFirst) {
		undo.session.stopIfAsked();
		await runBack(undo, done);
		await restore(undo, done.kept.filter(({path, sha256}) => !theirs.has(path) && (sha256 === 'absent' || files.some(file => file.path === path && file.first === done.id))));
	}

	for (const done of newestFirst.toReversed()) {
		if (done.undo === 'again' && done.argv !== undefined) {
			await makeEffective(undo, {...done, argv: done.argv});
		}
	}
};

/** The steps that stand on another and were done: its undo is refused while there are any. */
export const dependentsOf = (id: string, steps: readonly Step[], done: readonly Done[]): readonly Step[] =>
	steps.filter(step => step.needs?.includes(id) && done.some(one => one.step === step.id));

/** Undoes one step. Throws `ActionFailed` where it is refused or does not work. */
export const undoStep = async (session: Session, step: Step, all: readonly Step[]): Promise<void> => {
	const {server, run: {journal}} = session;
	const entries = journal.done().filter(done => done.step === step.id).toReversed();
	if (entries.length === 0) {
		throw new ActionFailed({what: `Nothing that "${step.title}" changed on this server is on record.`, why: 'Nothing was changed.', tries: ['Check that this is the computer the step was done from: the record is kept there.']});
	}

	const above = dependentsOf(step.id, all, journal.done());
	if (above.length > 0) {
		throw new ActionFailed({what: `"${step.title}" cannot be undone while ${above.map(({title}) => `"${title}"`).join(', ')} stands on it.`, why: 'Nothing was changed.', tries: above.map(({id}) => `First: dropwise undo ${session.run.serverName} ${id}`)});
	}

	if (makesAdmin(step) && server.me.user === session.run.admin) {
		throw new ActionFailed({what: `You are logged in as ${server.me.user}, the user that this would take away.`, why: 'Nothing was changed.', tries: [`Log in as root: dropwise undo root@${session.run.serverName} ${step.id}`]});
	}

	const guard = step.guarded ? await arm(session, step) : undefined;
	try {
		await takeBack({session, step, guard}, entries);
	} catch (error) {
		if (guard !== undefined && !(error instanceof ConnectionLost)) {
			await revert(session, step.id, guard, 'undoing it did not work to the end');
		}

		throw error;
	}

	const undone = async (): Promise<void> => journal.undone(...entries.map(({id}) => id));
	if (guard === undefined) {
		await undone();
	} else {
		const shut = await session.during('coming back over a new connection', sameWayIn(session));
		if (shut !== undefined) {
			await revert(session, step.id, guard, `nobody could get in any more: ${shut}`);
		}

		if (shut !== undefined || !await confirm(session, step, guard, undone)) {
			throw new ActionFailed({what: `"${step.title}" was not undone: ${shut ?? 'the time was up'}`, why: 'The server has put everything back as it was before.', tries: ['Look again.']});
		}
	}

	await journal.learn({user: server.me.user});
};
