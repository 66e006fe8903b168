/** What the scenes have in common: pictures, and the keys between them. */
import {ctrlC, enter, type Journey} from '../journeys/terminal.js';
import {textOf, type Grid} from './cells.js';
import type {Take} from './studio.js';

export type Picture = {readonly name: string; /** What it shows, in words. */ readonly label: string; readonly grid: Grid};
export type Album = Picture[];

export const startMenu = /Where shall we begin\?[\s\S]*❯ Practise/;
export const deciding = /❯ (?:Read on|Do it)/;

export const leave = async (journey: Journey): Promise<void> => {
	journey.press(ctrlC);
	await journey.ended();
};

/** Presses a key at each finished screen until one like this is there. */
export const pressUntil = async ({journey, still}: Take, pattern: RegExp, key = enter): Promise<void> => {
	while (!pattern.test(textOf(await still(/❯ /)))) {
		journey.press(key);
		await journey.seesAnotherOrEnd(/❯ /);
	}
};
