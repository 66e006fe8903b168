/** The first that a person sees of their server: what it is, how it stands, what broke since. */
import type {Step} from '../step.js';
import {chartLines} from './chart.js';
import {
	claimLines, markOf, redLines, sortClaims,
} from './claims.js';
import {cleanLine} from './clean.js';
import {mark, type Look} from './look.js';
import {isOpen, type Progress} from './progress.js';
import {serverLine} from './step-lines.js';
import {surveyLines} from './survey.js';
import {warning} from './warning.js';
import {ago, indent} from './words.js';

export const surveyed = (name: string, progress: Progress, now: Date, look: Look): readonly string[] => [
	'',
	serverLine(name, progress, look),
	...(progress.ground ? surveyLines(progress.ground, now) : []).flatMap(text => warning(text, look)),
];

export const charted = (steps: readonly Step[], {steps: known}: Progress, before: ReadonlySet<string>, skipped: ReadonlySet<string>, look: Look): readonly string[] => {
	const found = new Map(known.map(step => [step.step, step]));
	return chartLines(steps.map(({id, title, phase}) => ({
		title, phase, ended: found.get(id)?.ended, before: before.has(id), open: found.has(id) && isOpen(found.get(id)!), left: skipped.has(id),
	})), look);
};

/** Steps that something was done for and that do not hold: not any more, or not yet. */
export const brokenSteps = (steps: readonly Step[], {steps: known}: Progress, before: ReadonlySet<string>): readonly Step[] =>
	steps.filter(({id}) => known.some(one => one.step === id && one.ended !== 'unknown' && isOpen(one) && (before.has(id) || one.ended === 'failed' || one.ended === 'reverted')));

const two = (number: number): string => String(number).padStart(2, '0');
const moment = (then: Date, now: Date): string => {
	const day = ago(then, now);
	return `${day === 'today' || day === 'yesterday' ? day : `on ${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())}`} at ${two(then.getHours())}:${two(then.getMinutes())}`;
};

/** What changed, and since when. `heldAt`: when each step was last seen to hold, ISO 8601. */
export const brokenLines = (broken: readonly Step[], {steps: known}: Progress, heldAt: Readonly<Record<string, string>>, now: Date, look: Look): readonly string[] => broken.flatMap(({id, title}) => {
	const since = heldAt[id];
	return [
		'',
		...indent(`${title}: ${since === undefined ? 'something was done for this before, and it does not hold' : `this held ${moment(new Date(since), now)}, and does not any more`}.`, look.columns, ' '.repeat(3), ` ${mark('false', look)} `),
		...redLines((known.find(one => one.step === id)?.claims ?? []).filter(claim => markOf(claim) === 'false'), look),
	];
});

/** Every claim of every step. */
export const allClaims = (progress: Progress, look: Look): readonly string[] => [
	'',
	` ${look.paint.bold('What was found, claim by claim')}`,
	...progress.steps.flatMap(({title, claims, ended}) => ['', ` ${title}`, ...(ended === 'unavailable' ? [`   – not there for ${cleanLine(progress.ground?.system.name ?? 'this system')} yet`] : []), ...sortClaims(claims).flatMap(claim => claimLines(claim, look))]),
];
