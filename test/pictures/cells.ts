/** What a terminal shows, as data: rows of runs of cells that look alike. */
import type {IBufferCell, Terminal} from '@xterm/headless';

/** The terminal's own (undefined), one of the palette's 256, or `#rrggbb`. */
export type Colour = number | string | undefined;

export type Style = {
	readonly foreground: Colour;
	readonly background: Colour;
	readonly bold: boolean;
	readonly dim: boolean;
	readonly italic: boolean;
	readonly underline: boolean;
	readonly inverse: boolean;
};

/** Cells beside each other that look alike. `letters` are one string a cell or, where a letter is wide, a pair of cells. */
export type Run = {
	readonly column: number;
	readonly letters: ReadonlyArray<{readonly text: string; readonly width: number}>;
	readonly style: Style;
};

export type Row = readonly Run[];
export type Grid = {readonly columns: number; readonly rows: readonly Row[]};

export const plain: Style = {
	foreground: undefined, background: undefined, bold: false, dim: false, italic: false, underline: false, inverse: false,
};

const colourOf = (isDefault: boolean, isRgb: boolean, value: number): Colour =>
	isDefault ? undefined : isRgb ? `#${value.toString(16).padStart(6, '0')}` : value;

const styleOf = (cell: IBufferCell): Style => ({
	foreground: colourOf(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor()),
	background: colourOf(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor()),
	bold: cell.isBold() !== 0,
	dim: cell.isDim() !== 0,
	italic: cell.isItalic() !== 0,
	underline: cell.isUnderline() !== 0,
	inverse: cell.isInverse() !== 0,
});

const alike = (a: Style, b: Style): boolean => (Object.keys(plain) as ReadonlyArray<keyof Style>).every(key => a[key] === b[key]);

/** Whether there is something to be seen where no letter stands. */
const coloured = ({background, inverse, underline}: Style): boolean => background !== undefined || inverse || underline;

/** Without the blanks at its end that nobody sees. */
const trimmed = (row: readonly Run[]): Row => {
	const last = row.at(-1);
	if (!last || coloured(last.style)) {
		return row;
	}

	const end = last.letters.findLastIndex(({text}) => text !== ' ') + 1;
	return end === 0 ? trimmed(row.slice(0, -1)) : [...row.slice(0, -1), {...last, letters: last.letters.slice(0, end)}];
};

/** What stands on the screen now: what was scrolled away is left out. */
export const gridOf = (terminal: Terminal): Grid => {
	const {active} = terminal.buffer;
	const rows = Array.from({length: terminal.rows}, (_, index): Row => {
		const line = active.getLine(active.baseY + index);
		const runs: Array<{column: number; letters: Array<{text: string; width: number}>; style: Style}> = [];
		for (let column = 0; column < terminal.cols; column++) {
			const cell = line?.getCell(column);
			// The second half of a wide letter is no cell of its own.
			if (!cell || cell.getWidth() === 0) {
				continue;
			}

			const style = styleOf(cell);
			const letter = {text: cell.getChars() || ' ', width: cell.getWidth()};
			const last = runs.at(-1);
			if (last && alike(last.style, style)) {
				last.letters.push(letter);
			} else {
				runs.push({column, letters: [letter], style});
			}
		}

		return trimmed(runs);
	});
	return {columns: terminal.cols, rows};
};

/** The letters alone. */
export const textOf = ({rows}: Grid): string => rows.map(row => {
	let text = '';
	let at = 0;
	for (const {column, letters} of row) {
		text += ' '.repeat(column - at) + letters.map(letter => letter.text).join('');
		at = column + letters.reduce((sum, {width}) => sum + width, 0);
	}

	return text.trimEnd();
}).join('\n').trimEnd();
