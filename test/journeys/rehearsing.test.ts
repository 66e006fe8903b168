/** A restart that is gone through on purpose, in the wizard. */
import test from 'ava';
import {consoleOf} from './by-hand.js';
import {byEnterAlone} from './hands.js';
import {emptyHome, enter, environment, hurried, travel} from './terminal.js';

const asked = /restarts the server on purpose[\s\S]*❯ Do it/;

test('what a rehearsed restart lost is mended next, without a question, and the restart is offered again', async t => {
	const home = await emptyHome();
	const journey = travel(['practice', 'ubuntu-14.04', '--steps', 'admin-user,firewall,reboot-rehearsal'], environment(home, hurried));
	const droplet = consoleOf(home);
	/** Enter alone, until a screen like this. */
	const goOn = async (pattern: RegExp): Promise<void> => {
		while (!pattern.test(await journey.sees(/❯ /))) {
			journey.press(enter);
			await journey.seesAnotherOrEnd(/❯ /);
		}
	};

	await goOn(asked);

	// By then somebody has made it go at each start.
	droplet.write('/etc/rc.local', '#!/bin/sh\nufw disable\n', {mode: 0o755});
	journey.press(enter);
	await journey.sees(/Close every door but three +step 2[\s\S]*ufw --force enable[\s\S]*❯ /);
	droplet.remove('/etc/rc.local');
	await goOn(/✔ Close every door[\s\S]*❯ Go on\s/);
	await goOn(asked);
	t.regex(await journey.sees(asked), /since\s+then\s+dropwise\s+did\s+"ufw\s+--force\s+enable"/);
	await byEnterAlone(journey);
	const {code, text} = await journey.ended();
	t.is(code, 0, text);
	t.regex(text, /✖ After a restart[\s\S]*"Close every door but three":\s+the\s+firewall\s+is\s+on \(off\)[\s\S]*did not outlast it, and comes next[\s\S]*✔ Close every door[\s\S]*✔ After a restart/);
	t.is(text.split('Which ports should be open').length, 2, 'asked once, and not again');
});
