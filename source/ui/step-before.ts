/** A step before its work, as deep as the person wants it. */
import type {Verdict} from '../engine/events.js';
import type {Theme} from './theme.js';
import {all, plannedLines} from './planned.js';
import type {StepState} from './run-state.js';
import {heading, nowLines} from './step-lines.js';
import {indent} from './words.js';

export type Depth = 'plain' | 'lesson' | 'commands';

export type BeforeStep = {
	readonly step: StepState;
	readonly claims: readonly Verdict[];
	readonly place: {readonly number: number; readonly total: number};
};

/** Changed lines shown where not all are asked for. */
const fewLines = 4;

/** What the next press of `e` shows. */
export const nextDepth: Readonly<Record<Depth, string>> = {plain: 'explain', lesson: 'commands', commands: 'in short'};

/** Each depth begins with what is new in it. */
export const stepLines = ({step, claims, place}: BeforeStep, {depth, diffs}: {readonly depth: Depth; readonly diffs: boolean}, theme: Theme): readonly string[] => {
	const {columns, paint} = theme;
	const {plan, round} = step;
	const says = (text: string): readonly string[] => ['', ...text.split('\n').flatMap(line => indent(line, columns, ' '))];
	const shownLines = diffs || depth === 'commands' ? all : depth === 'lesson' ? 0 : fewLines;
	const work = [
		'',
		` ${round === 1 ? 'What will be done, as root (who may do everything)' : 'What is left to do, as root'}:`,
		...plan.flatMap((action, index) => plannedLines(action, index + 1, theme, shownLines)),
		...(step.guarded ? says('If you cannot log in afterwards, the server puts everything back by itself.') : []),
	];
	const now = nowLines(claims, theme, depth === 'commands' ? claims.length : undefined);
	const parts: Readonly<Record<Depth, readonly string[]>> = {
		// Why was read before the first round.
		plain: [...says(round === 1 ? step.why : 'Not all of it yet: this is how it stands, and what is left to do.'), ...now, ...work],
		lesson: ['', ` ${paint.bold('What this teaches')}`, ...says(step.lesson), ...now, ...work],
		commands: ['', ` ${paint.bold('Every command, and every line that it changes')}`, ...work, ...now],
	};
	return ['', heading(step, place, theme), ...parts[depth]];
};
