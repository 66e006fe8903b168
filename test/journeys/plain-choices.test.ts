/** The wizard as numbered lines: each choice that Enter alone does not take. */
import test from 'ava';
import {consoleOf, makeAda} from './by-hand.js';
import {
	answer, begin, choose, four, prompt, toFirstStep,
} from './plain.js';
import {ctrlC, enter} from './terminal.js';

test.serial('what is to be known of a step is told, and asked again: the lesson, all changed lines, back to the overview', async t => {
	const {journey} = await begin(['practice', ...four]);
	await toFirstStep(journey);
	await choose(journey, 'Explain more');
	t.regex(await choose(journey, 'Do it'), /Somebody switched off root's log-in first/);
	t.regex(await choose(journey, 'Show all changed lines'), /Keys only[\s\S]*\+PermitRootLogin no[\s\S]*\.\.\. 4 more/);
	const all = await choose(journey, 'Back to the overview');
	t.notRegex(all, /\.\.\. \d+ more/);
	t.is(all.split('\n').filter(line => /^ +\+(?!#)/.test(line)).length, 6);
	t.regex(await choose(journey, 'Stop'), /\+ Your own user {3}o Keys only[\s\S]*Go on with "Keys only"/);
	const {code, text} = await journey.ended();
	t.is(code, 0);
	t.regex(text, /Stopped\. Nothing more was done\./);
	t.notRegex(text, /skipped/);
});

test.serial('I\'ll type it myself: what is missing is told, and another way to the same end counts', async t => {
	const {journey, home} = await begin(['practice', ...four]);
	await toFirstStep(journey);
	await choose(journey, 'I\'ll type it myself');
	t.regex(await prompt(journey, 'back'), /At the prompt[\s\S]*useradd --create-home[\s\S]*printf '%s\\n' 'ssh-ed25519 AAAA[^']+ ada' > \/home\/ada\/\.ssh\/authorized_keys\n +chmod 600 \S+\n +chown ada:ada [\s\S]*How it stands[\s\S]*x ada can become root/);
	await choose(journey, 'I\'ll type it myself');
	await prompt(journey, 'useradd \\');
	await prompt(journey, '--create-home ada', '>');
	t.regex(await prompt(journey, 'nano /etc/sudoers.d/ada'), /\+ the user ada exists/);
	await prompt(journey, '0+ ada ALL=(ALL) NOPASSWD: ALL', 'line>');
	t.regex(await prompt(journey, '7 x', 'line>'), /1 {2}ada ALL/);
	t.regex(await prompt(journey, '', 'line>'), /"7 x" names no line from 1 to 1/);
	t.regex(await prompt(journey, 'uptime'), /Wrote 1 lines[\s\S]*\+ ada can become root/);
	t.regex(await prompt(journey, ''), /does not know uptime\. It knows: help, exit, nano,\s/);
	t.regex(await prompt(journey, 'back'), /x your key is on ada's list[\s\S]*expected: SHA256/);
	t.regex(await choose(journey, 'I\'ll type it myself'), /What is left to do, as root:\n +1 +install -d/);
	await journey.until(/leaves the prompt[\s\S]*~#$/);
	// In another window, while the prompt stands there: it is seen without a key.
	await makeAda(home);
	const text = await choose(journey, 'Stop');
	t.regex(text, /\+ Your own user +by your own hands\n +\+ the user ada exists/);
	t.notRegex(text, /Undo with: dropwise undo practice admin-user/);
	t.is((await journey.ended()).code, 130);
	t.is(consoleOf(home).read('/etc/sudoers.d/dropwise-ada'), undefined);
});

test.serial('the overview: claim by claim, another step, its questions right before it', async t => {
	const {journey} = await begin(['practice', ...four]);
	await choose(journey, 'Show what was found, claim by claim');
	t.regex(await choose(journey, 'Take another step'), /Your own user\n +x the user ada exists[\s\S]*Seen from outside\n/);
	await choose(journey, 'Close every door but three');
	await answer(journey, /Which ports should be open/, '8080');
	t.regex(await choose(journey, 'Do it'), /ufw allow 8080\/tcp/);
	await journey.until(/\+ Close every door but three/);
	journey.press(ctrlC);
	t.is((await journey.ended()).code, 130);
});

test.serial('the word back goes back over answers, never over what was done', async t => {
	const {journey} = await begin(four);
	await choose(journey, 'Set up my own server');
	await answer(journey, /What is your server's address\?/, 'back');
	await choose(journey, 'Practise on a built-in droplet');
	await journey.until(/Go on with "Your own user"[\s\S]*:$/);
	journey.press(`back${enter}`);
	await choose(journey, 'Practise on a built-in droplet');
	await choose(journey, 'Take another step');
	await journey.until(/Which one\?[\s\S]*:$/);
	journey.press(`back${enter}`);
	await choose(journey, 'Go on with "Your own user"');
	await answer(journey, /your own user be called/, 'back');
	await toFirstStep(journey);
	journey.press(`back${enter}`);
	await toFirstStep(journey);
	journey.press(enter);
	await journey.until(/Keys only[\s\S]*Enter alone is 1:$/);
	journey.press(`back${enter}`);
	await journey.until(/Go on with "Keys only"[\s\S]*:$/);
	// Something was done: the overview is not left behind without a word.
	journey.press(`back${enter}`);
	t.regex(await choose(journey, 'Stop'), /\+ Your own user {3}o Keys only/);
	t.is((await journey.ended()).code, 0);
	t.notRegex(journey.text(), /skipped/);
});

test.serial('a step that fails: what is wrong, the log, look again, try again', async t => {
	const {journey, home} = await begin(['practice', ...four]);
	await toFirstStep(journey);
	// Somebody else writes where the step is about to write.
	consoleOf(home).write('/etc/sudoers.d/dropwise-ada', '# mine\n', {mode: 0o440});
	journey.press(enter);
	const failed = await choose(journey, 'Show the full log');
	t.regex(failed, /x \/etc\/sudoers\.d\/dropwise-ada is no longer as it was looked at[\s\S]*x Your own user +did not go through[\s\S]*The whole log:[\s\S]*What now\?/);
	t.regex(await choose(journey, 'Look again'), /All that was said is in/);
	t.regex(await choose(journey, 'Try to mend it'), /x Your own user\n[\s\S]*x ada can become root/);
	t.regex(await choose(journey, 'Do it'), /What will be done, as root \(who may do everything\):\n +1 +write \/etc\/sudoers\.d\/dropwise-ada/);
	await journey.until(/\+ Your own user[\s\S]*Keys only[\s\S]*:$/);
	journey.press(ctrlC);
	await journey.ended();
});

test.serial('a step that fails can be left for now, and stopped at', async t => {
	const {journey, home} = await begin(['practice', ...four]);
	const disturb = async (): Promise<void> => {
		await journey.until(/1 {2}Do it[\s\S]*:$/);
		const {read, write} = consoleOf(home);
		write('/etc/ssh/sshd_config', `${read('/etc/ssh/sshd_config')!}# ${String(Math.random())}\n`);
		journey.press(enter);
	};

	await toFirstStep(journey);
	journey.press(enter);
	await journey.until(/Keys only[\s\S]*:$/);
	await disturb();
	await choose(journey, 'Leave it for now');
	await answer(journey, /Which ports/, 'back');
	await choose(journey, 'Take another step');
	await choose(journey, 'Keys only');
	await disturb();
	await choose(journey, 'Stop');
	const {code, text} = await journey.ended();
	t.is(code, 1);
	t.regex(text, /The server put everything back as it was\./);
	t.regex(text, /Stopped\. Nothing more was done\./);
	t.notRegex(consoleOf(home).read('/etc/ssh/sshd_config')!, /dropwise/);
});

test.serial('Ctrl-C right behind an answer: nothing more is asked', async t => {
	const {journey} = await begin(['practice', ...four]);
	await toFirstStep(journey);
	journey.press(`2${enter}${ctrlC}`);
	const {code, text} = await journey.ended();
	t.is(code, 130);
	t.regex(text, /Stopping\. Ctrl-C again leaves at once\.[\s\S]*Stopped\. Nothing more was done\.$/);
});
