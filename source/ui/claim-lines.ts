import type {Verdict} from '../engine/events.js';
import {cleanLine} from './clean.js';
import {
	bareMark,
	mark,
	type Theme,
	type Mark,
} from './theme.js';
import {count, indent} from './words.js';

export const markOf = (claim: Verdict): Mark => {
	if ('unknown' in claim) {
		return 'unknown';
	}

	return claim.holds ? 'holds' : 'false';
};

/** A claim and, unless it holds, what was expected and what was found. */
export const claimLines = (claim: Verdict, theme: Theme): readonly string[] => {
	const {columns} = theme;
	const says = cleanLine(claim.says);
	const more = bareMark(markOf(claim), theme).length - 1;
	const head = indent(says, columns - more, ' '.repeat(5), ' '.repeat(3)).map((line, index) => index === 0 ? line.replace(/^ {3}/, `   ${mark(markOf(claim), theme)} `) : line);
	if ('holds' in claim && claim.holds) {
		return head;
	}

	const detail = 'unknown' in claim
		? cleanLine(claim.unknown)
		: `expected: ${cleanLine(claim.expected)}   got: ${cleanLine(claim.actual)}`;
	const room = columns - 8 - more - [...says].length;
	return head.length === 1 && [...detail].length <= room ? [`${head[0]!}   ${detail}`] : [...head, ...indent(detail, columns, ' '.repeat(7))];
};

/** Claims shown where not all are asked for: the screen is to hold what can be done about them as well. */
const mostRed = 3;

/** What does not hold, or is not known: some of it, and how much more there is. */
export const redLines = (claims: readonly Verdict[], theme: Theme, most = mostRed): readonly string[] => {
	const red = sortClaims(claims).filter(claim => markOf(claim) !== 'holds');
	const others = red.length - most;
	return [...red.slice(0, most).flatMap(claim => claimLines(claim, theme)), ...(others > 0 ? [`   … and ${others === 1 ? 'one more' : `${others} more like these`}`] : [])];
};

/** What does not hold first, then what is unknown, then what holds. */
export const sortClaims = (claims: readonly Verdict[]): readonly Verdict[] => {
	const order: readonly Mark[] = ['false', 'unknown', 'holds'];
	return claims.toSorted((a, b) => order.indexOf(markOf(a)) - order.indexOf(markOf(b)));
};

export const tally = (claims: readonly Verdict[]): {held: number; notHeld: number; unknown: number} => ({
	held: claims.filter(claim => markOf(claim) === 'holds').length,
	notHeld: claims.filter(claim => markOf(claim) === 'false').length,
	unknown: claims.filter(claim => markOf(claim) === 'unknown').length,
});

/** `3 claims hold, 1 does not, 2 are unknown`. */
export const tallyInWords = ({held, notHeld, unknown}: ReturnType<typeof tally>): string => [
	`${count(held, 'claim')} ${held === 1 ? 'holds' : 'hold'}`,
	`${notHeld} ${notHeld === 1 ? 'does' : 'do'} not`,
	...(unknown > 0 ? [`${unknown} ${unknown === 1 ? 'is' : 'are'} unknown`] : []),
].join(', ');
