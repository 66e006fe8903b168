/** The one table of keys: the footers, the `?` screen and the readme come from it. */
import {toAscii, type Theme} from './theme.js';
import {indent} from './words.js';

export type KeyName = 'enter' | 'choose' | 'beside' | 'page' | 'explain' | 'differences' | 'typed' | 'skip' | 'log' | 'back' | 'keys' | 'leave';

type KeyRow = {
	/** What is pressed, as the footer names it. */
	readonly press: string;
	/** What it does, in one or two words. */
	readonly does: string;
	readonly explains: string;
};

export const keys: Readonly<Record<KeyName, KeyRow>> = {
	enter: {press: 'enter', does: 'go on', explains: 'Takes what is marked and goes on.'},
	choose: {press: '↑↓', does: 'choose', explains: 'Moves the mark. A number never chooses anything.'},
	beside: {press: '←→', does: 'choose', explains: 'Moves the mark along the line.'},
	page: {press: 'pgup pgdn', does: 'scroll', explains: 'Scrolls by a page what has no room; where there is no list ↑ and ↓ scroll by a line.'},
	explain: {press: 'e', does: 'explain', explains: 'Explains deeper each time: plain, then what it teaches, then commands and changed lines.'},
	differences: {press: 'd', does: 'changes', explains: 'Shows the lines that would be changed in files, or hides them.'},
	typed: {press: 't', does: 'type it myself', explains: 'You type the commands yourself: at a prompt on the practice droplet, over ssh on your own server. dropwise looks on, and each claim turns as it comes to hold.'},
	skip: {press: 's', does: 'skip', explains: 'Leaves this step as it is, for later.'},
	log: {press: 'l', does: 'log', explains: 'Shows all that the server said since the start, and below it what it said before.'},
	back: {press: 'esc', does: 'back', explains: 'Goes back over answers. What was done is never undone by it.'},
	keys: {press: '?', does: 'keys', explains: 'Shows these keys.'},
	leave: {press: 'ctrl-c', does: 'leave', explains: 'Leaves. What runs on the server ends first, or is put back; a second time leaves at once.'},
};

/** Spaces between two keys, fewer where there is no room. */
const gaps = [3, 2] as const;

/** The last line of a screen. What has no room is left out from the middle: how to see all keys and how to leave always stand there. */
export const footer = (names: readonly KeyName[], {columns, paint, ascii}: Theme, words: Partial<Record<KeyName, string>> = {}, last: readonly KeyName[] = ['keys', 'leave']): string => {
	const shown = [...names];
	const line = (gap: number, dim = (text: string): string => text): string => ` ${[...shown, ...last].map(name => `${keys[name].press} ${dim(words[name] ?? keys[name].does)}`).join(' '.repeat(gap))}`;
	const fitting = (): number | undefined => gaps.find(gap => line(gap).length < columns);
	while (shown.length > 1 && fitting() === undefined) {
		shown.pop();
	}

	const text = line(fitting() ?? gaps[0], does => paint.dim(does));
	return ascii ? toAscii(text) : text;
};

/** All keys, one after another. */
export const keyLines = ({columns, paint}: Theme): readonly string[] => [
	` ${paint.bold('Keys')}`,
	'',
	...Object.values(keys).flatMap(({press, explains}) => indent(explains, columns, ' '.repeat(13), ` ${press.padEnd(12)}`)),
];
