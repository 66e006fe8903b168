/** "I'll type it myself" on the practice droplet: a prompt, and each claim turns as it comes to hold. */
import test from 'ava';
import {consoleOf, makeAda} from './by-hand.js';
import {clean, verdictOn} from './hands.js';
import {four} from './plain.js';
import {
	ctrlC, emptyHome, enter, environment, escape, pageDown, travel, up, type Journey,
} from './terminal.js';

const deciding = /❯ (?:Read on|Do it)/;
const prompting = /root@practice:~#\s*\n\n enter run it/;

/** At the prompt of the first step. */
const toPrompt = async (size: {columns?: number; rows?: number} = {}): Promise<{journey: Journey; home: string}> => {
	const home = await emptyHome();
	const journey = travel(['practice', ...four], environment(home), size);
	await journey.sees(/❯ Go on with "Your own user"/);
	journey.press(enter);
	await journey.sees(/enter takes ada/);
	journey.press(enter);
	await journey.sees(deciding);
	journey.press('t');
	await journey.sees(prompting);
	return {journey, home};
};

const type = async (journey: Journey, line: string, seen: RegExp): Promise<string> => {
	journey.press(`${line}${enter}`);
	return journey.sees(seen);
};

/** Reads on to the end, and lets dropwise do it. */
const lets = async (journey: Journey, label: 'Do it' | 'Do the rest'): Promise<void> => {
	for (;;) {
		const screen = await journey.sees(new RegExp(`❯ (?:Read on|${label})`));
		journey.press(enter);
		if (screen.includes(`❯ ${label}`)) {
			return;
		}

		const more = /↓ \d+ more/.exec(screen)![0];
		await journey.sees(new RegExp(`^(?![\\s\\S]*${more})`));
	}
};

const leaves = async (journey: Journey): Promise<readonly [number, boolean]> => {
	journey.press(ctrlC);
	const {code} = await journey.ended();
	return [code, clean(journey.raw())];
};

