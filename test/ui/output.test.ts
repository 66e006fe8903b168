import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {plainTheme} from '../../source/ui/theme.js';
import {plainOutput, type Output} from '../../source/ui/output.js';

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

/** What is written while that goes on for so many milliseconds. */
const written = async (milliseconds: number, goesOn: (output: Output) => void): Promise<string> => {
	let said = '';
	const output = plainOutput({
		write(text: string) {
			said += text;
		},
	}, plainTheme);
	goesOn(output);
	await sleep(milliseconds);
	await output.close();
	return said;
};

test('how far it is stands beside what goes on', async t => {
	const said = await written(1900, output => {
		output.live('apt-get upgrade', {progress: {share: 0.52, at: 'installing', package: 'ufw'}});
	});
	t.regex(said, /^ … apt-get upgrade, 52 %, installing ufw, \d s\n/);
});

test('what is quick leaves no line', async t => {
	t.is(await written(300, output => {
		output.live('quick');
		output.live(undefined);
	}), '');
});
