/** The wizard's way to a server, from its address to its door: what is asked, what is compared, and the way back. */
import test from 'ava';
import {hostKey as ownKey, makeHost} from '../server/ssh-server.js';
import {
	acceptKey, address, begin, changedKey, ends, givePassword, gotIn, hostKey, password, strangeServer, toAddress, toPassword, user, way,
} from './connect.js';
import {
	backspace, ctrlC, down, enter, escape, killLine, left, right, up, type Journey,
} from './terminal.js';

test.serial('a server never seen before: its key is shown, Enter alone takes nothing, and it is asked once', async t => {
	const {port, attempts} = await strangeServer(t, {password: 'open door'});
	const {journey, home} = await begin(t);
	await toAddress(journey);
	await toPassword(journey, `127.0.0.1:${port}`);
	const shown = await givePassword(journey, 'open door', hostKey);
	t.true(shown.includes(`ssh-ed25519  ${ownKey}`), shown);
	t.regex(shown, /ssh-keygen -lf \/etc\/ssh\/ssh_host_ed25519_key\.pub/);
	// A key pressed after Enter shows that Enter was heard, and took nothing.
	journey.press(`${enter}${down}`);
	await journey.sees(/❯ It is the same/);
	journey.press(up);
	await journey.sees(hostKey);
	journey.press('?');
	await journey.sees(/Keys[\s\S]*Takes what is marked and goes on\./);
	journey.press(escape);
	await journey.sees(hostKey);
	journey.press('l');
	await journey.sees(/What the server said[\s\S]*Nothing yet/);
	journey.press('l');
	await journey.sees(hostKey);
	for (const key of 'edts123') {
		journey.press(key);
	}

	t.deepEqual(attempts, [], 'nothing was sent before the key was taken for right');
	await acceptKey(journey);
	t.regex(await ends(t, journey, 1), gotIn);
	t.deepEqual(attempts, ['none', 'password']);
	t.false(journey.raw().includes('open door'), 'the password is not shown');

	const {journey: again} = await begin(t, [`root@127.0.0.1:${port}`], {home});
	await again.sees(way);
	again.press(enter);
	t.notRegex(await givePassword(again, 'open door', gotIn), /Is it the same/);
	await ends(t, again, 1);
});

test.serial('a key that differs: nothing was sent, and how to compare it stands last', async t => {
	const {port, attempts} = await strangeServer(t, {password: 'right'});
	const {journey, home} = await begin(t);
	await toAddress(journey);
	await toPassword(journey, `127.0.0.1:${port}`);
	await givePassword(journey, 'right', hostKey);
	journey.press(down);
	await journey.sees(/❯ It is the same/);
	journey.press(down);
	await journey.sees(/❯ It differs, or I want to look first: stop/);
	journey.press(enter);
	t.regex(await ends(t, journey, 3), /Stopped before anything was sent to 127\.0\.0\.1[\s\S]*ssh-keygen -lf[\s\S]*Then start again\.$/);
	t.deepEqual(attempts, []);

	const {journey: again} = await begin(t, [`root@127.0.0.1:${port}`], {home});
	await again.sees(way);
	again.press(enter);
	await givePassword(again, 'right', hostKey);
	again.press(ctrlC);
	t.regex(await ends(t, again, 130), /Stopped\. Nothing was running on the server\.$/);
	t.deepEqual(attempts, []);
});

test.serial('another key than last time: both are shown, Enter alone stops, and a rebuilt server is gone on with', async t => {
	const [before, now] = [makeHost(), makeHost()];
	const {attempts, port, rebuild} = await strangeServer(t, {password: 'right', host: before});
	const {journey, home} = await begin(t);
	await toAddress(journey);
	await toPassword(journey, `127.0.0.1:${port}`);
	await givePassword(journey, 'right', hostKey);
	await acceptKey(journey);
	await ends(t, journey, 1);

	rebuild(now);
	attempts.length = 0;
	const open = async (): Promise<Journey> => {
		const {journey: again} = await begin(t, [`root@127.0.0.1:${port}`], {home});
		await again.sees(way);
		again.press(enter);
		const shown = await givePassword(again, 'right', changedKey);
		t.regex(shown, /shows another key than last time/);
		t.true(shown.includes(`now      ${now.fingerprint}`) && shown.includes(`before   ${before.fingerprint}`), shown);
		return again;
	};

	const stopped = await open();
	stopped.press(enter);
	t.regex(await ends(t, stopped, 3), /Stopped before anything was sent/);
	const given = await open();
	given.press(ctrlC);
	t.regex(await ends(t, given, 130), /Stopped\. Nothing was running/);
	t.deepEqual(attempts, []);
	const on = await open();
	on.press(down);
	await on.sees(/❯ It is another one, or rebuilt: go on/);
	on.press(enter);
	t.regex(await ends(t, on, 1), gotIn);
});

