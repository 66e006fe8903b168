import type {Listener} from './events.js';

/** One consumer made of several: each hears every event, in this order, also where one before it failed. Rejects then with the first failure. */
export const heardByAll = (...consumers: readonly Listener[]): Listener => async event => {
	const failures: unknown[] = [];
	for (const listener of consumers) {
		try {
			await listener(event);
		} catch (error) {
			failures.push(error);
		}
	}

	if (failures.length > 0) {
		throw failures[0];
	}
};
