/** Steps left for later, and what follows from that for others. */
import test from 'ava';
import {consoleOf} from './by-hand.js';
import {begin} from './connect.js';
import {
	ctrlC, down, emptyHome, enter, type Journey,
} from './terminal.js';
import {typeAt} from './waypoint.js';

/** Presses Enter at each screen that has a mark, until this one. */
const byEnterUntil = async (journey: Journey, stands: RegExp): Promise<void> => {
	while (await journey.seesAnotherOrEnd(/❯ /)) {
		if (stands.test(await journey.sees(/❯ /))) {
			return;
		}

		journey.press(enter);
	}
};

test.serial('what cannot hold because something else was skipped says so, and does not go in circles', async t => {
	const {journey} = await begin(t, ['practice', '--steps', 'firewall,seen-from-outside']);
	await typeAt(journey, /❯ Go on with "Close every door but three"/);
	await typeAt(journey, /Which ports should be open/);
	await journey.sees(/❯ (?:Read on|Do it)/);
	journey.press('s');
	await journey.sees(/"Seen from outside" cannot hold before "Close every door but three" does,\s+which was left for later\.[\s\S]*❯ Go on\n/);
	journey.press(enter);
	const {code, text} = await journey.ended();
	t.is(code, 1);
	t.regex(text, /0 of 2 steps hold\. This does not: Seen from outside\. Skipped: Close every door\s+but three\./);
});

test.serial('a step that was chosen and cannot be taken yet leads back, to no other step', async t => {
	const {journey} = await begin(t, ['practice', '--steps', 'admin-user,ssh-keys-only,firewall']);
	await journey.sees(/❯ Go on with "Your own user"/);
	journey.press(down);
	await typeAt(journey, /❯ Take another step/);
	await journey.sees(/Which one\?[\s\S]*❯ Your own user/);
	journey.press(down);
	await typeAt(journey, /❯ Keys only/);
	await journey.sees(/Keys only: this needs "Your own user", which does not hold yet; left for\s+later\.[\s\S]*● Keys only[\s\S]*❯ Go on with "Your own user"/);
	t.notRegex(journey.text(), /Which ports should be open/);
	journey.press(ctrlC);
	t.is((await journey.ended()).code, 130);
});

test.serial('after mending it goes on with what comes first, not with what comes behind', async t => {
	const steps = ['--steps', 'admin-user,ssh-keys-only,firewall'];
	const home = await emptyHome();
	const {journey} = await begin(t, ['practice', ...steps], {home});
	await journey.sees(/❯ Go on with "Your own user"/);
	await byEnterUntil(journey, /Keys only +step 2 of 3/);
	journey.press('s');
	await byEnterUntil(journey, /✔ Close every door but three[\s\S]*❯ Go on\n/);
	journey.press(ctrlC);
	t.is((await journey.ended()).code, 130);
	consoleOf(home).run(['ufw', 'disable']);
	consoleOf(home).write('/home/ada/.ssh/authorized_keys', '# nobody\n', {mode: 0o600, owner: 'ada:ada'});
	const again = await begin(t, ['practice', ...steps], {home});
	await again.journey.sees(/You have practised before/);
	await byEnterUntil(again.journey, /❯ Mend "Your own user"/);
	again.journey.press(enter);
	await byEnterUntil(again.journey, /✔ Close every door but three[\s\S]*❯ Go on\n/);
	again.journey.press(enter);
	await again.journey.sees(/Keys only +step 2 of 3/);
	again.journey.press(ctrlC);
	t.is((await again.journey.ended()).code, 130);
});

test.serial('what is left in the middle of a step is skipped as a step is: nothing more is asked about it, and nothing done', async t => {
	const {journey} = await begin(t, ['practice', '--steps', 'system-updates']);
	await typeAt(journey, /❯ Go on with "System updates"/);
	await typeAt(journey, /❯ Do it/);
	await journey.sees(/What is left to do[\s\S]*reboot[\s\S]*❯ Do the rest/);
	journey.press('s');
	await journey.sees(/✖ System updates[\s\S]*✖ no restart is due[\s\S]*❯ Go on\n/);
	journey.press(enter);
	const {code, text} = await journey.ended();
	t.is(code, 1);
	t.notRegex(text, /What now\?/);
	t.regex(text, /0 of 1 step holds\. Skipped: System updates\. 1 action was carried out\./);
});

test.serial('a name other than the one that was taken for granted: nobody is told of that one any more', async t => {
	const {journey} = await begin(t, ['practice', '--steps', 'admin-user,ssh-keys-only']);
	await typeAt(journey, /❯ Go on with "Your own user"/);
	await typeAt(journey, /enter takes ada/, 'maria');
	await byEnterUntil(journey, /Keys only +step 2 of 2/);
	journey.press('e');
	await journey.sees(/What this teaches/);
	journey.press('e');
	const seen = [await journey.sees(/Every command, and every line/)];
	while (!seen.at(-1)!.includes('❯ Do it')) {
		journey.press(enter);
		await journey.seesAnotherOrEnd(/❯ (?:Read on|Do it)/);
		seen.push(await journey.sees(/❯ (?:Read on|Do it)/));
	}

	t.regex(seen.join('\n'), /maria's door/);
	t.notRegex(seen.join('\n'), /\bada\b/);
	journey.press(ctrlC);
	t.is((await journey.ended()).code, 130);
});
