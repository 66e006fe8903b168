import {useRef, useState} from 'react';
import {useInput, usePaste, type Key} from './ink.js';
import {
	edit,
	strokesIn,
	type Keystroke,
	type Typed,
} from './edit.js';

const letterOfControl = (letter: string): string => String.fromCodePoint(letter.toUpperCase().codePointAt(0)! - 64);

/** What a key means, or several that came in one piece. */
export const strokesOf = (input: string, key: Key): readonly Keystroke[] => {
	const named: ReadonlyArray<readonly [boolean, Exclude<Keystroke['kind'], 'insert' | 'ctrl'>]> = [
		[key.return, 'enter'], [key.leftArrow, 'left'], [key.rightArrow, 'right'], [key.home, 'start'], [key.end, 'end'], [key.backspace, 'backspace'], [key.delete, 'delete'],
	];
	const kind = named.find(([is]) => is)?.[1];
	if (kind !== undefined) {
		return [{kind}];
	}

	if (key.ctrl) {
		return /^[a-z]$/.test(input) ? strokesIn(letterOfControl(input)) : [];
	}

	return key.meta || key.tab ? [] : strokesIn(input);
};

export type LineField = {
	readonly typed: Typed;
	readonly set: (text: string) => void;
};

/** A line that a person types. `lines`: what is pasted with line ends is as many lines; without it what follows the first is let go, and its end does not take it. */
export const useLine = ({enter, back, changed, lines = false, isActive = true}: {readonly enter: (text: string) => void; readonly back: () => void; readonly changed?: () => void; readonly lines?: boolean; readonly isActive?: boolean}): LineField => {
	// Keys that come in one piece over a slow line are all heard before anything is drawn.
	const [typed, setTyped] = useState<Typed>({text: '', cursor: 0});
	const latest = useRef(typed);
	const become = (next: Typed): void => {
		latest.current = next;
		setTyped(next);
		changed?.();
	};

	/** What follows an Enter is let go unless lines are wanted: it was for whatever stood there before. */
	const put = (strokes: readonly Keystroke[]): void => {
		for (const stroke of strokes) {
			if (stroke.kind === 'enter') {
				enter(latest.current.text);
				if (!lines) {
					return;
				}
			} else if (stroke.kind !== 'ctrl') {
				become(edit(latest.current, stroke));
			}
		}
	};

	useInput((input, key) => {
		if (key.escape) {
			back();
		} else {
			put(strokesOf(input, key));
		}
	}, {isActive});
	usePaste(text => {
		put(lines ? strokesIn(text) : [{kind: 'insert', text: text.trim().split(/[\r\n]/, 1)[0]!}]);
	}, {isActive});
	return {
		typed,
		set(text) {
			become({text, cursor: [...text].length});
		},
	};
};
