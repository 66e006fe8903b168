/** What Docker's client prints: columns, ages, and fields that somebody asks for. */
import {
	notModelled, says, type Answer, type Call,
} from '../command.js';

/** Rows under heads; every column but the last is as wide as its widest cell, with three blanks behind it, and ten at least. */
export const table = (rows: ReadonlyArray<readonly string[]>): string => {
	const widths = rows[0]!.map((_, column) => Math.max(10, ...rows.map(row => [...row[column]!].length + 3)));
	return rows.map(row => `${row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column]!))).join('')}\n`).join('');
};

const units: ReadonlyArray<readonly [most: number, seconds: number, one: string, many: string]> = [
	[60, 1, '1 second', 'seconds'], [3600, 60, 'About a minute', 'minutes'], [48 * 3600, 3600, 'About an hour', 'hours'], [14 * 86_400, 86_400, '1 day', 'days'],
];

/** How long something lasts, in Docker's words. */
export const lasting = (milliseconds: number): string => {
	const seconds = Math.floor(milliseconds / 1000);
	if (seconds < 1) {
		return 'Less than a second';
	}

	const [, size, one, many] = units.find(([most]) => seconds < most) ?? [0, 7 * 86_400, '1 week', 'weeks'] as const;
	const number = Math.floor(seconds / size);
	return number === 1 ? one : `${number} ${many}`;
};

export const quick = 0.1;

/** Fills in a format such as `{{.Names}} {{.Ports}}`. A field that is not modelled is a gap. */
export const filledIn = (call: Call, format: string, fields: Readonly<Record<string, string>>): string =>
	format.replaceAll(/\{\{\s*(.*?)\s*\}\}/gv, (_, field: string) => fields[field.replace(/^\./v, '')] ?? notModelled(call));

/** One line for each of some things, in a format. */
export const inFormat = (call: Call, format: string, all: ReadonlyArray<Readonly<Record<string, string>>>): Answer => says(all.map(fields => `${filledIn(call, format, fields)}\n`).join(''), quick);
