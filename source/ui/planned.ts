import type {Planned, Trouble} from '../engine/events.js';
import {
	cleanLine,
	cleanTail,
	clean,
	cut,
} from './clean.js';
import {mark, type Theme} from './theme.js';
import {warning} from './warning.js';
import {indent, pieces} from './words.js';

/** Changed lines to show where all of them are asked for: then each is there to its last letter. */
export const all = Number.POSITIVE_INFINITY;

const spelled = (line: string): string => clean(line).replaceAll('\n', ' ');

/** One action as it is shown before it is done: what, and why. */
export const plannedLines = (action: Planned, number: number, theme: Theme, diffLines = 0): readonly string[] => {
	const {columns, paint} = theme;
	const changed = (action.diff ?? []).flatMap(({lines}) => lines.filter(line => !line.startsWith(' ')));
	const added = changed.filter(line => line.startsWith('+')).length;
	const removed = changed.length - added;
	const size = action.diff === undefined ? '' : `   +${added}${removed > 0 ? ` -${removed}` : ''} ${added + removed === 1 ? 'line' : 'lines'}`;
	const verb = {run: '', write: 'write ', install: '', upgrade: '', reboot: ''}[action.do];
	const shows = cleanLine(action.shows);
	const what = `${verb !== '' && !shows.startsWith(verb) ? verb : ''}${shows}`;
	return [
		...indent(`${what}${size}`, columns, ' '.repeat(6), `   ${String(number).padEnd(3)}`).map(line => paint.bold(line)),
		...indent(cleanLine(action.because), columns, ' '.repeat(6)),
		...(action.cannotUndo === undefined ? [] : warning(`Cannot be taken back: ${cleanLine(action.cannotUndo)}`, theme, ' '.repeat(3))),
		...(diffLines >= all && action.byHand !== undefined ? action.byHand.map(command => `        ${cleanLine(command)}`) : []),
		...(diffLines >= all
			? (action.diff ?? []).flatMap(({from, lines}) => [
				...(from > 1 ? [paint.dim(`        line ${from}:`)] : []),
				...lines.flatMap(line => pieces(spelled(line), columns - 9).map(piece => line.startsWith(' ') ? paint.dim(`        ${piece}`) : `        ${piece}`)),
			])
			: changed.slice(0, diffLines).map(line => `        ${cut(spelled(line), columns - 9)}`)),
		...(changed.length > diffLines && diffLines > 0 ? [paint.dim(`        … ${changed.length - diffLines} more`)] : []),
	];
};

/** What went wrong: what happened, why it matters, what to try. */
export const troubleLines = ({what, why, tries, said}: Trouble, theme: Theme): readonly string[] => {
	const {columns, paint, program} = theme;
	const spell = (text: string): string => cleanLine(text, 2000).replace(/\bdropwise (?=(?:undo|check|apply|plan) )/, `${program} `);
	const tail = said === undefined ? [] : cleanTail(said, columns - 8, 8);
	return [
		...indent(cleanLine(what, 2000), columns, ' '.repeat(3), ' '.repeat(3)).map((line, index) => index === 0 ? ` ${mark('false', theme)} ${line.trimStart()}` : line),
		...(why === undefined ? [] : indent(cleanLine(why, 2000), columns, ' '.repeat(3))),
		...(tail.length > 0 ? ['   The server said:', ...tail.map(line => paint.dim(`     | ${line}`))] : []),
		...tries.flatMap((text, index) => indent(index === 0 ? spell(text).replace(/^Try (.)/, (_, letter: string) => letter.toUpperCase()) : spell(text), columns, ' '.repeat(8), index === 0 ? '   Try: ' : ' '.repeat(8))),
	];
};
