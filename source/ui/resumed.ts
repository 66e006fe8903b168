import type {Event} from '../engine/events.js';
import {cleanLine, cleanTail} from './clean.js';
import type {Theme} from './theme.js';
import {indent} from './words.js';

const keptLines = 12;

/** What became of an action that an earlier run began and did not see the end of. */
export const resumedLines = ({shows, out, err, code}: Extract<Event, {event: 'resumed'}>, {columns, paint}: Theme): readonly string[] => [
	'',
	...indent(`An earlier run began this and was cut off: ${cleanLine(shows)}`, columns, ' '),
	...cleanTail(`${out}\n${err}`, columns - 8, keptLines).map(line => paint.dim(`     | ${line}`)),
	` It ended by itself, with exit code ${code}.`,
];
