/** "I'll type it myself" on real droplets: somebody types over the real ssh, in this window and in another, and the wizard sees each claim turn. */
import {mkdir, writeFile} from 'node:fs/promises';
import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {clean, verdictOn} from '../journeys/hands.js';
import {
	ctrlC, enter, escape, right, type Journey,
} from '../journeys/terminal.js';
import {setUp} from './set-up.js';

/** The real ssh, which would keep the hosts that it knows in this machine's own home. */
const ownSsh = async (): Promise<string> => {
	const folder = mkdtempSync(path.join(tmpdir(), 'dropwise-ssh-'));
	await mkdir(path.join(folder, 'bin'));
	await writeFile(path.join(folder, 'bin', 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -o UserKnownHostsFile=${folder}/known_hosts "$@"\n`, {mode: 0o755});
	return path.join(folder, 'bin');
};

const firewall = 'Close every door but three';
const lookingOn = /by your own hands[\s\S]*How it stands, looked at/;

const toHands = async (journey: Journey): Promise<void> => {
	await journey.sees(new RegExp(String.raw`❯ Mend "${firewall}"`));
	journey.press(enter);
	await journey.sees(/❯ (?:Read on|Do it)/);
	journey.press('t');
	await journey.sees(lookingOn);
};

const not = (words: string): RegExp => new RegExp(String.raw`^(?![\s\S]*${words})[\s\S]*How it stands`);

/** Reads to the end of what is to be typed, and moves the mark to a label. */
const mark = async (journey: Journey, label: string): Promise<void> => {
	for (;;) {
		const screen = await journey.sees(lookingOn);
		if (screen.includes(`❯ ${label}`)) {
			return;
		}

		const more = /↓ \d+ more/.exec(screen)?.[0];
		if (more === undefined) {
			const marked = /❯ \S+ \S+/.exec(screen)![0];
			journey.press(right);
			await journey.sees(not(marked));
		} else {
			journey.press(enter);
			await journey.sees(not(more));
		}
	}
};

test.serial('another window: a wrong way is told what is missing, a right one is seen without a key; a restart in between is waited for', async t => {
	t.timeout(600_000);
	const {droplet, open} = await setUp(t);
	await droplet.must(['ufw', 'disable']);
	const journey = open();
	await toHands(journey);
	await journey.sees(/✖ the firewall is on {3}expected: on {3}got: off/);
	await droplet.must(['ufw', 'deny', '443/tcp']);
	await mark(journey, 'Look now');
	journey.press(enter);
	await journey.sees(/✖ the firewall is on {3}expected: on {3}got: off/);
	journey.press(escape);
	await journey.sees(/Not all of it yet: this is how it stands[\s\S]*❯ (?:Read on|Do the rest)/);
	journey.press('t');
	await journey.sees(lookingOn);
	await droplet.reboot();
	// It is back before anybody was told that it is away, or not: what is typed now is seen.
	await journey.sees(lookingOn);
	await droplet.must(['ufw', 'allow', '443/tcp']);
	await droplet.must(['ufw', '--force', 'enable']);
	// Nobody pressed anything.
	await journey.sees(verdictOn(firewall));
	t.regex(journey.text(), /✔ Close every door but three +by your own hands/);
	journey.press(ctrlC);
	t.is((await journey.ended()).code, 130);
	t.true(clean(journey.raw()));
});

test.serial('this window, over the real ssh: all that is typed reaches the server, and ctrl-c there is not for dropwise', async t => {
	t.timeout(600_000);
	const {droplet, open} = await setUp(t, {alsoInPath: await ownSsh()});
	const {ed25519: hostKey = ''} = await droplet.fingerprints();
	await droplet.must(['ufw', 'disable']);
	const journey = open();
	await toHands(journey);
	await mark(journey, 'Log in from here');
	journey.press(enter);
	const asked = await journey.sees(/continue connecting \(yes\/no/);
	t.is(asked.split(hostKey).length, 3, 'what ssh shows is what was to be compared');
	journey.press(ctrlC);
	await journey.until(/You are back in dropwise\./);
	await journey.sees(lookingOn);
	await mark(journey, 'Log in from here');
	journey.press(enter);
	await journey.sees(/continue connecting \(yes\/no/);
	journey.press(`yes${enter}`);
	await journey.sees(/ada@\S+:~\$\s*$/m);
	journey.press(`sleep 60${enter}`);
	await journey.sees(/sleep 60/);
	journey.press(ctrlC);
	await journey.sees(/\^C\s+ada@\S+:~\$\s*$/m);
	journey.press(`sudo ufw enable${enter}`);
	await journey.sees(/Proceed with operation/);
	journey.press(`y${enter}`);
	await journey.sees(/Firewall is active.*\s+ada@\S+:~\$\s*$/);
	journey.press(`exit${enter}`);
	await journey.sees(verdictOn(firewall));
	t.regex(journey.text(), /Connection to \S+ closed\.[\s\S]*✔ Close every door but three +by your own hands/);
	journey.press(enter);
	// What was typed is looked for in every step: nothing else is left.
	const {code, text} = await journey.ended();
	t.is(code, 0);
	t.regex(text, /(\d+) of \1 steps hold\. Typed by your own hands: Close every door but three\.\n/);
	t.true(clean(journey.raw()));
});
