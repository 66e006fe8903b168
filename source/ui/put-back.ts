import type {Event} from '../engine/events.js';
import {cleanLine} from './clean.js';
import {mark, type Theme} from './theme.js';

/** What became of what was done under a guard: first of all, and by name, what the server could not put back. */
export const putBackLines = ({amiss}: Pick<Extract<Event, {event: 'reverted'}>, 'amiss'>, theme: Theme): readonly string[] => amiss.length === 0
	? [` ${mark('false', theme)} The server put everything back as it was.`]
	: [
		` ${mark('false', theme)} Not all could be put back. This is not as it was:`,
		...amiss.map(one => `     ${cleanLine(one, 2000)}`),
		'   Stay logged in where you are, and mend that first.',
	];
