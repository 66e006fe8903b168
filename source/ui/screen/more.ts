import type {Look} from '../look.js';
import {count} from '../words.js';

/** The last line of what has more below it. */
export const moreBelow = ({paint}: Look) => (left: number): string => `   ${paint.bold('↓')} ${count(left, 'more line')}`;
