/** Steps left for later, and what follows from that for others. */
import test from 'ava';
import {begin} from './connect.js';
import {enter} from './terminal.js';
import {typeAt} from './waypoint.js';

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
