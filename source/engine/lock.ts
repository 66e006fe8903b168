/** Holding the server: one run at a time. */
import {setTimeout as sleep} from 'node:timers/promises';
import {Stopped, type Session} from './session.js';

/** How often somebody else's lease must be renewed before our eyes to be a living run's. Once may be the last word of a dead one, which was on its way while its line was cut. */
const signsOfLife = 2;

/** Seconds between two looks at somebody else's lease. */
const pauseSeconds = 1;

/** Another run took the server. `message` says who. */
export class Held extends Error {
	override readonly name = 'Held';
}

/**
Takes the lease. Where another holds it, waits as long as that lease only runs down: a dead holder's lapses, a living one's is renewed again and again. Throws `Held` where it lives.
*/
export const hold = async (session: Session): Promise<void> => {
	const {server, run: {holder, signal}} = session;
	const begin = performance.now();
	let before = Infinity;
	let renewed = 0;
	for (;;) {
		if (await session.during('taking hold of the server', server.lock(holder))) {
			return;
		}

		if (signal?.aborted) {
			throw new Stopped('stopped');
		}

		const {lease} = await session.during('seeing who holds the server', server.status());
		const secondsLeft = lease?.secondsLeft ?? 0;
		renewed += lease && secondsLeft > before + 1 ? 1 : 0;
		if (lease && renewed >= signsOfLife) {
			throw new Held(lease.holder);
		}

		before = secondsLeft;
		await session.emit({
			event: 'waiting', for: `${lease?.holder ?? 'another run'} holds this server; seeing whether that is still alive`, seconds: Math.round((performance.now() - begin) / 1000), secondsLeft,
		});
		await sleep(Math.min(pauseSeconds, Math.max(secondsLeft, 0.2)) * 1000);
	}
};
