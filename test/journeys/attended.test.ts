/** The program without screens, in a terminal of 80 columns. */
import test from 'ava';
import {standsAlone} from './hands.js';
import {four} from './plain.js';
import {
	ctrlC, emptyHome, environment, hurried, travel,
} from './terminal.js';

test.serial('without questions, and with them: no line is broken at the edge of the screen', async t => {
	const home = await emptyHome();
	for (const words of [['plan', 'practice'], ['apply', 'practice', '--yes', ...four], ['check', 'practice']]) {
		const journey = travel(words, environment(home, hurried));
		await journey.ended();
		t.deepEqual(journey.broken().filter(line => !standsAlone(line)), [], words.join(' '));
	}
});

test.serial('apply with questions shows what does not hold before it asks', async t => {
	const journey = travel(['apply', 'practice', ...four, '--plain'], environment(await emptyHome(), hurried));
	t.teardown(() => {
		journey.signal('SIGKILL');
	});
	t.regex(await journey.until(/1 {2}Do it[\s\S]*Enter alone is 1:$/), /step 1 of 4[\s\S]*Right now:\n +x the user ada exists[\s\S]*What will be done/);
	journey.press(ctrlC);
	t.is((await journey.ended()).code, 130);
});
