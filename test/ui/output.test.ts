import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {plainTheme} from '../../source/ui/theme.js';
import {plainOutput} from '../../source/ui/output.js';

test('nothing is silent for more than two seconds', async t => {
	const times: number[] = [];
	let said = '';
	const output = plainOutput({
		write(text: string) {
			times.push(Date.now());
			said += text;
		},
	}, plainTheme);
	const start = Date.now();
	output.live('waiting for apt');
	await sleep(4200);
	await output.close();
	const gaps = [start, ...times, Date.now()].map((time, index, all) => time - (all[index - 1] ?? start));
	t.true(Math.max(...gaps) < 2000, gaps.join(' '));
	t.regex(said, /… waiting for apt, 2 s/);
});

test('how far it is stands beside what goes on', async t => {
	let said = '';
	const output = plainOutput({
		write(text: string) {
			said += text;
		},
	}, plainTheme);
	output.live('apt-get upgrade', {progress: {share: 0.52, at: 'installing', package: 'ufw'}});
	await sleep(1900);
	await output.close();
	t.regex(said, /^ … apt-get upgrade, 52 %, installing ufw, \d s\n/);
});

test('what is quick leaves no line', async t => {
	let said = '';
	const output = plainOutput({
		write(text: string) {
			said += text;
		},
	}, plainTheme);
	output.live('quick');
	output.live(undefined);
	await sleep(300);
	await output.close();
	t.is(said, '');
});
