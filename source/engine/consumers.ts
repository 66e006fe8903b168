import type {Hear} from './events.js';

/** One consumer made of several: each hears every event, in this order, also where one before it failed. Rejects then with the first failure. */
export const heardByAll = (...consumers: readonly Hear[]): Hear => async event => {
	const failures: unknown[] = [];
	for (const hear of consumers) {
		try {
			await hear(event);
		} catch (error) {
			failures.push(error);
		}
	}

	if (failures.length > 0) {
		throw failures[0];
	}
};
