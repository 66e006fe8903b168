import type {KeyName} from '../key-bindings.js';
import {useInput} from './ink.js';

export type Pressed = Exclude<KeyName, 'choose' | 'beside' | 'page'> | 'up' | 'down' | 'left' | 'right' | 'page-up' | 'page-down';

const letters: Readonly<Record<string, Pressed>> = {
	e: 'explain', d: 'differences', t: 'typed', s: 'skip', l: 'log', '?': 'keys', ' ': 'page-down',
};

/** Hears the keys of the table. More than one letter at once was pasted, and is no key. */
export const useKeys = (hear: (pressed: Pressed) => void, isActive = true): void => {
	useInput((input, key) => {
		const named: ReadonlyArray<readonly [boolean, Pressed]> = [
			[key.return, 'enter'], [key.escape, 'back'], [key.upArrow, 'up'], [key.downArrow, 'down'], [key.leftArrow, 'left'], [key.rightArrow, 'right'], [key.pageUp, 'page-up'], [key.pageDown, 'page-down'],
		];
		const pressed = named.find(([is]) => is)?.[1] ?? (key.ctrl || key.meta ? undefined : letters[input]);
		if (pressed !== undefined) {
			hear(pressed);
		}
	}, {isActive});
};
