import type {Ended} from '../engine/events.js';
import {
	bareMark,
	mark,
	type Theme,
	type Mark,
} from './theme.js';

export type OverviewStep = {readonly title: string; readonly phase: string; readonly ended: Ended | undefined; /** Whether it was made true before. */ readonly before: boolean; /** Whether something can be done about what nobody knows. */ readonly open?: boolean; /** Whether the person left it for later. */ readonly left?: boolean};

/** What nothing was done for yet is something to do; what something was done for does not hold, be it that it broke or that it was never ended. */
export const overviewMark = ({ended, before, open, left}: OverviewStep): Mark => {
	switch (ended) {
		case 'holds': {
			return 'holds';
		}

		case 'unknown': {
			return open ? left ? 'skipped' : 'todo' : 'unknown';
		}

		case 'unavailable':
		case 'skipped': {
			return 'skipped';
		}

		case 'failed':
		case 'reverted': {
			return 'false';
		}

		default: {
			return before ? 'false' : left ? 'skipped' : 'todo';
		}
	}
};

const meanings = (steps: readonly OverviewStep[]): Readonly<Record<Mark, string>> => {
	const passed = steps.filter(step => overviewMark(step) === 'skipped');
	const absent = passed.filter(({ended}) => ended === 'unavailable').length;
	return {
		todo: 'to do', holds: 'holds', false: 'does not hold', unknown: 'unknown', skipped: absent === 0 ? 'skipped' : absent === passed.length ? 'not for this system' : 'skipped or not for this system',
	};
};

/** What the marks mean that stand there. */
const legend = (steps: readonly OverviewStep[], theme: Theme): string => {
	const there = new Set(steps.map(step => overviewMark(step)));
	const means = meanings(steps);
	const shown = (Object.keys(means) as readonly Mark[]).filter(kind => there.has(kind));
	return `${theme.paint.dim('(')}${shown.map(kind => `${mark(kind, theme)} ${theme.paint.dim(means[kind])}`).join(' '.repeat(3))}${theme.paint.dim(')')}`;
};

/** All steps by phase, with how they stand. */
export const overviewLines = (steps: readonly OverviewStep[], theme: Theme): readonly string[] => {
	const phases = [...new Set(steps.map(({phase}) => phase))];
	const width = Math.max(...phases.map(phase => phase.length)) + 3;
	return [...phases.flatMap(phase => {
		const lines: string[] = [];
		let line = ` ${phase.padEnd(width)}`;
		let used = 0;
		for (const step of steps.filter(one => one.phase === phase)) {
			const cell = [...step.title].length + [...bareMark(overviewMark(step), theme)].length + 1;
			if (used > 0 && width + used + 3 + cell > theme.columns - 2) {
				lines.push(line);
				line = ' '.repeat(width + 1);
				used = 0;
			}

			line += `${used > 0 ? ' '.repeat(3) : ''}${mark(overviewMark(step), theme)} ${step.title}`;
			used += cell + (used > 0 ? 3 : 0);
		}

		return [...lines, line];
	}), ...(theme.spoken ? [] : [`${' '.repeat(width)}${legend(steps, theme)}`])];
};
