import {useEffect, useState} from 'react';
import type {Pressed} from './use-keys.js';

export type Window = {
	/** The lines that have room, the last of them a word about those that have none. */
	readonly shown: readonly string[];
	readonly more: boolean;
};

/** What of the lines has room in so many rows. Pure. */
export const windowOf = (lines: readonly string[], offset: number, rows: number, more: (left: number) => string): Window => {
	if (lines.length - offset <= rows) {
		return {shown: lines.slice(Math.max(0, Math.min(offset, lines.length - rows))), more: false};
	}

	const shown = lines.slice(offset, offset + rows - 1);
	return {shown: [...shown, more(lines.length - offset - shown.length)], more: true};
};

export type Scroll = Window & {
	/** The next page. */
	readonly readOn: () => void;
	readonly rewind: () => void;
	/** Hears the keys that scroll by a page, and with `lines` those that scroll by a line. */
	readonly hear: (pressed: Pressed, by: 'pages' | 'lines') => void;
};

/** A part of the screen that shows so many rows of its lines, and can be scrolled. It begins at the top again when it is about another `subject`. */
export const useScroll = (lines: readonly string[], rows: number, more: (left: number) => string, subject = ''): Scroll => {
	const [wanted, setWanted] = useState(0);
	useEffect(() => {
		setWanted(0);
	}, [subject]);
	const most = Math.max(0, lines.length - rows);
	const offset = Math.min(wanted, most);
	const by = (distance: number): void => {
		// A key held down comes more than once between two pictures: each counts.
		setWanted(before => Math.max(0, Math.min(most, Math.min(before, most) + distance)));
	};

	const page = Math.max(1, rows - 2);
	const distances: Partial<Record<Pressed, number>> = {'page-up': -page, 'page-down': page};
	const finer: Partial<Record<Pressed, number>> = {...distances, up: -1, down: 1};
	return {
		...windowOf(lines, offset, rows, more),
		readOn() {
			by(page);
		},
		rewind() {
			setWanted(0);
		},
		hear(pressed, unit) {
			by((unit === 'lines' ? finer : distances)[pressed] ?? 0);
		},
	};
};
