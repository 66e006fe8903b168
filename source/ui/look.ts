import {Chalk, type ChalkInstance} from 'chalk';

/** How a front end draws. */
export type Look = {
	readonly columns: number;
	/** Marks and arrows in ASCII. */
	readonly ascii: boolean;
	readonly paint: ChalkInstance;
};

export const plainLook: Look = {columns: 80, ascii: false, paint: new Chalk({level: 0})};

const replacements: ReadonlyArray<readonly [RegExp, string]> = [
	[/✔/g, '+'], [/✖/g, 'x'], [/●/g, 'o'], [/[–—]/g, '-'], [/❯/g, '>'], [/→/g, '->'], [/…/g, '...'], [/•/g, '*'], [/[“”]/g, '"'], [/[‘’]/g, '\''], [/·/g, '.'], [/│/g, '|'],
];

/** The same in letters that every terminal has. */
export const toAscii = (text: string): string => {
	let result = text;
	for (const [from, to] of replacements) {
		result = result.replaceAll(from, to);
	}

	return result;
};

export const marks = {
	holds: '✔', false: '✖', unknown: '?', todo: '●', skipped: '–',
} as const;

export type Mark = keyof typeof marks;

/** A mark: its shape says it all, its colour says it again. */
export const mark = (kind: Mark, {paint}: Look): string => {
	const colours = {
		holds: paint.green, false: paint.red, unknown: paint.yellow, todo: paint.blue, skipped: paint.dim,
	};
	return colours[kind](marks[kind]);
};
