/** The program in a terminal, in a world that stands still, with somebody who takes pictures of it. */
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {emptyHome, environment, travel, type Journey} from '../journeys/terminal.js';
import {gridOf, textOf, type Grid} from './cells.js';

const world = new URL('world/still.js', import.meta.url).href;

/** The sequence that says: what was drawn until here belongs together. */
const frameEnds = 2026;
/** So long nothing is drawn before a screen counts as finished, in milliseconds. */
const quiet = 150;

export type Take = {
	readonly journey: Journey;
	readonly home: string;
	/** Waits for a screen, until nothing is drawn on it any more. */
	still(pattern: RegExp): Promise<Grid>;
	/** All screens since the start, also those that were soon replaced. */
	frames(): readonly Grid[];
	/** The first screen like this since the start, also where it was soon replaced. Throws where there was none. */
	first(pattern: RegExp): Grid;
};

export type Setting = {
	readonly columns?: number;
	readonly rows?: number;
	readonly home?: string;
	/** The port of this machine that the server of the pictures answers at. */
	readonly door?: number;
	/** When it is, ISO 8601. */
	readonly now?: string;
};

/** Starts the program with these words. */
export const begin = async (words: readonly string[], {columns = 80, rows = 24, home, door, now}: Setting = {}): Promise<Take> => {
	const at = home ?? await emptyHome();
	const journey = travel(words, environment(at, {
		TZ: 'UTC',
		NODE_OPTIONS: `--import=${world}`,
		...(door !== undefined && {PICTURES_DOOR: String(door)}),
		...(now !== undefined && {PICTURES_NOW: now}),
	}), {columns, rows});
	const frames: Grid[] = [];
	journey.screen.parser.registerCsiHandler({prefix: '?', final: 'l'}, ([mode]) => {
		if (mode === frameEnds) {
			frames.push(gridOf(journey.screen));
		}

		return false;
	});
	return {
		journey,
		home: at,
		frames: () => frames,
		async still(pattern) {
			await journey.sees(pattern);
			for (let before = -1; before !== journey.raw().length;) {
				before = journey.raw().length;
				await sleep(quiet);
			}

			await journey.sees(pattern);
			return gridOf(journey.screen);
		},
		first(pattern) {
			const found = frames.find(grid => pattern.test(textOf(grid)));
			if (!found) {
				throw new Error(`No screen was ${String(pattern)}. There were:\n${frames.map(grid => textOf(grid)).join('\n-----\n')}`);
			}

			return found;
		},
	};
};

export const picturesFolder = fileURLToPath(new URL('../../../snapshots/pictures/', import.meta.url));
