/** `npm run pictures`: takes all pictures anew, in a dark and a light theme. A second time it changes nothing. */
import {mkdir, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {filmOf} from './film.js';
import {takePictures} from './scenes.js';
import {picturesFolder} from './studio.js';
import {svgOf} from './svg.js';
import {dark, light} from './theme.js';
import {shootFilm} from './whole-run.js';

const film = await shootFilm();
const pictures = [...await takePictures(), ...film.pictures];
await rm(picturesFolder, {recursive: true, force: true});
for (const theme of [dark, light]) {
	const folder = path.join(picturesFolder, theme.name);
	await mkdir(folder, {recursive: true});
	for (const {name, label, grid} of pictures) {
		await writeFile(path.join(folder, `${name}.svg`), svgOf(grid, theme, label));
	}

	await writeFile(path.join(folder, 'run.svg'), filmOf(film.frames, theme, 'One whole run on the practice droplet'));
}

process.stdout.write(`${pictures.length} pictures and one run, in two themes: snapshots/pictures\n`);
