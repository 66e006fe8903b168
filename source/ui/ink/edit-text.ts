/** A text that is edited: its lines, and where the next letter goes. Pure. */
import {edit, type Stroke} from './edit.js';

export type EditedText = {readonly lines: readonly string[]; readonly row: number; /** In letters. */ readonly column: number};

export type TextStroke = Stroke | {readonly kind: 'up' | 'down' | 'page-up' | 'page-down'; readonly by: number} | {readonly kind: 'split' | 'cut-line'};

/** The lines of a file. What ends with a line end has no line behind it. */
export const linesOf = (content: string): readonly string[] => content.replace(/\n$/, '').split('\n');
/** What is written of them: the last line has its end too. */
export const contentOfLines = (lines: readonly string[]): string => lines.length === 1 && lines[0] === '' ? '' : `${lines.join('\n')}\n`;

const width = (line: string): number => [...line].length;

/** Two lines become one; the next letter goes between them. */
const joined = ({lines}: EditedText, row: number): EditedText => ({
	lines: [...lines.slice(0, row), `${lines[row]!}${lines[row + 1]!}`, ...lines.slice(row + 2)], row, column: width(lines[row]!),
});

export const editText = (text: EditedText, stroke: TextStroke): EditedText => {
	const {lines, row, column} = text;
	const line = lines[row]!;
	switch (stroke.kind) {
		case 'up':
		case 'page-up':
		case 'down':
		case 'page-down': {
			const to = Math.max(0, Math.min(lines.length - 1, row + (stroke.kind.endsWith('up') ? -stroke.by : stroke.by)));
			return {lines, row: to, column: Math.min(column, width(lines[to]!))};
		}

		case 'split': {
			const letters = [...line];
			return {lines: [...lines.slice(0, row), letters.slice(0, column).join(''), letters.slice(column).join(''), ...lines.slice(row + 1)], row: row + 1, column: 0};
		}

		case 'cut-line': {
			const left = lines.length === 1 ? [''] : lines.toSpliced(row, 1);
			return {lines: left, row: Math.min(row, left.length - 1), column: 0};
		}

		case 'backspace':
		case 'left': {
			if (column > 0 || row === 0) {
				break;
			}

			return stroke.kind === 'left' ? {lines, row: row - 1, column: width(lines[row - 1]!)} : joined(text, row - 1);
		}

		case 'delete':
		case 'right': {
			if (column < width(line) || row === lines.length - 1) {
				break;
			}

			return stroke.kind === 'right' ? {lines, row: row + 1, column: 0} : joined(text, row);
		}

		default: {
			break;
		}
	}

	const edited = edit({text: line, cursor: column}, stroke);
	return {lines: lines.with(row, edited.text), row, column: edited.cursor};
};
