import {useState} from 'react';

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

export type Scroll = Window & {readonly page: (direction: 1 | -1) => void; readonly step: (direction: 1 | -1) => void; readonly rewind: () => void};

/** A part of the screen that shows so many rows of its lines, and can be scrolled. */
export const useScroll = (lines: readonly string[], rows: number, more: (left: number) => string): Scroll => {
	const [wanted, setWanted] = useState(0);
	const most = Math.max(0, lines.length - rows);
	const offset = Math.min(wanted, most);
	const by = (distance: number): void => {
		// A key held down comes more than once between two pictures: each counts.
		setWanted(before => Math.max(0, Math.min(most, Math.min(before, most) + distance)));
	};

	return {
		...windowOf(lines, offset, rows, more),
		page(direction) {
			by(direction * Math.max(1, rows - 2));
		},
		step: by,
		rewind() {
			setWanted(0);
		},
	};
};
