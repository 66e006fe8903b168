/** Restarting the server, in this run or, as it turns out, in an earlier one. */
import type {Begun} from '../record/journal.js';
import {ConnectionLost} from '../server/connect-error.js';
import type {Order, Outcome} from '../server/server.js';
import {ensureRescueCard} from './ensure-rescue-card.js';
import {perform} from './perform.js';
import {comeBack, settleIn} from './reconnect.js';
import type {Session} from './session.js';

export const restartOrder = (id: string): Order => ({id, do: 'run', argv: ['reboot']});

/** Restarts the server and goes on once it is back, as another connection. Throws `NotBack`. */
export const restartServer = async (session: Session, id: string): Promise<Outcome> => {
	const before = session.info.bootId;
	await ensureRescueCard(session);
	let outcome: Outcome | undefined;
	try {
		outcome = await perform(session, restartOrder(id), 'reboot');
	} catch (error) {
		if (!(error instanceof ConnectionLost)) {
			throw error;
		}
	}

	if (outcome && outcome.outcome !== 'ran') {
		return outcome;
	}

	// A command that was ended by the very restart it began tells of no failure.
	if (!await comeBack(session, before, outcome?.code === 0)) {
		return outcome ?? {outcome: 'refused', code: 255, out: '', err: 'The order to restart never reached the server. Nothing was changed.', kept: []};
	}

	await settleIn(session, id);
	return {
		outcome: 'ran', code: 0, out: outcome?.out ?? '', err: '', kept: [],
	};
};

/** Whether a restart that an earlier run ordered took place; waits for it where it is under way. */
export const hasRestarted = async (session: Session, {id, boot}: Begun): Promise<boolean> => {
	if (boot !== undefined && session.info.bootId === boot) {
		let known: Outcome | undefined;
		try {
			known = await session.server.attach(id, () => undefined);
			if (!known) {
				return false;
			}
		} catch (error) {
			if (!(error instanceof ConnectionLost)) {
				throw error;
			}
		}

		if (!await comeBack(session, boot, known?.code === 0)) {
			return false;
		}
	}

	await settleIn(session, id);
	return true;
};
