import type {Ended, Verdict} from '../engine/events.js';
import {claimLines, redLines, sortClaims} from './claim-lines.js';
import {cleanLine} from './clean.js';
import {
	bareMark,
	mark,
	type Theme,
	type Mark,
} from './theme.js';
import type {RunState, StepState} from './run-state.js';
import {
	count,
	duration,
	indent,
	memory,
	spread,
} from './words.js';

const endMarks: Readonly<Record<Ended, Mark>> = {
	holds: 'holds', false: 'false', unknown: 'unknown', skipped: 'skipped', undone: 'todo', failed: 'false', reverted: 'false', unavailable: 'skipped',
};

/** The server in one line: where, what, how large. */
export const serverLine = (name: string, {info, practice}: RunState, {columns, paint}: Theme): string => {
	const what = info ? `${cleanLine(info.system.name)}, ${memory(info.memoryMiB)}` : '';
	const left = ` ${name}   ${what}`;
	const right = practice ? 'practice: nothing here is real' : `as ${info?.me.user ?? ''}`;
	return spread(left, right, columns).replace(name, paint.bold(name));
};

/** What is known of a step before its work: what the look right before says, and what an earlier one saw from outside. */
export const claimsBefore = (before: RunState | undefined, {step, claims}: StepState): readonly Verdict[] => {
	const earlier = before?.steps.find(one => one.step === step)?.claims ?? [];
	return claims.length === 0 ? earlier : [...claims, ...earlier.filter(({by}) => by === 'outside' && claims.every(one => one.by !== by))];
};

/** A step's heading: without how long it takes where there is no room for that. */
export const heading = ({title, minutes}: Pick<StepState, 'title' | 'minutes'>, {number, total}: {readonly number: number; readonly total: number}, {columns, paint}: Theme): string => {
	const place = `step ${number} of ${total}`;
	const whole = `${place}, about ${count(minutes, 'minute')}`;
	return spread(` ${title}`, title.length + whole.length + 5 < columns ? whole : place, columns).replace(title, paint.bold(title));
};

/** What does not hold yet, or is not known. */
export const nowLines = (claims: readonly Verdict[], theme: Theme, most?: number): readonly string[] => {
	const red = redLines(claims, theme, most);
	return red.length > 0 ? ['', ' Right now:', ...red] : [];
};

/** What a step is for, and what does not hold yet: what stands above the list of actions. */
export const beforeLines = (step: StepState, claims: readonly Verdict[], number: number, total: number, theme: Theme): readonly string[] => [
	'',
	heading(step, {number, total}, theme),
	'',
	...indent(step.why, theme.columns, ' '),
	...nowLines(claims, theme),
];

/** How a step ended, claim by claim. A step that holds anyway takes one line unless all is to be told. */
export const afterLines = (step: StepState, seconds: number, actions: number, theme: Theme, whole: boolean): readonly string[] => {
	const {columns} = theme;
	const ended = step.ended ?? 'failed';
	const says: Readonly<Record<Ended, string>> = {
		holds: '', false: '', unknown: '', skipped: 'skipped', undone: 'put back', failed: 'did not go through', reverted: 'put back as it was', unavailable: 'not there yet',
	};
	const isTyped = step.decision === 'typed';
	const untouched = actions === 0 && ended === 'holds' && !whole && !isTyped;
	const unknowns = step.claims.filter(claim => 'unknown' in claim);
	const right = untouched ? step.claims.length === 0 ? 'nothing to do' : `${count(step.claims.length, 'claim')} ${step.claims.length === 1 ? 'holds' : 'hold'}, nothing to do` : says[ended] || (actions > 0 ? duration(seconds) : isTyped ? 'by your own hands' : '');
	const sign = mark(endMarks[ended], theme);
	const head = spread(` ${sign} ${step.title}`, right, columns + sign.length - bareMark(endMarks[ended], theme).length);
	if (ended === 'skipped' || ended === 'undone' || ended === 'unavailable') {
		return [head];
	}

	// What held under a guard that put everything back holds no more.
	const told = untouched ? unknowns : ended === 'reverted' ? step.claims.filter(claim => !('holds' in claim && claim.holds)) : step.claims;
	return [
		head.trimEnd(),
		...sortClaims(told).flatMap(claim => claimLines(claim, theme)),
	];
};
