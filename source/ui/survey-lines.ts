/** The first that a person sees of their server: what it is, how it stands, what broke since. */
import type {Step} from '../step.js';
import {overviewLines} from './overview.js';
import {
	claimLines, markOf, redLines, sortClaims,
} from './claim-lines.js';
import {cleanLine} from './clean.js';
import {mark, type Theme} from './theme.js';
import {isOpen} from './run-results.js';
import type {RunState} from './run-state.js';
import {serverLine} from './step-lines.js';
import {surveyLines} from './server-warnings.js';
import {warning} from './warning.js';
import {ago, indent} from './words.js';

export const surveyed = (name: string, state: RunState, now: Date, theme: Theme): readonly string[] => [
	'',
	serverLine(name, state, theme),
	...(state.info ? surveyLines(state.info, now) : []).flatMap(text => warning(`${state.practice ? 'Were this a real server: ' : ''}${text}`, theme)),
];

export const overviewOf = (steps: readonly Step[], {steps: known}: RunState, before: ReadonlySet<string>, skipped: ReadonlySet<string>, theme: Theme): readonly string[] => {
	const found = new Map(known.map(step => [step.step, step]));
	return overviewLines(steps.map(({id, title, phase}) => ({
		title, phase, ended: found.get(id)?.ended, before: before.has(id), open: found.has(id) && isOpen(found.get(id)!), left: skipped.has(id),
	})), theme);
};

/** Steps that something was done for and that do not hold: not any more, or not yet. */
export const brokenSteps = (steps: readonly Step[], {steps: known}: RunState, before: ReadonlySet<string>): readonly Step[] =>
	steps.filter(({id}) => known.some(one => one.step === id && one.ended !== 'unknown' && isOpen(one) && (before.has(id) || one.ended === 'failed' || one.ended === 'reverted')));

const two = (number: number): string => String(number).padStart(2, '0');
const moment = (then: Date, now: Date): string => {
	const day = ago(then, now);
	return `${day === 'today' || day === 'yesterday' ? day : `on ${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())}`} at ${two(then.getHours())}:${two(then.getMinutes())}`;
};

/** What changed, and since when. `heldAt`: when each step was last seen to hold, ISO 8601. */
export const brokenLines = (broken: readonly Step[], {steps: known}: RunState, heldAt: Readonly<Record<string, string>>, now: Date, theme: Theme): readonly string[] => broken.flatMap(({id, title}) => {
	const since = heldAt[id];
	return [
		'',
		...indent(`${title}: ${since === undefined ? 'something was done for this before, and it does not hold' : `this held ${moment(new Date(since), now)}, and does not any more`}.`, theme.columns, ' '.repeat(3), ` ${mark('false', theme)} `),
		...redLines((known.find(one => one.step === id)?.claims ?? []).filter(claim => markOf(claim) === 'false'), theme),
	];
});

/** Every claim of every step. */
export const allClaims = (state: RunState, theme: Theme): readonly string[] => [
	'',
	` ${theme.paint.bold('What was found, claim by claim')}`,
	...state.steps.flatMap(({title, claims, ended}) => ['', ` ${title}`, ...(ended === 'unavailable' ? [`   – not there for ${cleanLine(state.info?.system.name ?? 'this system')} yet`] : []), ...sortClaims(claims).flatMap(claim => claimLines(claim, theme))]),
];
