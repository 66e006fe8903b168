/**
What a server says is untrusted text. Nothing of it reaches a terminal but letters: no cursor moves, no colours, no titles, no reversed reading direction.
*/

// Operating system commands, device control and the like run to BEL or ST; an open one ends with its line.
const strings = /(?:\u001B[\]PX^_]|[\u0090\u0098\u009D-\u009F])[^\u0007\u001B\u009C\n\r]*(?:\u0007|\u001B\\|\u009C)?/g;
const controlSequences = /(?:\u001B\[|\u009B)[\u0030-\u003F]*[\u0020-\u002F]*[\u0040-\u007E]?/g;
const escapes = /\u001B[\u0020-\u002F]*[\u0030-\u007E]?/g;
// C0 without tab and newline, DEL, C1.
const controls = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;
// Reading direction, invisible letters, tags.
const invisible = /[\u00AD\u061C\u115F\u1160\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB]|\uDB40[\uDC00-\uDC7F]/g;

/** The text without anything that is not a letter, a space or a newline. A lone carriage return is a new line: that is how progress bars draw over themselves. */
export const clean = (text: string): string => text
	.replaceAll(strings, '')
	.replaceAll(controlSequences, '')
	.replaceAll(escapes, '')
	.replaceAll(/\r\n?/g, '\n')
	.replaceAll('\t', ' '.repeat(4))
	.replaceAll(controls, '')
	.replaceAll(invisible, '')
	.toWellFormed();

/** Cuts to so many columns, with a mark where something is missing. */
export const cut = (text: string, columns: number): string => {
	const letters = [...text];
	return letters.length <= columns ? text : `${letters.slice(0, Math.max(0, columns - 1)).join('')}…`;
};

/** One line of untrusted text. */
export const cleanLine = (text: string, columns = 500): string => cut(clean(text).replaceAll(/\s*\n\s*/g, ' ').trim(), columns);

/** The last lines of untrusted text, none longer than `columns`, without empty ones. */
export const cleanTail = (text: string, columns: number, lines: number): readonly string[] => clean(text)
	.split('\n')
	.map(line => line.trimEnd())
	.filter(line => line !== '')
	.slice(-lines)
	.map(line => cut(line, columns));

const risky = /[\u007F-\u009F\u00AD\u061C\u115F\u1160\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB]|\uDB40[\uDC00-\uDC7F]/g;

/** JSON whose text does a terminal no harm either: what is risky is escaped, so nothing is lost. */
export const harmlessJson = (value: unknown): string => JSON.stringify(value)
	.replaceAll(risky, found => Array.from({length: found.length}, (_, index) => String.raw`\u` + found.charCodeAt(index).toString(16).padStart(4, '0')).join('')); // eslint-disable-line unicorn/prefer-code-point
