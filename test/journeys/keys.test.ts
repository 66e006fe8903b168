/** Each key at each screen of the wizard: what it does there, and that it does nothing where it is not offered. */
import test, {type ExecutionContext} from 'ava';
import {sliceOf} from '../slice.js';
import {ends} from './connect.js';
import {
	ctrlC, enter, escape, killLine, type Journey,
} from './terminal.js';
import {toPractice} from './to-practice.js';
import {toServer} from './to-server.js';
import {oneByOne, type Waypoint} from './waypoint.js';

const keysPage = /Keys\n[\s\S]*Takes what is marked and goes on\./;
const logPage = /What the server said\n/;

/** Opens what `?` and `l` show, and closes it: the screen stands again, whole. */
const lookAside = async (journey: Journey, {stands}: Waypoint): Promise<void> => {
	for (const [open, page, close] of [['?', keysPage, escape], ['l', logPage, 'l'], ['l', logPage, escape], ['?', keysPage, enter]] as const) {
		journey.press(open);
		await journey.sees(page);
		journey.press(close);
		await journey.sees(stands);
	}
};

/** `e` thrice: deeper each time where there is something to explain, and back at the last. Letters that are no keys there, and digits, do nothing. */
const letters = async (journey: Journey, {stands, explains, takes}: Waypoint): Promise<void> => {
	journey.press(oneByOne('e'));
	await journey.sees(explains ?? stands);
	if (takes === 'keys of a step') {
		journey.press(oneByOne('e'));
		await journey.sees(/❯ (?:Read on|Do it)/);
		journey.press(oneByOne('e'));
		await journey.sees(stands);
		journey.press('t');
		await journey.sees(/another\s+window/);
		journey.press(escape);
	} else {
		journey.press(oneByOne(explains ? 'e123' : 'eets123'));
	}

	await journey.sees(stands);
};

/** Letters are typed, all of them, and are no keys. */
const typeLetters = async (journey: Journey, {stands, takes}: Waypoint): Promise<void> => {
	const typed = 'eeetsl?';
	journey.press(typed);
	await journey.sees(takes === 'secret' ? /❯ •{7}/ : /❯ eeetsl\?/);
	journey.resize(60, 16);
	await journey.sees(takes === 'secret' ? /❯ •{7}/ : /❯ eeetsl\?/);
	journey.press(killLine);
	await journey.sees(/❯ +(?:\n|enter takes)/);
	await journey.sees(stands);
};

/** Nothing of another width is left in the midst of the screen. */
const resize = async (t: ExecutionContext, journey: Journey, {stands, narrow = stands}: Waypoint): Promise<void> => {
	const marks = (await journey.sees(stands)).split('❯').length;
	for (const [columns, rows] of [[60, 16], [120, 40], [80, 24]] as const) {
		journey.resize(columns, rows);
		t.is((await journey.sees(columns === 60 ? narrow : stands)).split('❯').length, marks);
	}
};

const tryAll = async (t: ExecutionContext, waypoint: Waypoint): Promise<void> => {
	const {takes, stands, back} = waypoint;
	const {go, untouched} = await waypoint.prepare(t);
	const begun = await go();
	const {journey} = begun;
	const listens = takes !== 'letters' && takes !== 'secret';
	await (listens ? letters : typeLetters)(journey, waypoint);
	if (listens) {
		await lookAside(journey, waypoint);
	}

	await resize(t, journey, waypoint);
	journey.press(escape);
	if (back) {
		await journey.sees(back.to);
		journey.press(back.again ?? enter);
	}

	const isElsewhere = back?.again === '';
	await journey.sees(isElsewhere ? back.to : stands);
	journey.press(ctrlC);
	t.regex(await ends(t, journey, 130), (!isElsewhere && waypoint.lastWords) || /Stopped\. Nothing was running on the server\.$/);
	untouched(begun);
};

for (const waypoint of sliceOf([...toServer, ...toPractice], 2)) {
	test.serial(`every key at ${waypoint.name}`, async t => {
		await tryAll(t, waypoint);
	});
}
