import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {plainLook} from '../../source/ui/look.js';
import {plainSink} from '../../source/ui/sink.js';

test('nothing is silent for more than two seconds', async t => {
	const times: number[] = [];
	let said = '';
	const sink = plainSink({
		write(text: string) {
			times.push(Date.now());
			said += text;
		},
	}, plainLook);
	const start = Date.now();
	sink.live('waiting for apt');
	await sleep(4200);
	await sink.close();
	const gaps = [start, ...times, Date.now()].map((time, index, all) => time - (all[index - 1] ?? start));
	t.true(Math.max(...gaps) < 2000, gaps.join(' '));
	t.regex(said, /… waiting for apt, 2 s/);
});

test('what is quick leaves no line', async t => {
	let said = '';
	const sink = plainSink({
		write(text: string) {
			said += text;
		},
	}, plainLook);
	sink.live('quick');
	sink.live(undefined);
	await sleep(300);
	await sink.close();
	t.is(said, '');
});
