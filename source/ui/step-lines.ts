import type {Ended, Verdict} from '../engine/events.js';
import {claimLines, sortClaims} from './claims.js';
import {cleanLine} from './clean.js';
import {mark, type Look, type Mark} from './look.js';
import type {Progress, StepProgress} from './progress.js';
import {
	count,
	duration,
	indent,
	list,
	memory,
	spread,
} from './words.js';

const endMarks: Readonly<Record<Ended, Mark>> = {
	holds: 'holds', false: 'false', unknown: 'unknown', skipped: 'skipped', undone: 'todo', failed: 'false', reverted: 'false',
};

/** The server in one line: where, what, how large. */
export const serverLine = (name: string, {ground, practice}: Progress, {columns, paint}: Look): string => {
	const what = ground ? `${cleanLine(ground.system.name)}, ${memory(ground.memoryMiB)}` : '';
	const left = ` ${name}   ${what}`;
	const right = practice ? 'practice: nothing here is real' : `as ${ground?.me.user ?? ''}`;
	return spread(left, right, columns).replace(name, paint.bold(name));
};

/** Claims shown before a step: the screen is to hold the plan as well. */
const mostRed = 3;

/** What a step is for, and what does not hold yet: what stands above the list of actions. */
export const beforeLines = (step: StepProgress, claims: readonly Verdict[], number: number, total: number, look: Look): readonly string[] => {
	const {columns, paint} = look;
	const red = sortClaims(claims).filter(claim => !('holds' in claim && claim.holds));
	return [
		'',
		spread(` ${step.title}`, `step ${number} of ${total}, about ${count(step.minutes, 'minute')}`, columns).replace(step.title, paint.bold(step.title)),
		'',
		...indent(step.why, columns, ' '),
		...(red.length > 0 ? ['', ' Right now:', ...red.slice(0, mostRed).flatMap(claim => claimLines(claim, look)), ...(red.length > mostRed ? [`   … and ${red.length - mostRed} more like these`] : [])] : []),
	];
};

/** How a step ended, claim by claim. A step that holds anyway takes one line unless all is to be told. */
export const afterLines = (step: StepProgress, seconds: number, actions: number, look: Look, whole: boolean): readonly string[] => {
	const {columns, paint} = look;
	const ended = step.ended ?? 'failed';
	const says: Readonly<Record<Ended, string>> = {
		holds: '', false: '', unknown: '', skipped: 'skipped', undone: 'put back', failed: 'did not go through', reverted: 'put back as it was',
	};
	const untouched = actions === 0 && ended === 'holds' && !whole;
	const unknowns = step.claims.filter(claim => 'unknown' in claim);
	const right = untouched ? step.claims.length === 0 ? 'nothing to do' : `${count(step.claims.length, 'claim')} ${step.claims.length === 1 ? 'holds' : 'hold'}, nothing to do` : says[ended] || (actions > 0 ? duration(seconds) : '');
	const head = spread(` ${mark(endMarks[ended], look)} ${step.title}`, right, columns + (mark(endMarks[ended], look).length - 1));
	if (ended === 'skipped' || ended === 'undone') {
		return [head];
	}

	return [
		right === '' ? head.trimEnd() : head.replace(right, paint.dim(right)),
		...sortClaims(untouched ? unknowns : step.claims).flatMap(claim => claimLines(claim, look)),
	];
};

/** The last line: what holds, what does not, what is unknown. */
export const summary = ({steps, total, actions}: Progress, did: 'check' | 'plan' | 'apply' | 'undo'): string => {
	const titles = (ends: readonly Ended[]): readonly string[] => steps.filter(({ended}) => ended !== undefined && ends.includes(ended)).map(({title}) => title);
	const held = titles(['holds', 'unknown']).length;
	const not = titles(['false', 'failed', 'reverted']);
	const skipped = titles(['skipped']);
	const unknowns = steps.flatMap(({claims}) => claims).filter(claim => 'unknown' in claim).length;
	return [
		`${held} of ${count(Math.max(total, steps.length), 'step')} ${held === 1 || total === 1 ? 'holds' : 'hold'}.`,
		...(not.length > 0 ? [`${not.length === 1 ? 'This does' : 'These do'} not: ${list(not)}.`] : []),
		...(skipped.length > 0 ? [`Skipped: ${list(skipped)}.`] : []),
		...(unknowns > 0 ? [`${count(unknowns, 'claim')} ${unknowns === 1 ? 'is' : 'are'} unknown.`] : []),
		...(did === 'apply' ? [actions === 0 ? 'Nothing had to be done.' : `${count(actions, 'action')} ${actions === 1 ? 'was' : 'were'} carried out.`] : []),
	].join(' ');
};
