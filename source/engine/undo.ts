/** Putting back what a step changed: newest first, files byte for byte. */
import type {Done} from '../record/journal.js';
import type {Argv, Step} from '../step.js';
import {ActionFailed, contentsNow} from './act.js';
import type {Planned} from './events.js';
import {arm, confirm, revert} from './guard.js';
import {lastLines, perform} from './perform.js';
import type {Session} from './session.js';
import {typed} from './show.js';

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

/** Puts the files of an action back, but for those that somebody changed since. */
const restore = async (session: Session, step: Step, done: Done, untouched: ReadonlySet<string>): Promise<void> => {
	const now = await contentsNow(session, done.kept.map(({path}) => path));
	for (const kept of done.kept) {
		if (!untouched.has(kept.path)) {
			await session.emit({event: 'note', says: `${kept.path} was changed by somebody since; it stays as it is.`});
			continue;
		}

		const id = `${session.run.run}-undo-${++numbers}`;
		const shows = kept.sha256 === 'absent' ? `remove ${kept.path}` : `put back ${kept.path}`;
		await shown(session, step, {
			id, do: 'write', because: 'as it was before this step', shows,
		}, async () => {
			const outcome = await perform(session, {
				id, do: 'restore', path: kept.path, expects: now[kept.path]!, to: kept,
			}, shows);
			return {...outcome, code: outcome.outcome === 'ran' ? outcome.code : 1};
		});
	}
};

const takeBack = async (session: Session, step: Step, done: Done): Promise<void> => {
	const {undo} = done;
	if (typeof undo === 'object' && 'cannot' in undo) {
		const packages = done.packages ?? [];
		await session.emit({event: 'note', says: packages.length > 0 ? `Still installed: ${packages.join(', ')}. To remove them: sudo apt-get purge ${packages.join(' ')}` : `"${done.shows}" cannot be taken back: ${undo.cannot}.`});
		return;
	}

	const now = await contentsNow(session, done.files);
	const untouched = new Set(done.files.filter(path => now[path] === done.left[path]));
	if (undo !== 'again') {
		for (const argv of undo) {
			await runBack(session, step, argv, `takes back "${done.shows}"`, done);
		}
	}

	await restore(session, step, done, untouched);
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
		for (const done of entries) {
			session.stopIfAsked();
			await takeBack(session, step, done);
			if (guard === undefined) {
				await journal.undone(done.id);
			}
		}

		for (const done of entries.toReversed().filter(({undo, argv}) => undo === 'again' && argv)) {
			await runBack(session, step, done.argv!, 'so that it takes effect', done);
		}
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
		for (const done of entries) {
			await journal.undone(done.id);
		}
	}

	await journal.learn({user: server.me.user});
};
