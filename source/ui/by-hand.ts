/** A step that somebody does with their own hands: what to type, and how it stands by now. Pure. */
import type {Verdict} from '../engine/events.js';
import {claimLines, markOf} from './claim-lines.js';
import {cleanLine, cleanTail, cut} from './clean.js';
import {stepIn, type RunState} from './run-state.js';
import {mark, type Theme} from './theme.js';
import {typingLines, type Hand} from './commands-to-type.js';
import {
	indent,
	pieces,
	spread,
	wrap,
} from './words.js';

/** All that is known of every claim is shown where it takes no more than this of their rows. */
const shareOfDetails = 0.6;

/** Lines in so many rows; where details are cut off, that is to be seen. */
const cutTo = (lines: readonly string[], rows: number, columns: number): readonly string[] =>
	lines.length <= rows || rows === 1 ? lines.slice(0, rows) : [...lines.slice(0, rows - 1), cut(`${lines[rows - 1]!} …`, columns)];

/** Claims in so many rows. All of them, each in its place and with all that is known of it, where there is room; else a row for each, and of the first that does not hold what it lacks; else how many hold, and as many of the others as fit. */
export const claimsInRows = (claims: readonly Verdict[], rows: number, theme: Theme): readonly string[] => {
	const whole = claims.map(claim => claimLines(claim, theme));
	const first = claims.findIndex(claim => markOf(claim) !== 'holds');
	const brief = whole.map((lines, index) => index === first ? lines : [`   ${mark(markOf(claims[index]!), theme)} ${cleanLine(claims[index]!.says, theme.columns - 6)}`]);
	if (whole.flat().length <= rows * shareOfDetails) {
		return whole.flat();
	}

	if (brief.flat().length <= rows) {
		return brief.flat();
	}

	const red = brief.filter((_, index) => markOf(claims[index]!) !== 'holds');
	const held = claims.length - red.length;
	const head = held === 0 ? [] : [`   ${mark('holds', theme)} ${held} of ${claims.length} hold`];
	const room = rows - head.length - 1;
	const [top = [], ...rest] = red;
	// There is a row for every claim that is shown, and details where they have room.
	const lines = [...cutTo(top, Math.max(1, room), theme.columns), ...rest.slice(0, Math.max(0, room - top.length)).flat()];
	const left = rest.length - Math.max(0, room - top.length);
	return [...head, ...lines, ...(left > 0 ? [`   … and ${left} more`] : [])];
};

/** So much of what was said to one line is shown, in lines. */
const mostSaid = 200;

/** What a command said, as a terminal shows it: nothing is cut off. */
export const saidLines = (said: string, {columns}: Theme): readonly string[] => cleanTail(said, 10_000, mostSaid)
	.flatMap(line => wrap(line, columns - 2))
	.flatMap(line => pieces(line, columns - 2))
	.map(line => ` ${line}`);

/** With fewer rows nothing stands apart. */
const roomyRows = 20;
/** The claims take no more than this share of the screen. */
const shareOfClaims = 0.4;
/** The least that is shown of what is to be typed, and of the claims, in rows. */
const least = 3;
/** What is to be typed has so many before the claims have more than their least: a command, and why. Before anything was typed, how to begin as well. */
const wantedRows = {rest: 5, first: 10} as const;

export type ByHandScreen = {
	readonly head: readonly string[];
	/** What is to be typed, and in how many rows of it there is room: it may be scrolled. */
	readonly typing: readonly string[];
	readonly room: number;
	/** What it is about: another where something else is to be typed. */
	readonly subject: string;
	readonly claims: readonly string[];
	/** The last of what was said. */
	readonly said: readonly string[];
};

/** A screen of so many rows, `below` of which something else takes. What was said last has room before the claims have, and these before what is to be typed. `sign`: what moves where something is waited for. */
export const byHandScreen = (state: RunState, hand: Hand | undefined, {rows, below, said = [], sign = ''}: {readonly rows: number; readonly below: number; readonly said?: readonly string[]; readonly sign?: string}, theme: Theme): ByHandScreen => {
	const {columns, paint} = theme;
	const {title = '', plan = [], isRest = false, guarded = false, claims = []} = stepIn(state, state.current) ?? {};
	const says = cleanLine(state.waiting, columns - 5).replace(/^./, letter => letter.toUpperCase()) || 'How it stands, looked at again and again while you type:';
	const gap = rows < roomyRows ? [] : [''];
	const head = ['', spread(` ${title}`, 'by your own hands', columns).replace(title, paint.bold(title)), ...gap];
	const above = [...gap, ` ${sign === '' ? '' : `${paint.cyan(sign)} `}${says}`];
	const all = rows - below - head.length - above.length;
	const last = said.slice(-Math.max(2, all - (2 * least)));
	const isBegun = isRest || said.length > 0;
	const shown = claimsInRows(claims, Math.max(least, Math.min(Math.floor(rows * shareOfClaims), all - last.length - (isBegun ? wantedRows.rest : wantedRows.first))), theme);
	return {
		head,
		typing: typingLines(plan, {guarded, hand, isRest: isBegun}, theme, true),
		subject: plan.map(({id}) => id).join(' '),
		room: Math.max(2, all - last.length - shown.length),
		claims: [...above, ...shown],
		said: last,
	};
};

/** What is to be known before this window is logged in to the server itself. */
export const lendingLines = ({hostKeys}: RunState, {columns}: Theme): readonly string[] => [
	'',
	...indent(`This window goes to the server now. Type exit there to come back to dropwise.${hostKeys.length === 0 ? '' : ` Where ssh asks whether you know the server, its fingerprint must be ${hostKeys.length === 1 ? 'this' : 'one of these'}:`}`, columns, ' '),
	...hostKeys.map(key => `   ${cleanLine(key, columns - 3)}`),
	'',
];
