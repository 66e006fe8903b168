import {verdictOn} from '../journeys/hands.js';
import {down, enter, up} from '../journeys/terminal.js';
import {deciding, leave, pressUntil, type Album} from './album.js';
import {begin} from './studio.js';

/** The steps about containers, which the practice droplet's Ubuntu 14.04 does not have. */
export const containers = async (album: Album): Promise<void> => {
	const take = await begin(['practice', 'debian-13', '--steps', 'admin-user,firewall,docker,docker-behind-firewall,containers-reach-out']);
	const {journey, still} = take;
	const add = async (name: string, label: string, pattern: RegExp): Promise<void> => {
		album.push({name, label, grid: await still(pattern)});
	};

	await still(/❯ Go on with "Your own user"/);
	journey.press(enter);
	await pressUntil(take, /\n Docker +step 3 of 5/);
	await add('docker', 'Docker, before it is installed', deciding);
	await pressUntil(take, /How shall Docker be put behind the firewall\?\n[\s\S]*❯/);
	await add('docker-firewall-question', 'Two recipes to choose from', /❯ Docker asks a list first/);
	journey.press(down);
	await still(/❯ Docker writes no rules/);
	journey.press('e');
	await add('docker-firewall-recipe', 'The second, and what it costs', /It costs this/);
	journey.press(enter);
	await add('docker-firewall', 'Containers and the firewall: why, and what does not hold', deciding);
	journey.press('e');
	await add('docker-firewall-lesson', 'The same, with what it teaches', /Somebody ran a manager/);
	await pressUntil(take, verdictOn('Docker goes through the firewall'));
	await add('docker-firewall-verdict', 'What containers publish is closed, claim by claim', verdictOn('Docker goes through the firewall'));
	await pressUntil(take, /What shall your server pass on between networks\?\n[\s\S]*❯/);
	await add('containers-question', 'What is passed on between networks', /❯ Only what a rule allows/);
	journey.press(down);
	await still(/❯ Everything/);
	journey.press('e');
	await add('containers-everything', 'Everything, and what that opens', /For a server that is a router/);
	journey.press(up);
	await still(/❯ Only what a rule allows/);
	journey.press(enter);
	await add('containers', 'Containers reach out: why, and what does not hold', deciding);
	await pressUntil(take, verdictOn('Containers reach out'));
	await add('containers-verdict', 'Containers get out and to each other, claim by claim', verdictOn('Containers reach out'));
	await leave(journey);
};
