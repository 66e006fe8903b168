/** Going on where an earlier run was cut off: what it began is heard to its end, what it left open is closed. */
import type {Begun} from '../record/journal.js';
import {contentsNow} from './act.js';
import {newPackages} from './packages.js';
import type {Session} from './session.js';

/** Hears an action to its end that was begun and of whose end nothing is recorded. */
const hearOut = async (session: Session, begun: Begun): Promise<void> => {
	const {server, journal} = session.run;
	const outcome = await session.during(`an earlier run began "${begun.shows}"; waiting for its end`, server.follow(begun.id, () => undefined));
	if (outcome?.outcome !== 'ran') {
		await journal.forget(begun.id, outcome?.err ?? 'it never reached the server');
		return;
	}

	await session.emit({
		event: 'resumed', id: begun.id, shows: begun.shows, out: outcome.out, err: outcome.err, code: outcome.code,
	});
	await journal.finish({
		...begun,
		code: outcome.code,
		kept: outcome.kept,
		left: await contentsNow(session, begun.files),
		...(begun.do === 'install' ? {packages: newPackages(outcome.out)} : {}),
	});
};

/** Ends what an earlier run left open, and says whether there was anything: first its running action, then its guard. An armed guard is not waited for: what stands under it was never proven, so it is put back and done again. */
export const resume = async (session: Session): Promise<boolean> => {
	const {server, journal} = session.run;
	const begun = journal.begun();
	if (begun) {
		await hearOut(session, begun);
	}

	const open = journal.guard();
	const {guard} = await server.standing();
	if (guard.state === 'armed' || guard.state === 'reverting') {
		await session.during('an earlier run was cut off; putting back what it had begun', server.revert(guard.id));
		await journal.reverted(guard.id);
		await session.emit({event: 'reverted', step: open?.step ?? guard.id, why: 'an earlier run was cut off before it could prove that you still get in'});
		return true;
	}

	if (!open) {
		return begun !== undefined;
	}

	if (guard.state === 'reverted' && guard.id === open.id) {
		await journal.reverted(open.id);
		await session.emit({event: 'reverted', step: open.step, why: guard.why === 'boot' ? 'the server was restarted before the step was proven' : 'an earlier run did not come back in time'});
		return true;
	}

	// Confirmed on the server, and cut off before that was written down; or never armed at all.
	await journal.confirmed(open.id);
	return true;
};
