/** A run from its first screen to its last, as one picture that moves by CSS alone. */
import {textOf, type Grid, type Row} from './cells.js';
import {cell, rowSvg, sheet} from './svg.js';
import type {Theme} from './theme.js';

/** One screen, and for how many seconds it is shown. */
export type Frame = {readonly grid: Grid; readonly seconds: number};

const same = (a: Grid, b: Grid): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Screens that stand right behind their like are shown once, for as long as both. */
export const merged = (frames: readonly Frame[]): readonly Frame[] => {
	const result: Frame[] = [];
	for (const frame of frames) {
		const last = result.at(-1);
		if (last && same(last.grid, frame.grid)) {
			result[result.length - 1] = {...last, seconds: last.seconds + frame.seconds};
		} else {
			result.push(frame);
		}
	}

	return result;
};

/** How long it takes to read what a screen shows that the one before it did not, in seconds. */
export const readingTime = (grid: Grid, before: Grid | undefined): number => {
	const seen = new Set(before ? textOf(before).split('\n') : []);
	const words = textOf(grid).split('\n').filter(line => !seen.has(line)).flatMap(line => line.split(/\s+/).filter(Boolean)).length;
	return Math.round(Math.min(6, Math.max(1.5, words * 0.12)) * 10) / 10;
};

const percent = (share: number): string => `${Math.round(share * 10_000) / 100}%`;

/** All screens stand below each other, and move up past a window one screen high. Each row is drawn once, however many screens show it. */
export const filmOf = (shot: readonly Frame[], theme: Theme, label: string): string => {
	const frames = merged(shot);
	const {columns, rows: {length: high}} = frames[0]!.grid;
	const total = frames.reduce((sum, {seconds}) => sum + seconds, 0);
	const height = high * cell.height;
	const drawn = new Map<string, string>();
	const nameOf = (svg: string): string => {
		const name = drawn.get(svg) ?? `r${drawn.size}`;
		drawn.set(svg, name);
		return name;
	};

	const used = (row: Row, y: number): string => `<use href="#${nameOf(rowSvg(row, theme))}" y="${y}"/>`;
	const screens = frames.map(({grid: {rows}}, index) => rows.map((row, line) => row.length === 0 ? '' : used(row, (index * height) + (line * cell.height))).join(''));
	let at = 0;
	const stops = frames.map(({seconds}, index) => {
		const stop = `${percent(at / total)}{transform:translateY(-${index * height}px)}`;
		at += seconds;
		return stop;
	});
	const last = `translateY(-${(frames.length - 1) * height}px)`;
	const style = [
		`@keyframes film{${stops.join('')}100%{transform:${last}}}`,
		`.film{animation:film ${Math.round(total * 10) / 10}s step-end infinite}`,
		`@media(prefers-reduced-motion:reduce){.film{animation:none;transform:${last}}}`,
	];
	return sheet({columns, rows: high}, theme, label, [
		`<defs>${[...drawn].map(([svg, name]) => `<g id="${name}">${svg}</g>`).join('\n')}</defs>`,
		`<g class="film">${screens.join('\n')}</g>`,
	].join('\n'), style.join(''));
};
