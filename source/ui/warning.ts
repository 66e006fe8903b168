import {caution, type Theme} from './theme.js';
import {indent} from './words.js';

/** Something to mind. Its mark is coloured and its words are not: yellow cannot be read on white. `by` stands in front. */
export const warning = (text: string, {columns, paint}: Theme, by = ''): readonly string[] =>
	indent(text, columns, `${by}   `, `${by} ! `).map((line, index) => index === 0 ? line.replace('!', caution(paint)('!')) : line);
