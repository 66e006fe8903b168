import type {Ended} from '../engine/events.js';
import {mark, type Look, type Mark} from './look.js';

export type ChartStep = {readonly title: string; readonly phase: string; readonly ended: Ended | undefined; /** Whether it was made true before. */ readonly before: boolean};

/** Not true yet is something to do; not true any more is something that broke. */
export const chartMark = ({ended, before}: ChartStep): Mark => {
	switch (ended) {
		case 'holds': {
			return 'holds';
		}

		case 'unknown': {
			return 'unknown';
		}

		case 'skipped': {
			return 'skipped';
		}

		default: {
			return before ? 'false' : 'todo';
		}
	}
};

/** All steps by phase, with how they stand. */
export const chartLines = (steps: readonly ChartStep[], look: Look): readonly string[] => {
	const phases = [...new Set(steps.map(({phase}) => phase))];
	const width = Math.max(...phases.map(phase => phase.length)) + 3;
	return phases.flatMap(phase => {
		const lines: string[] = [];
		let line = ` ${phase.padEnd(width)}`;
		let used = 0;
		for (const step of steps.filter(one => one.phase === phase)) {
			const cell = [...step.title].length + 2;
			if (used > 0 && width + used + 3 + cell > look.columns - 2) {
				lines.push(line);
				line = ' '.repeat(width + 1);
				used = 0;
			}

			line += `${used > 0 ? ' '.repeat(3) : ''}${mark(chartMark(step), look)} ${step.title}`;
			used += cell + (used > 0 ? 3 : 0);
		}

		return [...lines, line];
	});
};
