/** Carrying out one action: written down before it is sent, heard to its end, written down again. */
import {createHash} from 'node:crypto';
import {parseFile} from '../facts/files.js';
import type {Begun, Done} from '../record/journal.js';
import type {Order, Outcome} from '../server/server.js';
import type {Action, FileFact, Step} from '../step.js';
import type {Planned, Trouble} from './events.js';
import {install, upgrade} from './install.js';
import {newPackages} from './apt-output.js';
import {lastLines, perform} from './perform.js';
import {noteBefore, seeAfter} from './rehearsal.js';
import {restartServer} from './restart.js';
import type {Session} from './session.js';
import {cannotUndo, isUndoing} from './preview.js';

/** An action that did not do what it should. */
export class ActionFailed extends Error {
	override readonly name = 'ActionFailed';
	constructor(readonly trouble: Trouble) {
		super(trouble.what);
	}
}

export const orderOf = (id: string, action: Extract<Action, {do: 'run' | 'write'}>): Order => (action.do === 'run'
	? {
		id, do: 'run', argv: action.argv, ...(action.stdin === undefined ? {} : {stdin: action.stdin}), touches: action.touches ?? [], undo: isUndoing(action.undo) ? action.undo : [],
	}
	: {
		id, do: 'write', path: action.file.path, expects: action.file.sha256, content: action.content, mode: action.mode, ...(action.owner === undefined ? {} : {owner: action.owner}),
	});

const begunOf = ({info}: Session, step: Step, planned: Planned, action: Action, guard: string | undefined): Begun => ({
	id: planned.id,
	step: step.id,
	do: action.do,
	shows: planned.shows,
	...(action.do === 'run' ? {argv: action.argv} : {}),
	undo: action.do === 'run' ? action.undo : action.do === 'write' ? [] : {cannot: cannotUndo[action.do]},
	files: action.do === 'run' ? action.touches ?? [] : action.do === 'write' ? [action.file.path] : [],
	...(action.do === 'reboot' ? {boot: info.bootId} : {}),
	...(guard === undefined ? {} : {guard}),
});

/** Files as they are now, by path. */
export const filesNow = async (session: Session, paths: readonly string[]): Promise<ReadonlyMap<string, FileFact>> => {
	if (paths.length === 0) {
		return new Map();
	}

	const readings = await session.during('reading what became of files', session.server.look(paths.map(path => ({file: path}))));
	return new Map(paths.map((path, index) => [path, parseFile(path)(readings[index]!)]));
};

/** What files' contents are now, by path. */
export const contentsNow = async (session: Session, paths: readonly string[]): Promise<Record<string, string>> =>
	Object.fromEntries([...await filesNow(session, paths)].map(([path, {sha256}]) => [path, sha256]));

const check = (planned: Planned, {outcome, code, out, err}: Outcome): void => {
	if (outcome === 'refused') {
		throw new ActionFailed({what: err.trim() || `${planned.shows} was refused. Nothing was changed.`, tries: ['Try the same again: dropwise looks anew and plans anew.']});
	}

	if (outcome === 'no-such-command') {
		throw new ActionFailed({what: `This server has no command for: ${planned.shows}`, tries: ['Look again after installing what is missing.']});
	}

	if (code !== 0) {
		throw new ActionFailed({what: `"${planned.shows}" ended with code ${code}.`, tries: ['Read what it said, mend it, and start again: what holds already is not done twice.'], said: lastLines({out, err})});
	}
};

const outcomeOf = async (session: Session, {id, shows}: Planned, action: Action): Promise<Outcome> => {
	switch (action.do) {
		case 'install': {
			return install(session, id, action.packages);
		}

		case 'upgrade': {
			return upgrade(session, id);
		}

		case 'reboot': {
			return restartServer(session, id);
		}

		default: {
			return perform(session, orderOf(id, action), shows);
		}
	}
};

/** Carries out one action. Throws `ActionFailed` where it did not work. */
export const carryOut = async (session: Session, step: Step, planned: Planned, action: Action, guard: string | undefined): Promise<void> => {
	const {journal} = session.run;
	const begin = performance.now();
	const begun = begunOf(session, step, planned, action, guard);
	if (step.rehearses) {
		await noteBefore(session, step);
	}

	await session.emit({event: 'action-started', step: step.id, action: planned});
	await journal.begin(begun);
	session.dirty = true;
	session.actions++;
	const outcome = await outcomeOf(session, planned, action);
	await (outcome.outcome === 'ran' ? journal.finish(await doneOf(session, begun, outcome, action)) : journal.forget(planned.id, outcome.outcome));
	await session.emit({
		event: 'action-finished', step: step.id, id: planned.id, code: outcome.code, seconds: (performance.now() - begin) / 1000,
	});
	check(planned, outcome);
	if (step.rehearses) {
		await seeAfter(session);
	}
};

const doneOf = async (session: Session, begun: Begun, outcome: Outcome, action: Action): Promise<Done> => ({
	...begun,
	code: outcome.code,
	kept: outcome.kept,
	left: action.do === 'write' ? {[action.file.path]: createHash('sha256').update(action.content).digest('hex')} : await contentsNow(session, begun.files),
	...(action.do === 'install' ? {packages: newPackages(outcome.out)} : {}),
});
