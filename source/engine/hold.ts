/** Holding the server: one run at a time. */
import {setTimeout as sleep} from 'node:timers/promises';
import {Stopped, type Session} from './session.js';

/** Seconds between two looks at somebody else's lease. */
const pause = 1;

/** Another run took the server. `message` says who. */
export class Held extends Error {
	override readonly name = 'Held';
}

/**
Takes the lease. Where another holds it, waits as long as that lease only runs down: a dead holder's lapses, a living one's is renewed. Throws `Held` where it lives.
*/
export const hold = async (session: Session): Promise<void> => {
	const {server, run: {holder, signal}} = session;
	const begin = performance.now();
	let least = Infinity;
	for (;;) {
		if (await session.during('taking hold of the server', server.lock(holder))) {
			return;
		}

		if (signal?.aborted) {
			throw new Stopped('stopped');
		}

		const {lease} = await session.during('seeing who holds the server', server.standing());
		const secondsLeft = lease?.secondsLeft ?? 0;
		if (lease && secondsLeft > least + 1) {
			throw new Held(lease.holder);
		}

		least = Math.min(least, secondsLeft);
		await session.emit({
			event: 'waiting', for: `${lease?.holder ?? 'another run'} holds this server; seeing whether that is still alive`, seconds: Math.round((performance.now() - begin) / 1000), secondsLeft,
		});
		await sleep(Math.min(pause, Math.max(secondsLeft, 0.2)) * 1000);
	}
};
