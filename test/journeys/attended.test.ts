/** The program without screens, in a terminal of 80 columns. */
import {mkdir, readdir, rm} from 'node:fs/promises';
import path from 'node:path';
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

test.serial('a record that cannot be written any more is told once', async t => {
	const home = await emptyHome();
	const journey = travel(['apply', 'practice', '--plain'], environment(home, hurried));
	t.teardown(() => {
		journey.signal('SIGKILL');
	});
	await journey.until(/Enter alone is 1:$/);
	const servers = path.join(home, '.local/state/dropwise/servers');
	const [server = ''] = await readdir(servers);
	const record = path.join(servers, server, 'journal.jsonl');
	await rm(record);
	await mkdir(record);
	journey.press('\r');
	const {code, text} = await journey.ended();
	t.is(code, 1, text);
	t.is(text.match(/cannot be written|\(EISDIR\)/g)?.length, 2, text);
	t.regex(text, /0 of \d steps hold\.[\s\S]*Nothing was done\./);
});
