/** Colours as a terminal shows them. */
import type {Colour, Style} from './cells.js';

export type Theme = {
	readonly name: string;
	readonly background: string;
	readonly foreground: string;
	/** How much of a dim letter's colour is left. */
	readonly dim: number;
	/** The sixteen that have names: black, red, green, yellow, blue, magenta, cyan, white, and the same bright. */
	readonly named: readonly string[];
};

// Those of xterm.js, which half of the terminals in editors and browsers are.
export const dark: Theme = {
	name: 'dark',
	background: '#1e1e1e',
	foreground: '#d4d4d4',
	dim: 0.6,
	named: ['#000000', '#cd3131', '#0dbc79', '#e5e510', '#2472c8', '#bc3fbc', '#11a8cd', '#e5e5e5', '#666666', '#f14c4c', '#23d18b', '#f5f543', '#3b8eea', '#d670d6', '#29b8db', '#e5e5e5'],
};

export const light: Theme = {
	name: 'light',
	background: '#ffffff',
	foreground: '#333333',
	dim: 0.6,
	named: ['#000000', '#cd3131', '#107c10', '#949800', '#0451a5', '#bc05bc', '#0598bc', '#555555', '#666666', '#cd3131', '#14ce14', '#b5ba00', '#0451a5', '#bc05bc', '#0598bc', '#a5a5a5'],
};

const hex = (parts: readonly number[]): string => `#${parts.map(part => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
const parts = (colour: string): readonly number[] => [1, 3, 5].map(at => Number.parseInt(colour.slice(at, at + 2), 16));
const mix = (colour: string, under: string, share: number): string => {
	const below = parts(under);
	return hex(parts(colour).map((part, index) => (part * share) + (below[index]! * (1 - share))));
};

/** A colour as `#rrggbb`; `fallback` where it is the terminal's own. After the sixteen come a cube of 216 and 24 greys, the same in every terminal. */
export const hexOf = (colour: Colour, fallback: string, {named}: Theme): string => {
	if (typeof colour !== 'number') {
		return colour ?? fallback;
	}

	if (colour < 16) {
		return named[colour]!;
	}

	if (colour >= 232) {
		const grey = 8 + ((colour - 232) * 10);
		return hex([grey, grey, grey]);
	}

	const level = (step: number): number => step === 0 ? 0 : 55 + (step * 40);
	const index = colour - 16;
	return hex([level(Math.floor(index / 36)), level(Math.floor(index / 6) % 6), level(index % 6)]);
};

/** The colour of the letters, and of what is behind them where that is not the terminal's own. */
export const paintOf = (style: Style, theme: Theme): {readonly ink: string; readonly paper: string | undefined} => {
	const front = hexOf(style.foreground, theme.foreground, theme);
	const behind = hexOf(style.background, theme.background, theme);
	const [ink, paper] = style.inverse ? [behind, front] : [front, behind];
	return {
		ink: style.dim ? mix(ink, paper, theme.dim) : ink,
		paper: paper === theme.background ? undefined : paper,
	};
};
