import {Chalk, type ChalkInstance} from 'chalk';

/** How a front end draws. */
export type Theme = {
	readonly columns: number;
	/** Marks and arrows in ASCII. */
	readonly ascii: boolean;
	/** Marks as words, for ears. */
	readonly spoken: boolean;
	readonly paint: ChalkInstance;
	/** The words that start this program, as the person did. */
	readonly program: string;
};

export const plainTheme: Theme = {
	columns: 80, ascii: false, spoken: false, paint: new Chalk({level: 0}), program: 'dropwise',
};

const replacements: ReadonlyArray<readonly [RegExp, string]> = [
	// Behind what was cut off to fit: it must not become longer again.
	[/[^\s…]{2}…(?=\s|$)/gv, '...'],
	[/✔/g, '+'],
	[/✖/g, 'x'],
	[/●/g, 'o'],
	[/[–—]/g, '-'],
	[/❯/g, '>'],
	[/→/g, '->'],
	[/…/g, '...'],
	[/•/g, '*'],
	[/[“”]/g, '"'],
	[/[‘’]/g, '\''],
	[/·/g, '.'],
	[/│/g, '|'],
	[/↑↓/g, 'up/down'],
	[/←→/g, 'left/right'],
	[/↑/g, 'up'],
	[/↓/g, 'down'],
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

const spokenMarks: Readonly<Record<Mark, string>> = {
	holds: 'holds:', false: 'failed:', unknown: 'unknown:', todo: 'to do:', skipped: 'skipped:',
};

/** Yellow that can be read on white as well: behind black. */
export const caution = (paint: ChalkInstance): ChalkInstance => paint.black.bgYellow;

/** Where the next letter goes: reversed, also where colours are off, for that is none. */
export const cursorOn = (letter: string): string => `\u001B[7m${letter}\u001B[27m`;

/** A mark without its colour. */
export const bareMark = (kind: Mark, {spoken}: Pick<Theme, 'spoken'>): string => (spoken ? spokenMarks : marks)[kind];

/** A mark: its shape says it all, its colour says it again. */
export const mark = (kind: Mark, theme: Theme): string => {
	const {paint} = theme;
	const colours = {
		holds: paint.green, false: paint.red, unknown: caution(paint), todo: paint.blue, skipped: paint.dim,
	};
	return colours[kind](bareMark(kind, theme));
};
