/** What is taken pictures of: each screen of the wizard, with the keys that lead there. */
import {consoleOf} from '../journeys/by-hand.js';
import {byEnterAlone, verdictOn} from '../journeys/hands.js';
import {four} from '../journeys/plain.js';
import {down, enter, escape, pageDown} from '../journeys/terminal.js';
import {deciding, leave, pressUntil, startMenu, type Album, type Picture} from './album.js';
import type {Grid} from './cells.js';
import {containers} from './container-scenes.js';
import {openDoor} from './door.js';
import {begin, type Setting} from './studio.js';
import {serverAddress} from './world/address.js';

const eraseLine = '\u0015';

const small: Setting = {columns: 60, rows: 16};

const overview = /❯ Go on with "System updates"[\s\S]*leave/;
const ownUser = /❯ Go on with "Your own user"[\s\S]*leave/;

/** From the start menu to the finish on the practice droplet, in a large terminal. */
const practise = async (album: Album): Promise<void> => {
	const take = await begin([]);
	const {journey, still} = take;
	const add = (name: string, label: string, grid: Grid): void => {
		album.push({name, label, grid});
	};

	add('start-menu', 'Where shall we begin?', await still(startMenu));
	journey.press(enter);
	add('overview', 'What the server is, and all steps with how they stand', await still(overview));
	journey.press('e');
	add('overview-explained', 'The overview, with what the marked step is about', await still(/Each week holes/));
	journey.press(enter);
	add('step-unknown', 'A step of which it is not known how it stands', await still(/apt-get upgrade[\s\S]*❯ Do it/));
	journey.press(enter);
	add('step-restart', 'What turned out to be left to do is asked about', await still(/no restart is due[\s\S]*❯ Do the rest/));
	journey.press(enter);
	await pressUntil(take, /enter takes ada/);
	add('question', 'A question with an answer that Enter takes', await still(/enter takes ada/));
	journey.press(enter);
	add('step', 'A step before its work: why, what does not hold, what will be done', await still(deciding));
	journey.press('e');
	add('step-lesson', 'The same step, with what it teaches', await still(/Somebody switched off/));
	journey.press('e');
	await still(/Every command, and every line/);
	add('step-commands', 'The same step, with every command and every line that it changes', await still(deciding));
	await pressUntil(take, /❯ Do it/, pageDown);
	add('step-commands-end', 'The end of it', await still(/❯ Do it/));
	journey.press('t');
	add('by-hand', 'The same step, typed by oneself at the practice droplet\'s prompt', await still(/by your own hands[\s\S]*✖ ada can become root/));
	journey.press(escape);
	await still(deciding);
	journey.press('?');
	add('keys', 'All keys', await still(/Takes what is marked/));
	journey.press(escape);
	await pressUntil(take, /❯ Do it/);
	journey.press(enter);
	await still(verdictOn('Your own user'));
	journey.press(enter);
	await still(/Keys only[\s\S]*❯ Read on/);
	journey.press('l');
	add('log', 'What the server said', await still(/What the server said/));
	journey.press('l');
	await pressUntil(take, /❯ Do it/);
	journey.press(enter);
	add('verdict', 'A step after its work, claim by claim', await still(verdictOn('Keys only')));
	journey.press(enter);
	await pressUntil(take, /ufw --force enable[\s\S]*❯ Do it/);
	journey.press(enter);
	await pressUntil(take, /restarts the server on purpose[\s\S]*❯ Do it/);
	add('rehearsal', 'A restart that is gone through on purpose', await still(deciding));
	journey.press(enter);
	add('rehearsal-verdict', 'What outlasted it', await still(verdictOn('After a restart')));
	await byEnterAlone(journey);
	await journey.ended();
	album.push({name: 'finish', label: 'Everything holds: how to log in, what is open, what comes next', grid: await still(/Keep the rescue card/)});

	// The same droplet later, after somebody switched its firewall off.
	consoleOf(take.home).run(['ufw', 'disable']);
	const later = await begin(['practice'], {home: take.home, now: '2026-05-06T18:00:00Z'});
	add('again', 'A practice droplet that was used before', await later.still(/You have practised before/));
	later.journey.press(enter);
	add('broken', 'What broke since, and Enter to mend it', await later.still(/❯ Mend/));
	await leave(later.journey);
};

