import test from 'ava';
import {summed, type Part} from './summed.js';

const part = (more: Partial<Part>): Part => ({
	name: 'npm test', code: 0, seconds: 90, output: '', ...more,
});

test('all passed: minutes by part and one sum', t => {
	t.deepEqual(summed([part({output: '  ✔ a\n  ✔ b (2s)\n'}), part({name: 'droplets', seconds: 30, output: '  ✔ c\n  ~ flaky: c it waited\n'})]), {
		failed: 0,
		lines: ['', 'npm test 1.5 min, droplets 0.5 min; 2.0 min in all', '~ flaky: c it waited', '3 passed, 0 failed'],
	});
});

test('every failed test is named with its reason, and those that passed still count', t => {
	const {failed, lines} = summed([part({code: 1, output: '  ✔ a\n  ✘ [fail]: b the door is open\n  b\n'}), part({name: 'style', code: 1, output: '\n  x.ts:1:1\n  ✖ 1:1 Unexpected var  no-var\n'})]);
	t.is(failed, 2);
	t.deepEqual(lines.slice(2), ['✘ npm test: b: the door is open', '✘ style: ended with 1: ✖ 1:1 Unexpected var  no-var', '1 passed, 2 failed']);
});

test('a part that ended badly without a failed test is a failure, and so is one that said nothing', t => {
	t.is(summed([part({code: 137, output: '  ✔ a\n'})]).failed, 1);
	t.is(summed([part({code: 1})]).lines.at(-1), '0 passed, 1 failed');
});

test('twenty lines hold it', t => {
	const {lines} = summed([part({code: 1, output: Array.from({length: 40}, (_, index) => `  ✘ [fail]: t${index} no\n  t${index}\n`).join('')})]);
	t.true(lines.length <= 20);
	t.is(lines.at(-2), '… and 28 more, above');
	t.is(lines.at(-1), '0 passed, 40 failed');
});
