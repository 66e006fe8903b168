/** The wizard's screens in a terminal, with the keys of a person. */
import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {
	ctrlC, down, emptyHome, enter, environment, escape, hurried, left, pageDown, right, travel, type Journey,
} from './terminal.js';
import {
	byEnterAlone, clean, gone, verdictOn,
} from './hands.js';
import {consoleOf} from './by-hand.js';
import {four} from './plain.js';

const begin = async (words: readonly string[] = ['practice', ...four], {over = {}, ...size}: {columns?: number; rows?: number; over?: Readonly<Record<string, string>>} = {}, home?: string): Promise<{journey: Journey; home: string}> => {
	const at = home ?? await emptyHome();
	return {journey: travel(words, environment(at, over), size), home: at};
};

const overview = /❯ Go on with "Your own user"/;
const deciding = /❯ (?:Read on|Do it)/;

/** From the overview to the first step, before its work. */
const toFirstStep = async (journey: Journey): Promise<void> => {
	await journey.sees(overview);
	journey.press(enter);
	await journey.sees(/What should your own user be called\?[\s\S]*enter takes ada/);
	journey.press(enter);
	await journey.sees(deciding);
};

for (const [columns, rows] of [[80, 24], [60, 16], [200, 50]] as const) {
	test.serial(`${columns} by ${rows}: by Enter alone from the start menu to the finish`, async t => {
		const {journey, home} = await begin([], {columns, rows, over: columns === 80 ? {} : hurried});
		await journey.sees(/Where shall we begin\?[\s\S]*❯ Practise/);
		t.true(await byEnterAlone(journey) > 10);
		const {code, text} = await journey.ended();
		t.is(code, 0, text);
		t.regex(text, /(\d+) of \1 steps hold\./);
		t.regex(text, /The practice droplet is set up\./);
		t.notRegex(text, /✖/);
		t.true(clean(journey.raw()));
		t.deepEqual(text.split('\n').filter(line => [...line].length > columns), []);
		t.false((await readdir(home)).includes('.ssh'));
		t.true(gone(journey.pid));
		t.notRegex(text.split('\n').slice(-3).join('\n'), /ctrl-c|enter go on/);
	});
}

