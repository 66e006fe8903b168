/** The guard: the server puts everything back by itself unless we come back over a new connection. */
import {setTimeout as sleep} from 'node:timers/promises';
import type {Outside, Step} from '../step.js';
import type {Session} from './session.js';

/** Seconds without an order or a confirmation after which the server puts everything back. */
const patience = 90;

export const arm = async (session: Session, step: Step): Promise<string> => {
	const {
		server, journal, run, rescue, guardSeconds = patience,
	} = session.run;
	if (rescue && !session.rescued) {
		session.rescued = true;
		await session.emit({event: 'note', says: `If you are ever locked out: the way back in is written down in ${await rescue(session.ground)}`});
	}

	const id = `${run}-${step.id}`;
	await journal.armed(id, step.id);
	await server.arm(id, guardSeconds);
	await session.emit({event: 'armed', step: step.id, seconds: guardSeconds});
	return id;
};

const comeBack = async (session: Session, step: Step, outside: Outside): Promise<string | undefined> => {
	const {server, login} = session.run;
	if (session.adminWorks || step.needs?.includes('admin-user')) {
		const {root, why} = await outside.logIn();
		return root ? undefined : why;
	}

	try {
		const again = await server.connectAgain(login);
		await again.close();
		return undefined;
	} catch (error) {
		return (error as Error).message;
	}
};

/** Tries to come back before it is taken for shut: a daemon that just read its settings may need a moment. */
const tries = 3;

/** Whether the one who must get in from now on gets in, over a new connection, and becomes root. Says why not. */
export const wayIn = async (session: Session, step: Step, first: Outside): Promise<string | undefined> => {
	let shut = await comeBack(session, step, first);
	for (let attempt = 2; shut !== undefined && attempt <= tries; attempt++) {
		await sleep(1000);
		shut = await comeBack(session, step, session.outside());
	}

	return shut;
};

/** Ends the guard well. False: too late, the server has put everything back. */
export const confirm = async (session: Session, step: Step, id: string): Promise<boolean> => {
	const {server, journal} = session.run;
	if (!await server.confirm(id)) {
		await journal.reverted(id);
		await session.emit({event: 'reverted', step: step.id, why: 'the time was up'});
		return false;
	}

	await journal.confirmed(id);
	await session.emit({event: 'confirmed', step: step.id});
	return true;
};

/** Puts everything back now, over the connection that is still there. */
export const revert = async (session: Session, step: string, id: string, why: string): Promise<void> => {
	const {server, journal} = session.run;
	session.dirty = true;
	await session.during('putting everything back', server.revert(id));
	await journal.reverted(id);
	await session.emit({event: 'reverted', step, why});
};
