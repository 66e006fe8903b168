import type {Planned, Trouble} from '../engine/events.js';
import {
	cleanLine,
	cleanTail,
	clean,
	cut,
} from './clean.js';
import {mark, type Look} from './look.js';
import {indent} from './words.js';

/** One action as it is shown before it is done: what, and why. */
export const plannedLines = (action: Planned, number: number, look: Look, diffLines = 0): readonly string[] => {
	const {columns, paint} = look;
	const added = action.diff?.filter(line => line.startsWith('+')).length ?? 0;
	const removed = action.diff?.filter(line => line.startsWith('-')).length ?? 0;
	const size = action.diff === undefined ? '' : `   +${added}${removed > 0 ? ` -${removed}` : ''} ${added + removed === 1 ? 'line' : 'lines'}`;
	const verb = {run: '', write: 'write ', install: ''}[action.do];
	const shows = cleanLine(action.shows);
	const what = `${verb !== '' && !shows.startsWith(verb) ? verb : ''}${shows}`;
	const diff = action.diff?.filter(line => /^[+-]/.test(line)) ?? [];
	return [
		...indent(`${what}${size}`, columns, ' '.repeat(6), `   ${String(number).padEnd(3)}`).map(line => paint.bold(line)),
		...indent(cleanLine(action.because), columns, ' '.repeat(6)),
		...(action.cannotUndo === undefined ? [] : indent(`Cannot be taken back: ${cleanLine(action.cannotUndo)}`, columns, ' '.repeat(6)).map(line => paint.yellow(line))),
		...diff.slice(0, diffLines).map(line => paint.dim(`        ${cut(clean(line).replaceAll('\n', ' '), columns - 9)}`)),
		...(diff.length > diffLines && diffLines > 0 ? [paint.dim(`        … ${diff.length - diffLines} more`)] : []),
	];
};

/** What went wrong: what happened, why it matters, what to try. */
export const troubleLines = ({what, why, tries, said}: Trouble, look: Look): readonly string[] => {
	const {columns, paint} = look;
	const tail = said === undefined ? [] : cleanTail(said, columns - 8, 8);
	return [
		...indent(cleanLine(what, 2000), columns, ' '.repeat(3), ' '.repeat(3)).map((line, index) => index === 0 ? ` ${mark('false', look)} ${line.trimStart()}` : line),
		...(why === undefined ? [] : indent(cleanLine(why, 2000), columns, ' '.repeat(3))),
		...(tail.length > 0 ? ['   The server said:', ...tail.map(line => paint.dim(`     | ${line}`))] : []),
		...tries.flatMap((text, index) => indent(cleanLine(text, 2000), columns, ' '.repeat(8), index === 0 ? '   Try: ' : ' '.repeat(8))),
	];
};
