/** Holding the server: one run at a time. */
import {setTimeout as sleep} from 'node:timers/promises';
import {Stopped, during, type Run} from './session.js';

/** Seconds between two looks at somebody else's lease. */
const pause = 1;

/**
Takes the lease. Where another holds it, waits as long as that lease only runs down: a dead holder's lapses, a living one's is renewed. Returns the holder where it lives.
*/
export const hold = async ({server, holder, hear, signal}: Run): Promise<string | undefined> => {
	const begin = performance.now();
	let least = Infinity;
	for (;;) {
		if (await during(hear, 'taking hold of the server', server.lock(holder))) {
			return undefined;
		}

		if (signal?.aborted) {
			throw new Stopped('stopped');
		}

		const {lease} = await during(hear, 'seeing who holds the server', server.standing());
		const secondsLeft = lease?.secondsLeft ?? 0;
		if (lease && secondsLeft > least + 1) {
			return lease.holder;
		}

		least = Math.min(least, secondsLeft);
		await hear({
			event: 'waiting', for: `${lease?.holder ?? 'another run'} holds this server; seeing whether that is still alive`, seconds: Math.round((performance.now() - begin) / 1000), secondsLeft,
		});
		await sleep(Math.min(pause, Math.max(secondsLeft, 0.2)) * 1000);
	}
};
