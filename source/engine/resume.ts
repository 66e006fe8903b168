/** Going on where an earlier run was cut off: what it began is heard to its end, what it left open is closed. */
import type {Begun} from '../record/journal.js';
import type {Outcome} from '../server/server.js';
import {contentsNow} from './act.js';
import {isApt, isLocked, ordersOf, repetition} from './install.js';
import {newPackages, withoutProgress} from './apt-output.js';
import {hasRestarted} from './restart.js';
import type {Session} from './session.js';

type Heard = {readonly id: string; readonly shows: string; readonly outcome: Outcome};

/** Hears an order to its end; where it was repeated, its last repetition. */
const hearToItsEnd = async (session: Session, id: string, shows: string, repeated: boolean): Promise<Heard | undefined> => {
	let last: Heard | undefined;
	const most = repeated ? Infinity : 1;
	for (let attempt = 1; attempt <= most; attempt++) {
		const one = repetition(id, attempt);
		const outcome = await session.during(`an earlier run began "${shows}"; waiting for its end`, session.server.attach(one, () => undefined));
		if (!outcome) {
			break;
		}

		last = {id: one, shows, outcome: repeated ? {...outcome, err: withoutProgress(outcome.err)} : outcome};
	}

	return last;
};

/** Hears the last order that an action came to, if it came to any. An installation has several. */
const hearLast = async (session: Session, {id, shows, do: kind}: Begun): Promise<Heard | undefined> => {
	for (const order of isApt(kind) ? ordersOf(id, shows) : [{id, shows}]) {
		const heard = await hearToItsEnd(session, order.id, order.shows, isApt(kind));
		if (heard) {
			return heard;
		}
	}

	return undefined;
};

/** Learns whether a restart took place that was begun and of whose end nothing is recorded. */
const hearRestart = async (session: Session, begun: Begun): Promise<void> => {
	const {journal} = session.run;
	if (!await hasRestarted(session, begun)) {
		await journal.forget(begun.id, 'the server did not restart');
		return;
	}

	await session.emit({
		event: 'resumed', id: begun.id, shows: begun.shows, out: '', err: '', code: 0,
	});
	await journal.finish({
		...begun, code: 0, kept: [], left: {},
	});
};

/** Hears an action to its end that was begun and of whose end nothing is recorded. */
const hearOut = async (session: Session, begun: Begun): Promise<void> => {
	const {journal} = session.run;
	if (begun.do === 'reboot') {
		await hearRestart(session, begun);
		return;
	}

	const heard = await hearLast(session, begun);
	if (heard?.outcome.outcome !== 'ran') {
		await journal.forget(begun.id, heard?.outcome.err ?? 'it never reached the server');
		return;
	}

	const {id, shows, outcome} = heard;
	await session.emit({
		event: 'resumed', id, shows, out: outcome.out, err: outcome.err, code: outcome.code,
	});
	if (isApt(begun.do) && (shows !== begun.shows || isLocked(outcome))) {
		await journal.forget(begun.id, 'it was cut off before it installed anything');
		return;
	}

	await journal.finish({
		...begun,
		code: outcome.code,
		kept: outcome.kept,
		left: await contentsNow(session, begun.files),
		...(begun.do === 'install' ? {packages: newPackages(outcome.out)} : {}),
	});
};

/** Closes the record of a guard that is neither armed nor reverted: it was confirmed before that could be written down, or never armed. */
const closeGuard = async (session: Session, open: {readonly id: string; readonly step: string}): Promise<void> => {
	const {server, run: {journal}} = session;
	if (journal.undoing()?.step !== open.step) {
		await journal.confirmed(open.id);
	} else if (await server.confirm(open.id)) {
		await journal.undone(...journal.done().filter(({step}) => step === open.step).map(({id}) => id));
		await journal.confirmed(open.id);
	} else {
		await journal.reverted(open.id);
	}
};

/** Ends what an earlier run left open: first its running action, then its guard. An armed guard is not waited for: what stands under it was never proven, so it is put back and done again. */
export const resume = async (session: Session): Promise<void> => {
	const {server, run: {journal}} = session;
	for (let begun = journal.begun(); begun; begun = journal.begun()) {
		await hearOut(session, begun);
	}

	const {guard, running} = await session.during('asking what an earlier run left open', server.status());
	for (const id of running) {
		await session.during('an earlier run began something that still goes on; waiting for its end', server.attach(id, () => undefined));
	}

	const open = journal.guard();
	if (guard.state === 'armed' || guard.state === 'reverting') {
		const amiss = await session.during('an earlier run was cut off; putting back what it had begun', server.revert(guard.id));
		await session.emit({
			event: 'reverted', step: open?.step ?? guard.id, why: 'an earlier run was cut off before it could prove that you still get in', amiss,
		});
		await journal.reverted(guard.id);
	} else if (open && guard.state === 'reverted' && guard.id === open.id) {
		await session.emit({
			event: 'reverted', step: open.step, why: guard.why === 'boot' ? 'the server was restarted before the step was proven' : 'an earlier run did not come back in time', amiss: guard.amiss,
		});
		await journal.reverted(open.id);
	} else if (open) {
		await closeGuard(session, open);
	}
};
