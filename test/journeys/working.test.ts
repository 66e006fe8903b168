/** A step at work: looked at, resized, left in each way. Whatever was begun ends, or is put back. */
import {spawnSync} from 'node:child_process';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {openConsole, type Console} from '../../source/practice/console.js';
import {consoleOf, directoryIn} from './by-hand.js';
import {begin, ends, type Begun} from './connect.js';
import {clean, gone, verdictOn} from './hands.js';
import {
	cli, ctrlC, enter, environment, escape,
} from './terminal.js';
import {oneByOne} from './waypoint.js';

const upgrading = /System updates[\s\S]*\| (?:Preparing|Unpacking|Setting up) /;
const due = /❯ Do the rest/;

/** A step that takes its time and says much. */
const toUpgrade = async (t: ExecutionContext): Promise<Begun> => {
	const begun = await begin(t, ['practice', '--steps', 'system-updates']);
	const {journey} = begun;
	await journey.sees(/❯ Go on with "System updates"/);
	journey.press(enter);
	await journey.sees(/What will be done[\s\S]*❯ Do it/);
	journey.press(enter);
	await journey.sees(upgrading);
	return begun;
};

/** A step under a guard, whose change was made and not yet confirmed. */
const toGuarded = async (t: ExecutionContext): Promise<Begun & {readonly before: string | undefined}> => {
	const begun = await begin(t, ['practice', '--steps', 'admin-user,ssh-keys-only']);
	const {journey, home} = begun;
	await journey.sees(/❯ Go on with "Your own user"/);
	journey.press(enter);
	await journey.sees(/What should your own user be called\?\n[\s\S]*❯/);
	journey.press(enter);
	let before: string | undefined;
	for (const title of ['Your own user', 'Keys only']) {
		if (title === 'Keys only') {
			await journey.sees(verdictOn('Your own user'));
			journey.press(enter);
		}

		while (!(await journey.sees(new RegExp(String.raw`${title} +step[\s\S]*❯ (?:Read on|Do it)|❯ Do it`))).includes('❯ Do it')) {
			journey.press(enter);
			await journey.sees(/❯ Do it/);
		}

		before = consoleOf(home).read('/etc/ssh/sshd_config');
		journey.press(enter);
	}

	await journey.wrote(/The server puts everything back in \d+ s unless/);
	return {...begun, before};
};

/** The droplet when whatever was under way is over. */
const later = (home: string): Console => openConsole({directory: directoryIn(home), level: 'ubuntu-14.04', clock: {now: () => Date.now() + 300_000, async wait() {}}});

/** What a look at it from a new start says. */
const checked = (home: string, steps: string) => {
	const {status, stdout} = spawnSync(process.execPath, [cli, 'check', 'practice', '--steps', steps], {env: environment(home), encoding: 'utf8'});
	return {code: status, out: stdout};
};

test.serial('while it works: no letter does anything, the log and the keys open and close, and no size harms it', async t => {
	const {journey} = await toUpgrade(t);
	journey.press(oneByOne('eeets123'));
	journey.press('l');
	await journey.sees(/What the server said\n[\s\S]*apt-get/);
	journey.resize(60, 16);
	journey.press(escape);
	await journey.sees(/System updates/);
	journey.resize(120, 40);
	journey.press('?');
	await journey.sees(/Keys\n/);
	journey.press(escape);
	journey.resize(80, 24);
	const seen = await journey.sees(due);
	t.notRegex(seen, /skipped/);
	t.is(seen.split('❯').length, 2, seen);
	journey.press(ctrlC);
	await ends(t, journey, 130);
});

const leavings: ReadonlyArray<readonly [how: string, leave: (begun: Begun) => void, says: RegExp | undefined]> = [
	['Ctrl-C', ({journey}) => {
		journey.press(ctrlC);
	}, /Stopping as soon as this ends: apt-get[\s\S]*Nothing is half done/],
	['Ctrl-C twice', ({journey}) => {
		journey.press(`${ctrlC}${ctrlC}`);
	}, /Left\. What has begun of this goes on to its end on the\s+server: apt-get[\s\S]*The next start\s+shows what it\s+said\.$/],
	['SIGTERM', ({journey}) => {
		journey.signal('SIGTERM');
	}, /Stopping as soon as this ends: apt-get[\s\S]*Nothing is half done/],
	['a closed terminal', ({journey}) => {
		journey.hangUp();
	}, undefined],
];

for (const [how, leave, says] of leavings) {
	test.serial(`${how} while it works: what was begun ends, and the next start goes on from there`, async t => {
		const begun = await toUpgrade(t);
		const {journey, home} = begun;
		leave(begun);
		if (says) {
			t.regex(await ends(t, journey, 130), says);
		} else {
			t.is((await journey.ended()).code, 130);
			t.true(gone(journey.pid));
		}

		t.is(later(home).run(['id', 'root']).code, 0);
		const {code, out} = checked(home, 'system-updates');
		t.is(code, 1, out);
		t.regex(out, /✔ no package is half installed[\s\S]*✔ every package is at its newest version/);
	});

	test.serial(`${how} under a guard: the change is kept whole or put back whole`, async t => {
		const begun = await toGuarded(t);
		const {journey, home, before} = begun;
		leave(begun);
		const {code, text} = await journey.ended();
		t.is(code, 130, text);
		t.true(gone(journey.pid));
		if (says) {
			t.true(clean(journey.raw()));
		}

		// When the time of the guard is over.
		const over = later(home);
		t.not(over.touch(({droplet}) => droplet.guard?.state), 'armed');
		const isBack = over.read('/etc/ssh/sshd_config') === before;
		const {code: holds, out} = checked(home, 'admin-user,ssh-keys-only');
		t.log(isBack ? 'put back' : 'kept');
		t.is(holds, isBack ? 1 : 0, out);
	});
}
