/** Putting back what a step changed: newest first, files byte for byte. */
import type {Done} from '../record/journal.js';
import type {Kept} from '../server/server.js';
import type {Argv, Step} from '../step.js';
import {ActionFailed, contentsNow} from './act.js';
import type {Planned} from './events.js';
import {arm, confirm, revert} from './guard.js';
import {lastLines, perform} from './perform.js';
import type {Session} from './session.js';
import {isUndoing, typed} from './show.js';

let numbers = 0;

const shown = async (session: Session, step: Step, planned: Planned, work: () => Promise<{code: number; out: string; err: string}>): Promise<void> => {
	const begin = performance.now();
	await session.emit({event: 'action-started', step: step.id, action: planned});
	session.actions++;
	session.dirty = true;
	const {code, out, err} = await work();
	await session.emit({
		event: 'action-finished', step: step.id, id: planned.id, code, seconds: (performance.now() - begin) / 1000,
	});
	if (code !== 0) {
		throw new ActionFailed({what: `"${planned.shows}" ended with code ${code}.`, tries: ['Read what it said, and undo again.'], said: lastLines({out, err})});
	}
};

const runBack = async (session: Session, step: Step, argv: Argv, because: string, done: Done): Promise<void> => {
	const id = `${session.run.run}-undo-${++numbers}`;
	const shows = typed(argv);
	await shown(session, step, {
		id, do: 'run', because, shows,
	}, async () => perform(session, {
		id, do: 'run', argv, touches: done.files, undo: done.argv ? [done.argv] : [],
	}, shows));
};

/** What each file was before the step touched it, and after: the oldest and the newest of what its actions left. */
const filesOf = (oldestFirst: readonly Done[]): ReadonlyMap<string, {readonly before: Kept; readonly left: string | undefined}> => {
	const files = new Map<string, {before: Kept; left: string | undefined}>();
	for (const done of oldestFirst) {
		for (const kept of done.kept) {
			files.set(kept.path, {before: files.get(kept.path)?.before ?? kept, left: done.left[kept.path]});
		}
	}

	return files;
};

/** Puts the files back as they were before the step, but for those that somebody changed since. */
const restore = async (session: Session, step: Step, files: ReturnType<typeof filesOf>, untouched: ReadonlySet<string>): Promise<void> => {
	const now = await contentsNow(session, [...files.keys()]);
	for (const [path, {before}] of files) {
		if (!untouched.has(path)) {
			await session.emit({event: 'note', says: `${path} was changed by somebody since; it stays as it is.`});
			continue;
		}

		if (now[path] === before.sha256) {
			continue;
		}

		const id = `${session.run.run}-undo-${++numbers}`;
		const shows = before.sha256 === 'absent' ? `remove ${path}` : `put back ${path}`;
		await shown(session, step, {
			id, do: 'write', because: 'as it was before this step', shows,
		}, async () => {
			const outcome = await perform(session, {
				id, do: 'restore', path, expects: now[path]!, to: before,
			}, shows);
			return {...outcome, code: outcome.outcome === 'ran' ? outcome.code : 1};
		});
	}
};

/** Takes back everything a step did: its commands newest first, then its files, then what makes that take effect. */
const takeBack = async (session: Session, step: Step, newestFirst: readonly Done[]): Promise<void> => {
	const files = filesOf(newestFirst.toReversed());
	const now = await contentsNow(session, [...files.keys()]);
	const untouched = new Set([...files].filter(([path, {left}]) => now[path] === left).map(([path]) => path));
	for (const done of newestFirst) {
		session.stopIfAsked();
		if (!isUndoing(done.undo)) {
			const packages = done.packages ?? [];
			await session.emit({event: 'note', says: packages.length > 0 ? `Still installed: ${packages.join(', ')}. To remove them: sudo apt-get purge ${packages.join(' ')}` : `"${done.shows}" cannot be taken back: ${done.undo.cannot}.`});
		} else if (done.undo !== 'again') {
			for (const argv of done.undo) {
				await runBack(session, step, argv, `takes back "${done.shows}"`, done);
			}
		}
	}

	await restore(session, step, files, untouched);
	for (const done of newestFirst.toReversed().filter(({undo, argv}) => undo === 'again' && argv !== undefined)) {
		await runBack(session, step, done.argv!, 'so that it takes effect', done);
	}
};

/** The steps that stand on another and were done: its undo is refused while there are any. */
export const standingOn = (id: string, steps: readonly Step[], done: readonly Done[]): readonly Step[] =>
	steps.filter(step => step.needs?.includes(id) && done.some(one => one.step === step.id));

/** Undoes one step. Throws `ActionFailed` where it is refused or does not work. */
export const undoStep = async (session: Session, step: Step, all: readonly Step[]): Promise<void> => {
	const {journal, server, login} = session.run;
	const entries = journal.done().filter(done => done.step === step.id).toReversed();
	if (entries.length === 0) {
		throw new ActionFailed({what: `Nothing that "${step.title}" changed on this server is on record.`, why: 'Nothing was changed.', tries: ['Check that this is the computer the step was done from: the record is kept there.']});
	}

	const above = standingOn(step.id, all, journal.done());
	if (above.length > 0) {
		throw new ActionFailed({what: `"${step.title}" cannot be undone while ${above.map(({title}) => `"${title}"`).join(', ')} stands on it.`, why: 'Nothing was changed.', tries: above.map(({id}) => `First: dropwise undo ${session.run.serverName} ${id}`)});
	}

	if (step.id === 'admin-user' && server.me.user === session.run.admin) {
		throw new ActionFailed({what: `You are logged in as ${server.me.user}, the user that this would take away.`, why: 'Nothing was changed.', tries: [`Log in as root: dropwise undo root@${session.run.serverName} admin-user`]});
	}

	const guard = step.guarded ? await arm(session, step) : undefined;
	try {
		await takeBack(session, step, entries);
	} catch (error) {
		if (guard !== undefined) {
			await revert(session, step.id, guard, 'undoing it did not work to the end');
		}

		throw error;
	}

	if (guard !== undefined) {
		const again = await server.connectAgain(login).catch((error: unknown) => error as Error);
		if (again instanceof Error || !await confirm(session, step, guard)) {
			const why = again instanceof Error ? again.message : 'the time was up';
			if (again instanceof Error) {
				await revert(session, step.id, guard, `nobody could get in any more: ${why}`);
			}

			throw new ActionFailed({what: `"${step.title}" was not undone: ${why}`, why: 'The server has put everything back as it was before.', tries: ['Look again.']});
		}

		await again.close();
	}

	for (const done of entries) {
		await journal.undone(done.id);
	}

	await journal.learn({user: server.me.user});
};
