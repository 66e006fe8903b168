import type {Theme} from '../theme.js';
import {count} from '../words.js';

/** The last line of what has more below it. */
export const moreBelow = ({paint}: Theme) => (left: number): string => `   ${paint.bold('↓')} ${count(left, 'more line')}`;
