/** A line that is typed: text, and where the next letter goes. Pure. */
export type Typed = {readonly text: string; readonly cursor: number};

export type Stroke = {readonly kind: 'insert'; readonly text: string} | {readonly kind: 'left' | 'right' | 'start' | 'end' | 'backspace' | 'delete' | 'kill-before' | 'kill-after' | 'kill-word'};

/** Letters, not code units: nothing is cut in the middle of one. */
export const edit = ({text, cursor}: Typed, stroke: Stroke): Typed => {
	const letters = [...text];
	const before = letters.slice(0, cursor);
	const after = letters.slice(cursor);
	const at = (kept: readonly string[], rest: readonly string[]): Typed => ({text: [...kept, ...rest].join(''), cursor: kept.length});
	switch (stroke.kind) {
		case 'insert': {
			// A pasted line end is no letter.
			return at([...before, ...[...stroke.text].filter(letter => !/\p{Control}/u.test(letter))], after);
		}

		case 'left': {
			return {text, cursor: Math.max(0, cursor - 1)};
		}

		case 'right': {
			return {text, cursor: Math.min(letters.length, cursor + 1)};
		}

		case 'start': {
			return {text, cursor: 0};
		}

		case 'end': {
			return {text, cursor: letters.length};
		}

		case 'backspace': {
			return at(before.slice(0, -1), after);
		}

		case 'delete': {
			return at(before, after.slice(1));
		}

		case 'kill-before': {
			return at([], after);
		}

		case 'kill-after': {
			return at(before, []);
		}

		case 'kill-word': {
			return at([...before.join('').replace(/\S*\s*$/, '')], after);
		}
	}
};

const controls: Readonly<Record<string, Exclude<Stroke['kind'], 'insert'>>> = {
	'\u0001': 'start', '\u0002': 'left', '\u0004': 'delete', '\u0005': 'end', '\u0006': 'right', '\b': 'backspace', '\u000B': 'kill-after', '\u0015': 'kill-before', '\u0017': 'kill-word', '\u007F': 'backspace',
};

/** A stroke, Enter, or a letter with ctrl that is no stroke. */
export type Keystroke = Stroke | {readonly kind: 'enter'} | {readonly kind: 'ctrl'; readonly letter: string};

/** What several keys mean that come in one piece, as they do over a slow line. */
export const strokesIn = (piece: string): readonly Keystroke[] => (piece.match(/\r\n|\p{Control}|\P{Control}+/gu) ?? []).map((part): Keystroke => {
	if (/[\r\n]/.test(part)) {
		return {kind: 'enter'};
	}

	const kind = controls[part];
	if (kind) {
		return {kind};
	}

	return /\p{Control}/u.test(part) ? {kind: 'ctrl', letter: String.fromCodePoint(part.codePointAt(0)! + 96)} : {kind: 'insert', text: part};
});
