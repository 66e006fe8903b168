/** Commands as a person copies them from a screen: every row but the last ends in a backslash, so that a shell reads the rows as one. Pure. */
import {typed} from '../engine/preview.js';
import {pieces} from './words.js';

/** The parts of a word that need not stand on one row. */
const partsOf = (word: string, room: number): readonly string[] => (word.match(/'[^']*'|\\.|[^'\\]/gsu) ?? []).flatMap(part =>
	part.startsWith('\'') ? pieces(part.slice(1, -1), room - 2).map(piece => `'${piece}'`) : [part]);

const width = (text: string): number => [...text].length;

/** A word that is longer than a row. Its later rows begin at the very left: a space would end the word. */
const broken = (word: string, by: string, columns: number): readonly string[] => {
	const rows: string[] = [];
	let row = by;
	for (const part of partsOf(word, columns - by.length - 1)) {
		if (width(row) + width(part) > columns - 1) {
			rows.push(`${row}\\`);
			row = '';
		}

		row += part;
	}

	return [...rows, row];
};

const wordsIn = (command: string): readonly string[] => command.match(/(?:'[^']*'|\\.|[^\s'\\])+/gsu) ?? [];

/** A command broken between its words, and within one only where that has no room. */
export const shellLines = (command: string, by: string, columns: number): readonly string[] => {
	if (width(by) + width(command) <= columns) {
		return [`${by}${command}`];
	}

	const deeper = `${by}  `;
	const rows: string[] = [];
	let row = by;
	for (const word of wordsIn(command)) {
		const isFirst = row.trim() === '';
		if (isFirst || width(row) + 1 + width(word) <= columns - 2) {
			row = isFirst ? `${row}${word}` : `${row} ${word}`;
		} else {
			rows.push(`${row} \\`);
			row = `${deeper}${word}`;
		}

		const more = width(row) > columns - 2 ? broken(word, deeper, columns - 2) : [row];
		rows.push(...more.slice(0, -1));
		row = more.at(-1)!;
	}

	return [...rows, row];
};

/** A command that writes lines to a file's end, or a new file: one line a row, unless all have room on one. */
export const printLines = (lines: readonly string[], to: string, by: string, columns: number): readonly string[] => {
	const words = lines.map(line => typed([line]));
	const whole = `printf '%s\\n' ${words.join(' ')} ${to}`;
	return lines.length === 1 || width(by) + width(whole) <= columns
		? shellLines(whole, by, columns)
		: [`${by}printf '%s\\n' \\`, ...words.flatMap(word => continued(shellLines(word, `${by}  `, columns - 2))), ...shellLines(to, `${by}  `, columns)];
};

const continued = (rows: readonly string[]): readonly string[] => rows.map((row, index) => index === rows.length - 1 ? `${row} \\` : row);