/** Somebody types a step with their own hands, at the practice droplet's prompt. */
const typeIt = async (album: Album): Promise<void> => {
	const {journey, still} = await begin(['practice', ...four]);
	const add = async (name: string, label: string, pattern: RegExp): Promise<void> => {
		album.push({name, label, grid: await still(pattern)});
	};

	await still(ownUser);
	journey.press(enter);
	await still(/enter takes ada/);
	journey.press(enter);
	await still(deciding);
	journey.press('t');
	await still(/✖ ada can become root/);
	journey.press(`useradd --create-home --shell /bin/bash ada${enter}`);
	await still(/✔ the user ada exists/);
	journey.press(`uptime${enter}`);
	await add('by-hand-unknown', 'A claim has turned; an unknown command names those that exist', /whoami\.[\s\S]*~#/);
	journey.press(`nano /etc/sudoers.d/dropwise-ada${enter}`);
	await still(/nano {3}\//);
	journey.press('ada ALL=(ALL) NOPASSWD: ALL');
	await add('by-hand-editor', 'The editor, below what is to be put into the file', /changed/);
	await leave(journey);
};

/** A step that does not go through: somebody else writes where it is about to write. */
const fail = async (album: Album): Promise<void> => {
	const take = await begin(['practice', ...four]);
	const {journey, home, still} = take;
	await still(ownUser);
	journey.press(enter);
	await still(/enter takes ada/);
	journey.press(enter);
	await pressUntil(take, /❯ Do it/);
	consoleOf(home).write('/etc/sudoers.d/dropwise-ada', '# mine\n', {mode: 0o440});
	journey.press(enter);
	album.push({name: 'failure', label: 'A step that did not go through: what happened, and what to try', grid: await still(/What now\?/)});
	await pressUntil(take, /❯ Do it/);
	journey.press(enter);
	await still(verdictOn('Your own user'));
	await pressUntil(take, /service ssh reload[\s\S]*❯ Do it/);
	const {read, write} = consoleOf(home);
	write('/etc/ssh/sshd_config', `${read('/etc/ssh/sshd_config')!}# mine\n`);
	journey.press(enter);
	album.push({name: 'put-back', label: 'A step that the server put back', grid: await still(/put everything back as it was[\s\S]*What now\?/)});
	await leave(journey);
};

/** The way to a server of one's own, up to its door. */
const connect = async (album: Album): Promise<void> => {
	const door = await openDoor();
	const {journey, home, still} = await begin([], {door: door.port});
	const add = async (name: string, label: string, pattern: RegExp): Promise<void> => {
		album.push({name, label, grid: await still(pattern)});
	};

	await still(startMenu);
	journey.press(down);
	await still(/❯ Set up my own server/);
	journey.press(enter);
	await add('connect-address', 'The server\'s address', /What is your server's address/);
	journey.press(`203.0.113.700${enter}`);
	await add('connect-wrong', 'An address that cannot be one', /is not a server's address/);
	journey.press(eraseLine);
	await journey.sees(/❯ +\n\n +enter/);
	journey.press(`${serverAddress}${enter}`);
	await add('connect-user', 'As which user', /As which user/);
	journey.press(enter);
	await add('connect-way-in', 'With a password or a key', /How do you log in/);
	journey.press(enter);
	await add('connect-password', 'The password, which is not shown', /Password of root/);
	journey.press('correct horse');
	await add('connect-password-typed', 'A password that was typed: dots', /•••/);
	journey.press(enter);
	await add('connect-host-key', 'The server\'s key, and how to compare it', /Is it the same\?/);
	journey.press(down);
	await still(/❯ It is the same/);
	journey.press(enter);
	await add('connect-refused', 'A password that the server does not take', /refused the password[\s\S]*Password of root \(it is not shown\):\n[\s\S]*❯/);
	await leave(journey);
	door.close();

	const other = await openDoor();
	const again = await begin([`root@${serverAddress}`], {door: other.port, home});
	await again.still(/How do you log in/);
	again.journey.press(enter);
	await again.still(/Password of root/);
	again.journey.press(`correct horse${enter}`);
	album.push({name: 'connect-changed-key', label: 'A server that shows another key than last time', grid: await again.still(/Another server, or rebuilt\?/)});
	again.journey.press(enter);
	await again.journey.ended();
	album.push({name: 'connect-stopped', label: 'Stopped before anything was sent', grid: await again.still(/Stopped before/)});
	other.close();
};

/** Some of the same in the smallest terminal there may be. */
const practiseSmall = async (album: Album): Promise<void> => {
	const take = await begin([], small);
	const {journey, still, first} = take;
	const add = async (name: string, label: string, pattern: RegExp): Promise<void> => {
		album.push({name: `small-${name}`, label, grid: await still(pattern)});
	};

	await add('start-menu', 'Where shall we begin?', startMenu);
	journey.press(enter);
	await add('overview', 'The overview', overview);
	journey.press(enter);
	await pressUntil(take, /enter takes ada/);
	journey.press(enter);
	await add('step', 'A step before its work', deciding);
	await pressUntil(take, /service ssh reload[\s\S]*❯ Do it/);
	journey.press(enter);
	await add('verdict', 'A step after its work', /✔ ada still gets in[\s\S]*❯ Go on\s/);
	album.push({name: 'small-guarded', label: 'A step at work', grid: first(/Keys only[\s\S]*The server puts everything back in \d+ s/)});
	await pressUntil(take, /ufw --force enable[\s\S]*❯ Do it/);
	journey.press(enter);
	await byEnterAlone(journey);
	await journey.ended();
	await add('finish', 'Everything holds', /Keep the rescue card/);
};

/** Every picture, one after the other: they share the machine's two cores. */
export const takePictures = async (): Promise<readonly Picture[]> => {
	const album: Album = [];
	for (const scene of [practise, containers, typeIt, fail, connect, practiseSmall]) {
		await scene(album);
	}

	return album;
};
