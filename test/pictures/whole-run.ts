import {enter} from '../journeys/terminal.js';
import {startMenu, type Album, type Picture} from './album.js';
import {readingTime, type Frame} from './film.js';
import {begin} from './studio.js';

/** Seconds that a screen stands at which something is at work. */
const working = 0.4;

/** One run from the start menu to the finish, by Enter alone; and of its screens those that are soon replaced. */
export const shootFilm = async (): Promise<{readonly frames: readonly Frame[]; readonly pictures: readonly Picture[]}> => {
	const {journey, still, frames, first} = await begin([]);
	const asked = new Set<number>();
	await still(startMenu);
	const begun = frames().length - 1;
	while (await journey.seesAnotherOrEnd(/❯ /)) {
		await still(/❯ /);
		asked.add(frames().length - 1);
		journey.press(enter);
	}

	await journey.ended();
	const last = frames().length - 1;
	const pictures: Album = [
		{name: 'installing', label: 'Packages being installed, and how far it is', grid: first(/\d+ % {3}installing [\s\S]*\| /)},
		{name: 'running', label: 'A step at work', grid: first(/✔ useradd[\s\S]*[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] /)},
		{name: 'guarded', label: 'A step at work, with the seconds until the server puts everything back', grid: first(/✔ write [\s\S]*The server puts everything back in \d+ s/)},
	];
	return {
		pictures,
		frames: frames().map((grid, index) => ({
			grid,
			seconds: index === last ? 8 : asked.has(index) ? readingTime(grid, frames()[index - 1]) : working,
		})).slice(begun),
	};
};
