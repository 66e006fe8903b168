import {setTimeout as sleep} from 'node:timers/promises';
import {ConnectError} from '../../source/server/connect-error.js';

/** Tries again while the server is on its way down or up, as a person would. */
export const onceBack = async <T>(go: () => Promise<T>): Promise<T> => {
	for (let tries = 0; ; tries++) {
		try {
			return await go();
		} catch (error) {
			if (!(error instanceof ConnectError) || tries === 30) {
				throw error;
			}

			await sleep(1000);
		}
	}
};
