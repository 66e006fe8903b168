/** Holding the server: one run at a time. */
import {setTimeout as sleep} from 'node:timers/promises';
import type {Session} from './session.js';

/** Seconds between two looks at somebody else's lease. */
const pause = 2;

/**
Takes the lease. Where another holds it, waits as long as that lease only runs down: a dead holder's lapses, a living one's is renewed. Returns the holder where it lives.
*/
export const hold = async (session: Session): Promise<string | undefined> => {
	const {server, holder} = session.run;
	let least = Infinity;
	for (;;) {
		if (await server.lock(holder)) {
			return undefined;
		}

		session.stopIfAsked();
		const {lease} = await server.standing();
		if (!lease) {
			continue;
		}

		if (lease.secondsLeft > least + 1) {
			return lease.holder;
		}

		least = Math.min(least, lease.secondsLeft);
		await session.during(`${lease.holder} holds this server; seeing whether that is still alive`, sleep(pause * 1000), () => lease.secondsLeft);
	}
};
