import {eventsVersion, type Listener} from '../engine/events.js';
import {harmlessJson} from './clean.js';

/** One event a line, and nothing but: the format is documented with the events. */
export const jsonLines = (write: (text: string) => unknown, server: string): Listener => event => {
	write(`${harmlessJson({
		v: eventsVersion, time: new Date().toISOString(), server, ...event,
	})}\n`);
};
