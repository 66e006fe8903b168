/** How far something is, as a bar and in words. Pure. */
import {cleanLine} from './clean.js';
import type {Progress} from './run-state.js';
import type {Theme} from './theme.js';

const barLength = 24;
/** So much of a package's name, in columns. */
const mostOfAName = 24;

const percentOf = ({share}: Progress): string => `${Math.round(share * 100)} %`;

const doing = ({at, package: name}: Progress): string => at === 'reading' ? 'reading the lists' : `${at}${name === undefined ? '' : ` ${cleanLine(name, mostOfAName)}`}`;

/** `52 %, installing ufw`: what a bar shows, for lines and for ears. */
export const progressInWords = (progress: Progress): string => `${percentOf(progress)}, ${doing(progress)}`;

/** `████████████░░░░░░░░░░░░  52 %   installing ufw`, in 70 columns at most. */
export const progressBar = (progress: Progress, {ascii, paint}: Theme): string => {
	const full = Math.round(progress.share * barLength);
	const [done, left] = ascii ? ['#', '.'] as const : ['█', '░'] as const;
	return `${paint.cyan(done.repeat(full))}${paint.dim(left.repeat(barLength - full))} ${percentOf(progress).padStart(5)}   ${doing(progress)}`;
};