test.serial('Esc goes back over the answers, one by one, and keeps them', async t => {
	const {port, attempts} = await strangeServer(t, {password: 'right'});
	const {journey} = await begin(t);
	await toAddress(journey);
	journey.press(`127.0.0.1:${port}${enter}`);
	await journey.sees(user);
	journey.press(`grace${enter}`);
	await journey.sees(/How do you log in as grace today\?/);
	journey.press(enter);
	await givePassword(journey, 'right', hostKey);
	journey.press(escape);
	await journey.sees(password);
	journey.press(escape);
	await journey.sees(/How do you log in as grace today\?[\s\S]*❯ With a password/);
	journey.press(escape);
	await journey.sees(/As which user can you log in today\?[\s\S]*enter takes grace/);
	journey.press(escape);
	await journey.sees(new RegExp(String.raw`What is your server's address\?[\s\S]*enter takes 127\.0\.0\.1:${port}`));
	journey.press(escape);
	await journey.sees(/❯ Set up my own server/);
	for (const screen of [/enter takes 127/, /enter takes grace/, /❯ With a password/]) {
		journey.press(enter);
		await journey.sees(screen);
	}

	journey.press(enter);
	await givePassword(journey, 'right', hostKey);
	t.deepEqual(attempts, []);
	await acceptKey(journey);
	t.regex(await ends(t, journey, 1), gotIn);
});

test.serial('what is no address is named in one sentence, and changes nothing', async t => {
	const {journey} = await begin(t);
	await toAddress(journey);
	for (const [bad, says] of [
		['root@', /"root@" is not a server's address: expected/],
		['203.0.113.7:99999', /The port in "203\.0\.113\.7:99999" is to be a number from 1 to 65535/],
		['203.0.113.7 22', /"203\.0\.113\.7 22" is not a server's address/],
		['my droplet', /"my droplet" is not a server's address/],
		['@203.0.113.7', /"" in "@203\.0\.113\.7" cannot be a user's name/],
		['256.1.1.1', /"256\.1\.1\.1" is not a server's address/],
		['https://203.0.113.7/', /"https:\/\/203\.0\.113\.7\/" is not a server's address/],
		['?', /"\?" is not a server's address/],
	] as const) {
		journey.press(`${bad}${enter}`);
		const seen = await journey.sees(says);
		t.regex(seen, address);
		t.true(seen.includes(`❯ ${bad}`), 'what was typed is still there to be mended');
		journey.press(killLine);
		await journey.sees(/❯ *\n/);
	}

	journey.press(enter);
	await journey.sees(/An answer is needed here\./);
	journey.press(`  203.0.113.7  ${enter}`);
	await journey.sees(user);
	journey.press(`no one${enter}`);
	await journey.sees(/"no one" cannot be a user's name/);
	journey.press(ctrlC);
	t.regex(await ends(t, journey, 130), /Stopped\. Nothing was running on the server\.$/);
});

test.serial('60 by 16, from the middle on: each screen stands whole, and the key unbroken', async t => {
	const {port} = await strangeServer(t, {password: 'right'});
	const {journey} = await begin(t);
	await toAddress(journey);
	journey.resize(60, 16);
	const footer = /ctrl-c leave/;
	t.regex(await journey.sees(address), footer);
	journey.press(`127.0.0.1:${port}${enter}`);
	t.regex(await journey.sees(/As which user[\s\S]*enter takes root/), footer);
	journey.press(enter);
	t.regex(await journey.sees(way), footer);
	journey.press(enter);
	t.regex(await journey.sees(password), footer);
	const shown = await givePassword(journey, 'right', hostKey);
	t.true(shown.includes(ownKey), shown);
	t.regex(shown, footer);
	journey.resize(80, 24);
	journey.press(down);
	await journey.sees(/❯ It is the same/);
	journey.resize(60, 16);
	await journey.sees(/❯ It is the same/);
	journey.press(enter);
	const text = await ends(t, journey, 1);
	t.regex(text, gotIn);
});

test.serial('keys that come in one piece are heard one after another', async t => {
	const {journey} = await begin(t);
	await journey.sees(/❯ Practise/);
	journey.press(`${down}${up}${down}${enter}`);
	await journey.sees(address);
	journey.press(`203.0.113.70x${backspace}${backspace}${left}${left}${right}${enter}`);
	t.regex(await journey.sees(user), /What is your server's address\? +203\.0\.113\.7\n/);
	journey.press(ctrlC);
	await ends(t, journey, 130);
});

test.serial('down, down and Enter in one piece stop at a key that differs: the mark between them is not taken', async t => {
	const {port, attempts} = await strangeServer(t, {password: 'right'});
	const {journey} = await begin(t);
	await toAddress(journey);
	await toPassword(journey, `127.0.0.1:${port}`);
	await givePassword(journey, 'right', hostKey);
	journey.press(`${down}${down}${enter}`);
	t.regex(await ends(t, journey, 3), /Stopped before anything was sent/);
	t.deepEqual(attempts, []);
});