test.serial('every key at a step: e in three depths, d, l, ?, reading on, going back', async t => {
	const {journey} = await begin();
	await toFirstStep(journey);
	t.regex(await journey.sees(/Day and night programs/), /e explain/);
	journey.press('e');
	const lesson = await journey.sees(/What this teaches\n\n +Somebody switched off root's log-in first/);
	t.regex(lesson, /more lines[\s\S]*e commands/);
	t.notRegex(lesson, /Day and night programs/);
	journey.press('e');
	const commands = await journey.sees(/Every command, and every line that it changes\n\n +What will be done[\s\S]*1 +useradd/);
	t.regex(commands, /e in short/);
	t.notRegex(commands, /Day and night programs|Somebody switched off/);
	journey.press('e');
	await journey.sees(/Day and night programs[\s\S]*… and \d more like these/);
	journey.press(pageDown);
	await journey.sees(/❯ Do it[\s\S]*enter go on/);
	journey.press('?');
	await journey.sees(/Keys[\s\S]*Takes what is marked and goes on\./);
	journey.press(escape);
	await journey.sees(deciding);
	journey.press('l');
	await journey.sees(/What the server said[\s\S]*Nothing yet/);
	journey.press('l');
	await journey.sees(deciding);
	for (const digit of '123456789') {
		journey.press(digit);
	}

	journey.press(escape);
	await journey.sees(overview);
	journey.press(ctrlC);
	const {code, text} = await journey.ended();
	t.is(code, 130);
	t.regex(text, /Stopped\. Nothing was running on the server\./);
	t.notRegex(text, /skipped/);
	t.true(clean(journey.raw()));
});

test.serial('digits choose nothing, esc goes back over answers', async t => {
	const {journey} = await begin([]);
	await journey.sees(/❯ Practise/);
	journey.press('2');
	journey.press(down);
	await journey.sees(/❯ Set up my own server/);
	journey.press(enter);
	await journey.sees(/What is your server's address\?[\s\S]*❯/);
	journey.press(`256.1.1.1${enter}`);
	await journey.sees(/"256\.1\.1\.1" is not a server's address/);
	journey.press(escape);
	await journey.sees(/❯ Set up my own server/);
	journey.press('e');
	journey.press(ctrlC);
	t.is((await journey.ended()).code, 130);
});

for (const [columns, rows] of [[80, 24], [60, 16], [200, 50]] as const) {
	test.serial(`${columns} by ${rows}: what was found opens at its top, and the keys that the footer names scroll it`, async t => {
		const {journey} = await begin(undefined, {columns, rows});
		await journey.sees(overview);
		journey.press(down);
		await journey.sees(/❯ Take another/);
		journey.press(down);
		await journey.sees(/❯ Show what was found/);
		journey.press(enter);
		const top = await journey.sees(/What was found, claim by claim\n\n +Your own user\n[\s\S]*more lines/);
		t.regex(top, /↑↓ scroll +pgup pgdn/);
		t.notRegex(top, /Seen from outside/);
		journey.press(down);
		journey.press(down);
		await journey.sees(/^(?![\s\S]*What was found)[\s\S]* Your own user\n[\s\S]*more lines/);
		for (let page = 0; page < 9; page++) {
			journey.press(pageDown);
		}

		await journey.sees(/^(?![\s\S]*more line)[\s\S]*port 22 \(sshd[\s\S]*over\s+IPv6/);
		journey.press(escape);
		await journey.sees(/❯ Go on with/);
		journey.press(ctrlC);
		t.is((await journey.ended()).code, 130);
	});
}

test.serial('s leaves a step as it is; what needs it is left for later', async t => {
	const {journey} = await begin();
	await toFirstStep(journey);
	journey.press('s');
	const text = await journey.sees(/Which ports/);
	t.regex(text, /– Your own user +skipped/);
	t.regex(text, /this needs "Your own user"/);
	journey.press(ctrlC);
	t.is((await journey.ended()).code, 130);
});

test.serial('the marks of a line move with the arrows, and Skip is one of them', async t => {
	const {journey} = await begin();
	await toFirstStep(journey);
	// As they come over a slow line.
	journey.press(`${right}${right}${left}`);
	await journey.sees(/❯ I'll type it myself/);
	journey.press(right);
	await journey.sees(/❯ Skip/);
	journey.press(enter);
	t.regex(await journey.sees(/Which ports/), /Close every door but three +step 3 of 4/);
	journey.press(escape);
	const later = await journey.sees(/❯ Go on with "Close every door/);
	t.regex(later, /– Your own user +– Keys only[\s\S]*● Close every door but three[\s\S]*● Seen from outside[\s\S]*2 steps to do/);
	journey.press(ctrlC);
	t.is((await journey.ended()).code, 130);
});

test.serial('Ctrl-C at a step says that nothing is half done, and resizing harms nothing', async t => {
	const {journey, home} = await begin();
	await toFirstStep(journey);
	journey.resize(60, 16);
	await journey.sees(deciding);
	journey.resize(100, 40);
	await journey.sees(/❯ Do it/);
	journey.press(ctrlC);
	const {code, text} = await journey.ended();
	t.is(code, 130);
	t.regex(text, /Nothing is half done/);
	t.true(gone(journey.pid));
	const directory = path.join(home, '.local', 'state', 'dropwise', 'practice', 'ubuntu-14.04');
	const names = (await readdir(directory)).filter(name => name.startsWith('droplet-'));
	t.notRegex(await readFile(path.join(directory, names.at(-1)!), 'utf8'), /home\/ada/);
});

test.serial('Ctrl-C twice under a guard: the server puts things back, and in how many seconds', async t => {
	const {journey} = await begin();
	await toFirstStep(journey);
	while (!(await journey.sees(deciding)).includes('❯ Do it')) {
		journey.press(enter);
		await journey.sees(/❯ Do it/);
	}

	journey.press(enter);
	await journey.sees(verdictOn('Your own user'));
	journey.press(enter);
	await journey.sees(/Keys only[\s\S]*❯ Read on/);
	journey.press(enter);
	await journey.sees(/❯ Do it/);
	journey.press(enter);
	await journey.wrote(/The server puts everything back in \d+ s unless/);
	journey.press(ctrlC);
	journey.press(ctrlC);
	const {code, text} = await journey.ended();
	t.is(code, 130, text);
	t.regex(text, /Left\. The server puts everything back by itself in \d+ s\.|Nothing is half done/);
	t.true(clean(journey.raw()));
});

for (const signal of ['SIGTERM', 'SIGHUP']) {
	test.serial(`${signal} is Ctrl-C, and leaves the terminal clean`, async t => {
		const {journey} = await begin();
		await toFirstStep(journey);
		journey.signal(signal);
		t.is((await journey.ended()).code, 130);
		t.true(clean(journey.raw()));
	});
}

test.serial('NO_COLOR: none, and one sees all the same where the next letter goes', async t => {
	const {journey} = await begin([], {over: {NO_COLOR: '1'}});
	await journey.sees(/❯ Practise/);
	journey.press(down);
	await journey.sees(/❯ Set up my own server/);
	journey.press(enter);
	await journey.sees(/What is your server's address\?[\s\S]*❯/);
	journey.press('ab');
	const text = await journey.sees(/^ ❯ ab/m);
	const {active} = journey.screen.buffer;
	const row = active.getLine(active.baseY + text.split('\n').findIndex(line => line.startsWith(' ❯ ab')))!;
	const cells = Array.from({length: 80}, (_, column) => row.getCell(column)!);
	t.deepEqual(cells.flatMap((cell, column) => cell.isInverse() ? [column] : []), [5]);
	t.true(cells.every(cell => cell.isFgDefault() && cell.isBgDefault()));
	journey.press(ctrlC);
	t.is((await journey.ended()).code, 130);
});

test.serial('a restart that turns out to be due is asked about, and waited for', async t => {
	const {journey} = await begin(['practice', '--steps', 'system-updates']);
	await journey.sees(/❯ Go on with "System updates"/);
	journey.press(enter);
	await journey.sees(/What will be done[\s\S]*apt-get upgrade[\s\S]*❯ Do it/);
	const before = journey.raw().length;
	journey.press(enter);
	const text = await journey.sees(/no restart is due\s+expected: none\s+got: the system asks for it: libc6[\s\S]*❯ Do the rest/);
	t.regex(text, /Right now:\s+✖ no restart is due/);
	t.regex(text, /restarts the server, because the system asks for it: libc6/);
	// Between the two questions apt was at work: a frame writes the lines that changed, mostly the spinner's and the bar's alone; all of them are some 600 bytes.
	const frames = journey.raw().slice(before).split('\u001B[?2026h').slice(1).map(frame => frame.length).toSorted((a, b) => a - b);
	t.log(`an apt run wrote ${journey.raw().length - before} bytes in ${frames.length} frames, half of them of at most ${frames[frames.length >> 1]} bytes`);
	t.true(frames[frames.length >> 1]! < 200, frames.join(' '));
	journey.press(enter);
	await journey.sees(/the server is restarting/);
	await journey.sees(verdictOn('System updates'));
	await byEnterAlone(journey);
	const {code, text: all} = await journey.ended();
	t.is(code, 0, all);
	t.regex(all, /✔ no restart is due/);
});

test.serial('what broke since is said first, and mended by Enter', async t => {
	const {journey, home} = await begin(['practice'], {over: hurried});
	await journey.sees(/❯ Go on with "System updates"/);
	await byEnterAlone(journey);
	t.is((await journey.ended()).code, 0);
	t.is(consoleOf(home).run(['ufw', 'disable']).code, 0);
	const {journey: again} = await begin(['practice'], {over: hurried}, home);
	await again.sees(/❯ Go on with that droplet/);
	again.press(enter);
	const text = await again.sees(/❯ Mend "Close every door but three"/);
	t.regex(again.text(), /✖ Close every door but three: this held today at \d\d:\d\d, and does not any more/);
	t.regex(again.text(), /the firewall is on\s+expected: on\s+got: off/);
	t.regex(text, /✖ Close every door but three/);
	again.press('l');
	const log = await again.sees(/What the server said\n\n +Nothing since this start\.\n\n +Before this start/);
	t.regex(log, /all of it is in\s+~\/\.local\/state\/dropwise\/runs:/);
	t.regex(log, /more line/);
	again.press('l');
	await again.sees(/❯ Mend/);
	await byEnterAlone(again);
	const {code, text: all} = await again.ended();
	t.is(code, 0, all);
	t.regex(all, /(\d+) of \1 steps hold\./);
});
