/** The guard: the server puts everything back by itself unless we come back over a new connection. */
import {setTimeout as sleep} from 'node:timers/promises';
import {ConnectionLost} from '../server/connect-error.js';
import {logInMs} from '../server/log-in.js';
import type {Server} from '../server/server.js';
import type {Outside, Step} from '../step.js';
import {adminSteps} from './roles.js';
import {ActionFailed} from './act.js';
import {ensureRescueCard} from './ensure-rescue-card.js';
import {RevertFailed, type Session} from './session.js';

/** Seconds without an order or a confirmation after which the server puts everything back. */
const defaultGuardSeconds = 90;

export const arm = async (session: Session, step: Step): Promise<string> => {
	const {server, run: {journal, run, guardSeconds = defaultGuardSeconds}} = session;
	await ensureRescueCard(session);
	const id = `${run}-${step.id}`;
	await journal.armed(id, step.id);
	try {
		await session.during('arming the guard', server.arm(id, guardSeconds, session.info.sshdPort));
	} catch (error) {
		if (error instanceof ConnectionLost) {
			throw error;
		}

		await journal.reverted(id);
		throw new ActionFailed({what: (error as Error).message, why: 'Without a guard a mistake could lock you out, so nothing was changed.', tries: ['Start again.']});
	}

	await session.emit({event: 'armed', step: step.id, seconds: guardSeconds});
	return id;
};

/** Whether a way in is open: what it was seen with, or why it is shut. */
export type WayIn = {readonly outside: Outside} | {readonly shut: string};

/** Why the way we came in by is shut now; undefined where it is open. */
const tryLogin = async ({server, login}: Session): Promise<string | undefined> => {
	try {
		const again = await server.connectAgain(login);
		await again.close();
		return undefined;
	} catch (error) {
		return (error as Error).message;
	}
};

/** Whether a step cannot be true without the admin's log-in. */
const standsOnAdmin = ({run: {catalogue}}: Session, {needs}: Step): boolean => {
	const making = adminSteps(catalogue);
	return needs?.some(id => making.has(id)) ?? false;
};

const comeBack = async (session: Session, step: Step, outside: Outside): Promise<string | undefined> => {
	if (session.adminWorks || standsOnAdmin(session, step)) {
		const {root, why} = await outside.logIn();
		return root ? undefined : why;
	}

	return tryLogin(session);
};

/** Tries to come back before it is taken for shut: a daemon that just read its settings may need a moment. */
const tries = 3;

const patiently = async (attempt: (count: number) => Promise<string | undefined>): Promise<string | undefined> => {
	const begin = performance.now();
	let shut = await attempt(1);
	// One that was waited for in vain is not waited for again: the guard does not wait that long.
	for (let count = 2; shut !== undefined && count <= tries && performance.now() - begin < logInMs; count++) {
		await sleep(1000);
		shut = await attempt(count);
	}

	return shut;
};

/** Where all doors but the admin's are to be shut, that one is tried first. An sshd that does not come so far as to refuse it may be what is to be mended. Throws `ActionFailed`. */
export const tryAdminFirst = async (session: Session, {provides}: Step): Promise<void> => {
	if (!provides?.keysOnly) {
		return;
	}

	const {loggedIn, why, offered} = await session.during('trying the door that is to stay open', session.outside().logIn());
	if (!loggedIn && offered !== undefined) {
		throw new ActionFailed({what: `${session.run.admin} does not get in with your key: ${why}`, why: 'From here on that would be the only way in, so the others were not shut. Nothing was changed.', tries: ['Take the step that makes your own user again, and then this one.']});
	}
};

/** Whether the one who must get in from now on gets in, over a new connection, and becomes root. */
export const wayIn = async (session: Session, step: Step, first: Outside): Promise<WayIn> => {
	let outside = first;
	const shut = await patiently(async count => {
		outside = count === 1 ? first : session.outside();
		return comeBack(session, step, outside);
	});
	return shut === undefined ? {outside} : {shut};
};

/** Whether one still gets in as we came. Says why not. */
export const sameWayIn = async (session: Session): Promise<string | undefined> => patiently(async () => tryLogin(session));

/** What the last revert could not put back; waits for one that is at work. */
const amissOn = async (server: Server): Promise<readonly string[]> => {
	const {guard} = await server.status();
	return guard.state === 'reverting' ? server.revert(guard.id) : guard.state === 'reverted' ? guard.amiss : [];
};

/** Ends the guard well. False: too late, the server has put everything back. `then` is written down before the end of the guard is. */
export const confirm = async (session: Session, step: Step, id: string, then?: () => Promise<void>): Promise<boolean> => {
	const {server, run: {journal}} = session;
	if (!await session.during('telling the guard that all is well', server.confirm(id))) {
		const amiss = await session.during('seeing what was put back', amissOn(server));
		await session.emit({
			event: 'reverted', step: step.id, why: 'the time was up', amiss,
		});
		await journal.reverted(id);
		return false;
	}

	await then?.();
	await journal.confirmed(id);
	await session.emit({event: 'confirmed', step: step.id});
	return true;
};

/** Whether a guard still waits for us. */
export const isArmed = async ({server}: Session, id: string): Promise<boolean> => {
	const {guard} = await server.status();
	return guard.state === 'armed' && guard.id === id;
};

/** Puts everything back now, over the connection that is still there. */
export const revert = async (session: Session, step: string, id: string, why: string): Promise<void> => {
	const {server, run: {journal}} = session;
	session.dirty = true;
	let amiss: readonly string[];
	try {
		amiss = await session.during('putting everything back', server.revert(id));
	} catch (error) {
		throw error instanceof ConnectionLost ? error : new RevertFailed((error as Error).message);
	}

	await session.emit({
		event: 'reverted', step, why, amiss,
	});
	await journal.reverted(id);
};