test.serial('typed as it is shown: each claim turns, and with the last the step is over by itself', async t => {
	const {journey, home} = await toPrompt();
	await journey.sees(/by your own hands[\s\S]*useradd --create-home[\s\S]*✖ the user ada exists/);
	await type(journey, 'useradd --create-home --shell /bin/bash ada', /✔ the user ada exists[\s\S]*✖ ada can become root/);
	// The rest is pasted, the rows of a long command too.
	journey.press('\u001B[200~install -d -m 700 -o ada \\\n  -g ada /home/ada/.ssh\necho \'ada ALL=(ALL) NOPASSWD: ALL\' > /etc/sudoers.d/ada\n\u001B[201~');
	await journey.sees(/✔ ada can become root[\s\S]*✖ your key is on ada's list/);
	await makeAda(home);
	await journey.sees(verdictOn('Your own user'));
	const text = journey.text();
	t.regex(text, /✔ Your own user +by your own hands/);
	t.regex(text, /root@practice:~# echo 'ada ALL=\(ALL\) NOPASSWD: ALL' > \/etc\/sudoers\.d\/ada/);
	t.notRegex(text, /Undo with: dropwise undo practice admin-user/);
	t.is(consoleOf(home).read('/etc/sudoers.d/ada'), 'ada ALL=(ALL) NOPASSWD: ALL\n');
	journey.press(enter);
	await journey.sees(/Keys only +step 2/);
	t.deepEqual(await leaves(journey), [130, true]);
});

test.serial('a wrong one is told what is missing; letters are no keys; esc goes back to what is left', async t => {
	const {journey} = await toPrompt();
	await type(journey, 'letsd?', /does not know letsd\?|knows no \?/);
	await type(journey, 'uptime', /does not know uptime\. It knows:[\s\S]*useradd/);
	await type(journey, 'useradd eve', /~# useradd eve\s+root@practice:~#[\s\S]*enter run it/);
	t.regex(await journey.sees(/enter run it/), /✖ the user ada exists {3}expected: ada {3}got: no such user/);
	journey.press(up);
	await journey.sees(/~# useradd eve\s+root@practice:~# useradd eve/);
	journey.press('\u0015useradd ada');
	await journey.sees(/~# useradd ada/);
	journey.press(enter);
	await journey.sees(/✔ the user ada exists/);
	journey.press(pageDown);
	await journey.sees(/lets ada become root/);
	journey.press(escape);
	await journey.sees(/Your own user +step 1 of 4[^\n]*\n\n +Not all of it yet: this is how it stands[\s\S]*❯ (?:Read on|Do the rest)/);
	journey.press('l');
	await journey.sees(/What the server said[\s\S]*root@practice:~# uptime\n +The practice droplet does not know uptime/);
	journey.press(escape);
	await journey.sees(/❯ (?:Read on|Do the rest)/);
	journey.press(escape);
	await journey.sees(/❯ Go on with "Your own user"[\s\S]*Stop +nothing more is done/);
	t.deepEqual(await leaves(journey), [130, true]);
});

test.serial('exit goes back; with nothing done the step is as it was', async t => {
	const {journey} = await toPrompt();
	journey.press(`exit${enter}`);
	t.notRegex(await journey.sees(deciding), /Not all of it yet/);
	t.deepEqual(await leaves(journey), [130, true]);
});

test.serial('ctrl-c takes away what is typed, as in a shell; with nothing typed it leaves, and says what stays', async t => {
	const {journey} = await toPrompt();
	await type(journey, 'useradd eve', /~# useradd eve\s+root@practice:~#[\s\S]*enter run it/);
	journey.press('rm -rf /etc');
	await journey.sees(/~# rm -rf \/etc/);
	journey.press(ctrlC);
	await journey.sees(prompting);
	journey.press(ctrlC);
	const {code, text} = await journey.ended();
	t.is(code, 130);
	t.regex(text, /✖ Stopped\. What you typed yourself stays as it is: nothing puts that back\.\s+What\s+dropwise began has ended or was put back\.\s+When it was last looked at, this did not hold: the user ada exists/);
	t.notRegex(text, /half done/);
});

test.serial('a command that asks is answered where it asks', async t => {
	const {journey} = await toPrompt();
	await type(journey, 'ufw enable', /disrupt existing ssh connections\.\s+Proceed with operation \(y\|n\)\?\s+enter run it/);
	await type(journey, 'y', /Proceed with operation \(y\|n\)\? y\s+Firewall is active and enabled on system startup\s+root@practice:~#/);
	t.deepEqual(await leaves(journey), [130, true]);
});

test.serial('nano: typed, kept with ctrl-o and enter, left with ctrl-x, which asks before it lets changes go', async t => {
	const {journey, home} = await toPrompt();
	await type(journey, 'useradd --create-home ada', /✔ the user ada exists/);
	await type(journey, 'nano /etc/sudoers.d/dropwise-ada', /Put in at the top:[\s\S]*nano {3}\/etc\/sudoers\.d\/dropwise-ada[\s\S]*ctrl-x leave/);
	journey.press('ada ALL=(ALL) NOPASSWD: ALL?');
	journey.press(`\u007F${enter}# mine`);
	await journey.sees(/NOPASSWD: ALL\n # mine[\s\S]*ctrl-o/);
	journey.press('\u0018');
	await journey.sees(/Keep what was changed\?/);
	journey.press(escape);
	await journey.sees(/^(?![\s\S]*Keep what)[\s\S]*ctrl-o/);
	t.is(consoleOf(home).read('/etc/sudoers.d/dropwise-ada'), undefined);
	journey.press('\u000F');
	await journey.sees(/Write to \/etc\/sudoers\.d\/dropwise-ada/);
	journey.press(enter);
	await journey.sees(/Wrote 2 lines/);
	t.is(consoleOf(home).read('/etc/sudoers.d/dropwise-ada'), 'ada ALL=(ALL) NOPASSWD: ALL\n# mine\n');
	journey.press(`${up}\u000B`);
	await journey.sees(/changed[\s\S]*# mine[\s\S]*ctrl-o/);
	journey.press('\u0018');
	await journey.sees(/Keep what was changed\?/);
	journey.press('n');
	await journey.sees(/✔ ada can become root[\s\S]*~#/);
	t.is(consoleOf(home).read('/etc/sudoers.d/dropwise-ada'), 'ada ALL=(ALL) NOPASSWD: ALL\n# mine\n');
	await type(journey, 'nano /etc/hosts', /nano {3}\/etc\/hosts/);
	t.deepEqual(await leaves(journey), [130, true]);
});

test.serial('a typing error that stops sshd is said first, and the rest sets it aside', async t => {
	const {journey, home} = await toPrompt();
	journey.press(escape);
	await lets(journey, 'Do it');
	await journey.sees(verdictOn('Your own user'));
	journey.press(enter);
	await journey.sees(/Keys only +step 2[\s\S]*❯ Read on/);
	journey.press('t');
	await journey.sees(/! Done by hand, nothing puts it back by itself/);
	await type(journey, 'nano /etc/ssh/sshd_config', /nano {3}\/etc\/ssh/);
	journey.press(`PermitRootLogn no${enter}\u000F`);
	await journey.sees(/Write to/);
	journey.press(enter);
	await journey.sees(/Wrote/);
	journey.press('\u0018');
	await journey.sees(prompting);
	await type(journey, 'service ssh restart', /✖ the running sshd goes by these settings\s+expected: publickey {3}got: sshd does not answer: nobody else gets in now\s+✖ sshd finds no fault with its settings/);
	t.regex(journey.text(), /In case you are ever locked out/, 'the way back is written down before anybody types');
	journey.press(escape);
	await journey.sees(/Not all of it yet[\s\S]*✖ sshd finds no fault[\s\S]*❯ Read on/);
	await lets(journey, 'Do the rest');
	t.regex(journey.text(), /sets\s+aside "PermitRootLogn no"/);
	await journey.sees(verdictOn('Keys only'));
	t.true(consoleOf(home).read('/etc/ssh/sshd_config')!.includes('\n# Set aside by dropwise: PermitRootLogn no\n'));
	t.deepEqual(await leaves(journey), [130, true]);
});

for (const [columns, rows] of [[60, 16], [200, 50]] as const) {
	test.serial(`${columns} by ${rows}: prompt and editor have room, whatever is said`, async t => {
		const {journey} = await toPrompt({columns, rows});
		await type(journey, 'uptime', /useradd,\s+userdel[\s\S]*enter run it/);
		await type(journey, 'nano /etc/ssh/sshd_config', /nano {3}\/etc\/ssh\/sshd_config[\s\S]*ctrl-x leave/);
		journey.resize(columns - 10, rows + 2);
		journey.press(pageDown);
		await journey.sees(/ctrl-x leave/);
		journey.press('\u0018');
		await journey.sees(prompting);
		t.deepEqual(await leaves(journey), [130, true]);
	});
}
