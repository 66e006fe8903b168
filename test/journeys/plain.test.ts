import {readdir, readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {standsAlone} from './hands.js';
import {four} from './plain.js';
import {
	ctrlC, ctrlD, emptyHome, enter, environment, hurried, travel, type Journey,
} from './terminal.js';

const begin = async (words: readonly string[] = [], over: Readonly<Record<string, string>> = {}, home?: string): Promise<{journey: Journey; home: string}> => {
	const at = home ?? await emptyHome();
	return {journey: travel([...words, '--plain'], environment(at, over)), home: at};
};

/** From the first question to the step's "Do it". */
const toFirstStep = async (journey: Journey): Promise<void> => {
	await journey.until(/Go on with "Your own user"[\s\S]*Enter alone is 1:/);
	journey.press(enter);
	await journey.until(/What should your own user be called\?[\s\S]*Enter alone is \w+:/);
	journey.press(enter);
	await journey.until(/1 {2}Do it[\s\S]*Enter alone is 1:/);
};

/** To the middle of something that takes a moment: an installation. */
const toInstalling = async (journey: Journey): Promise<void> => {
	await toFirstStep(journey);
	journey.press(enter);
	await journey.until(/\+ Your own user[\s\S]*Keys only[\s\S]*Enter alone is 1:/);
	journey.press(enter);
	await journey.until(/\+ Keys only[\s\S]*Which ports[\s\S]*Enter alone is none:/);
	journey.press(enter);
	await journey.until(/Close every door[\s\S]*Enter alone is 1:/);
	journey.press(enter);
	await journey.until(/> apt-get install ufw/);
};

/** Presses Enter at each question until the program ends. */
const byEnterAlone = async (journey: Journey): Promise<{code: number; text: string}> => {
	while (await journey.untilOrEnd(/Enter alone is [^\n]*:$/)) {
		journey.press(enter);
	}

	return journey.ended();
};

const gone = (pid: number): boolean => {
	try {
		process.kill(pid, 0);
		return false;
	} catch {
		return true;
	}
};

test.serial('by Enter alone from the start menu to the finish, with no key pair', async t => {
	const {journey, home} = await begin([], hurried);
	await journey.until(/Where shall we begin\?[\s\S]*Enter alone is 1:/);
	journey.press(enter);
	await journey.until(/Go on with "System updates"[\s\S]*Enter alone is 1:/);
	journey.press(enter);
	await journey.until(/apt-get upgrade[\s\S]*1 {2}Do it[\s\S]*Enter alone is 1:/);
	journey.press(enter);
	// What cannot be taken back and was not known before is asked about when it turns up.
	await journey.until(/restarts the server[\s\S]*1 {2}Do it[\s\S]*Enter alone is 1:/);
	journey.press(enter);
	await journey.until(/\+ System updates[\s\S]*What should your own user be called\?[\s\S]*Enter alone is \w+:/);
	journey.press(enter);
	await journey.until(/1 {2}Do it[\s\S]*Enter alone is 1:/);
	journey.press(enter);
	await journey.until(/\+ Your own user[\s\S]*Keys only[\s\S]*1 {2}Do it[\s\S]*Enter alone is 1:/);
	journey.press(enter);
	await journey.until(/\+ Keys only[\s\S]*Which ports[\s\S]*Enter alone is none:/);
	journey.press(enter);
	await journey.until(/Close every door[\s\S]*1 {2}Do it[\s\S]*Enter alone is 1:/);
	journey.press(enter);
	await journey.until(/\+ Seen from outside[\s\S]*restarts the server on purpose[\s\S]*1 {2}Do it[\s\S]*Enter alone is 1:/);
	journey.press(enter);
	const {code, text} = await journey.ended();
	t.is(code, 0, text);
	t.regex(text, /(\d+) of \1 steps hold\./);
	t.deepEqual(journey.broken().filter(line => !standsAlone(line)), []);
	t.regex(text, /The practice droplet is set up\./);
	t.regex(text, /^ +ssh ada@203\.0\.113\.7$/m);
	t.regex(text, /Keep the rescue card:\s+~\/\.local/);
	t.regex(text, /the server keeps the change/);
	t.false((await readdir(home)).includes('.ssh'));
	t.true(gone(journey.pid));
	const state = path.join(home, '.local', 'state', 'dropwise');
	const cards = (await readdir(state)).filter(one => one.startsWith('rescue-'));
	t.regex(cards.join(' '), /^rescue-practice-ubuntu-14\.04-[\da-f]{4}\.txt$/);
	t.true(text.includes(`~/.local/state/dropwise/${cards[0]!}`));
	const card = await readFile(path.join(state, cards[0]!), 'utf8');
	t.regex(card, /ufw disable/);
	t.regex(card, /as ada\n +ssh/);
	t.notRegex(card, /^ +as root|ssh root@/m);
	t.is((await stat(state)).mode & 0o777, 0o700);

	const again = await begin(['practice', ...four], {}, home);
	await again.journey.until(/You have practised before\.[\s\S]*Enter alone is 1:/);
	again.journey.press(enter);
	await again.journey.until(/All of it holds[\s\S]*\+ Your own user {3}\+ Keys only[\s\S]*Enter alone is 1:/);
	again.journey.press(enter);
	t.is((await again.journey.ended()).code, 0);

	const fresh = await begin(['practice', ...four], {}, home);
	await fresh.journey.until(/You have practised before\.[\s\S]*Enter alone is 1:/);
	fresh.journey.press(`2${enter}`);
	await toFirstStep(fresh.journey);
	fresh.journey.press(ctrlC);
	t.is((await fresh.journey.ended()).code, 130);
});

test.serial('for a screen reader marks are words, and nothing moves', async t => {
	const journey = travel([], environment(await emptyHome(), {...hurried, INK_SCREEN_READER: 'true'}));
	const {code, text} = await byEnterAlone(journey);
	t.is(code, 0, text);
	t.regex(text, /^ Harden +to do: System updates +to do: Your own user +to do: Keys only$/m);
	t.regex(text, /^ holds: System updates/m);
	t.regex(text, /^ {3}failed: the firewall is on +expected: on +got:/m);
	t.regex(text, /^ holds: The practice droplet is set up\.$/m);
	t.notRegex(text, /[✔✖●–]|^ +[+xo?-] /m);
	t.deepEqual(journey.broken().filter(line => !standsAlone(line)), []);
	// Only the line that is typed is drawn anew.
	t.notRegex(journey.raw(), /\u001B\[(?:\d*A|\?25|\d+m)/);
});

test.serial('a droplet with systemd', async t => {
	const {journey} = await begin(['practice', 'systemd'], hurried);
	const {code, text} = await byEnterAlone(journey);
	t.is(code, 0, text);
	t.regex(text, /Debian 13/);
	t.regex(text, /(\d+) of \1 steps hold\./);
});

test.serial('skip leaves a step as it is and goes on', async t => {
	const {journey} = await begin(['practice', ...four]);
	await toFirstStep(journey);
	journey.press(`2${enter}`);
	const text = await journey.until(/Which ports[\s\S]*Enter alone is none:/);
	t.regex(text, /- Your own user +skipped/);
	t.regex(text, /this needs "Your own user"/);
	const {text: all} = await byEnterAlone(journey);
	t.regex(all, /still to do/);
	t.regex(all, /Skipped: Your own user and Keys only\./);
});

test.serial('stop before anything is done', async t => {
	const {journey} = await begin(['practice', ...four]);
	await journey.until(/4 {2}Stop[\s\S]*Enter alone is 1:/);
	journey.press(`4${enter}`);
	const {code, text} = await journey.ended();
	t.is(code, 0);
	t.regex(text, /Stopped\. Nothing was changed\./);
});

test.serial('stop at a step', async t => {
	const {journey} = await begin(['practice', ...four]);
	await toFirstStep(journey);
	journey.press(`3${enter}`);
	const {code, text} = await journey.ended();
	t.is(code, 130);
	t.regex(text, /Nothing is half done/);
});

test.serial('Ctrl-C at a question leaves at once', async t => {
	const {journey} = await begin(['practice', ...four]);
	await journey.until(/Go on with "Your own user"[\s\S]*Enter alone is 1:/);
	journey.press(ctrlC);
	const {code, text} = await journey.ended();
	t.is(code, 130);
	t.regex(text, /Stopped\. Nothing was running on the server\./);
	t.true(gone(journey.pid));
});

test.serial('Ctrl-C at a step\'s question', async t => {
	const {journey} = await begin(['practice', ...four]);
	await toFirstStep(journey);
	journey.press(ctrlC);
	const {code, text} = await journey.ended();
	t.is(code, 130);
	t.regex(text, /Nothing is half done/);
});

test.serial('the end of the input stops', async t => {
	const {journey} = await begin(['practice', ...four]);
	await journey.until(/Go on with "Your own user"[\s\S]*Enter alone is 1:/);
	journey.press(ctrlD);
	t.is((await journey.ended()).code, 130);
});

test.serial('Ctrl-C while something runs: it ends first', async t => {
	const {journey} = await begin(['practice', 'debian-13', ...four]);
	await toInstalling(journey);
	journey.press(ctrlC);
	const {code, text} = await journey.ended();
	t.is(code, 130, text);
	t.regex(text, /Stopping as soon as this ends: apt-get install ufw/);
	t.regex(text, /Nothing is half done/);
	t.true(gone(journey.pid));
});

test.serial('Ctrl-C twice under a guard: it says that the server puts things back, and in how many seconds', async t => {
	const {journey} = await begin(['practice', ...four]);
	await toFirstStep(journey);
	journey.press(enter);
	await journey.until(/Keys only[\s\S]*1 {2}Do it[\s\S]*Enter alone is 1:/);
	journey.press(enter);
	await journey.until(/puts everything back in 90 s unless/);
	journey.press(ctrlC + ctrlC);
	const {code, text} = await journey.ended();
	t.is(code, 130, text);
	// Or it was confirmed in that very moment.
	t.regex(text, /Left\. The server puts everything back by itself in \d+ s\.|Nothing is half done/);
});

for (const signal of ['SIGTERM', 'SIGHUP']) {
	test.serial(`${signal} is Ctrl-C`, async t => {
		const {journey} = await begin(['practice', ...four]);
		await toFirstStep(journey);
		journey.signal(signal);
		t.is((await journey.ended()).code, 130);
	});
}

test.serial('wrong input is explained and asked again', async t => {
	const {journey} = await begin();
	await journey.until(/Enter alone is 1:/);
	journey.press(`9${enter}`);
	await journey.until(/"9" is not one of them: type a number from 1 to 2, or Enter alone for\s+1\.[\s\S]*Enter alone is 1:/);
	journey.press(`2${enter}`);
	await journey.until(/What is your server's address\?[\s\S]*>/);
	journey.press(`256.1.1.1${enter}`);
	await journey.until(/"256\.1\.1\.1" is not a server's address/);
	journey.press(ctrlC);
	t.is((await journey.ended()).code, 130);
});

test.serial('a user name that is none is explained and asked again', async t => {
	const {journey} = await begin(['practice', ...four]);
	await journey.until(/Go on with "Your own user"[\s\S]*Enter alone is 1:/);
	journey.press(enter);
	await journey.until(/own user be called/);
	journey.press(`root; reboot${enter}`);
	await journey.until(/"root; reboot" cannot be used: expected a name of lower-case/);
	journey.press(`root${enter}`);
	await journey.until(/"root" cannot be used/);
	journey.press(`grace${enter}`);
	await journey.until(/useradd [^\n]*grace/);
	journey.press(ctrlC);
	t.is((await journey.ended()).code, 130);
});

test.serial('a stray Enter while something runs answers nothing', async t => {
	const {journey} = await begin(['practice', 'debian-13', ...four]);
	await toFirstStep(journey);
	journey.press(enter);
	await journey.until(/> useradd/);
	// Swallowed while the step runs, or taken as the one answer to what is asked next; never more than that.
	journey.press(enter);
	await journey.until(/Enter alone is 1:$/);
	journey.press(ctrlC);
	const {code, text} = await journey.ended();
	t.is(code, 130);
	t.notRegex(text, /\+ Close every door/);
});

test.serial('TERM=dumb: lines, ASCII, not one escape sequence', async t => {
	const {journey} = await begin(['practice'], {TERM: 'dumb', ...hurried});
	const {code, text} = await byEnterAlone(journey);
	t.is(code, 0, text);
	t.regex(text, /\+ Your own user/);
	t.notRegex(journey.raw(), /\u001B/);
	t.notRegex(text, /[^\0-\u007F]/);
});

test.serial('NO_COLOR: no colour, marks all the same', async t => {
	const home = await emptyHome();
	const journey = travel(['apply', 'practice', '--yes'], environment(home, {NO_COLOR: '1', ...hurried}));
	const {code, text} = await journey.ended();
	t.is(code, 0, text);
	t.regex(text, /✔ Your own user/);
	t.notRegex(journey.raw(), /\u001B\[[\d;]*m/);
});

test.serial('--plain: numbered questions, nothing that moves', async t => {
	const {journey} = await begin(['practice', ...four]);
	const {code, text} = await byEnterAlone(journey);
	t.is(code, 0, text);
	t.regex(text, /\+ Your own user/);
	t.notRegex(text, /[⠋⠙⠹⠸]/);
});

test.serial('no locale: ASCII marks', async t => {
	const {journey} = await begin(['check', 'practice'], {LANG: 'C'});
	const {code, text} = await journey.ended();
	t.is(code, 1);
	t.regex(text, /x Your own user/);
	t.notRegex(text, /[^\0-\u007F]/);
});
