import test from 'ava';
import {resultsIn, resultsOf} from './results.js';

const titles = (output: string) => resultsIn(output).map(({title, passed}) => `${passed ? '+' : '-'} ${title}`);

test('passed: title and seconds', t => {
	t.deepEqual(resultsIn('  \u001B[32m✔\u001B[39m a (strange) title\n  ✔ slow \u001B[90m(1m 2.5s)\u001B[39m\n  ✔ quick (120ms)\n'), [
		{title: 'a (strange) title', passed: true, seconds: undefined, reason: ''},
		{title: 'slow', passed: true, seconds: 62.5, reason: ''},
		{title: 'quick', passed: true, seconds: 0.12, reason: ''},
	]);
});

test('what a test logs or prints is no test', t => {
	t.deepEqual(titles('  ✔ one\n    ✔ logged\n✔ printed\n ✔ printed\n'), ['+ one']);
});

test('failed: the reason is told apart from the title by the line that repeats the title', t => {
	const [one] = resultsIn('  ✘ [fail]: engine › guard › it reverts waited 20 s for sshd\n  ─\n\n  engine › guard › it reverts\n\n  waited 20 s for sshd\n');
	t.deepEqual(one, {
		title: 'engine › guard › it reverts', passed: false, seconds: undefined, reason: 'waited 20 s for sshd',
	});
});

test('failed without a message: what differs, was thrown or is wrong, and where', t => {
	const reasonOf = (details: string, words = '') => resultsIn(`  ✘ [fail]: one${words}\n  ─\n\n  one\n\n${details}`)[0]!.reason;
	const place = '  dist/test/x.test.js:2\n\n   1: import\n   2: test(   \n\n';
	t.is(reasonOf(`${place}  Difference (- actual, + expected):\n\n    {\n  -   a: 2,\n  +   a: 3,\n    }\n\n  › file://x.js:2:16\n\n\n\n  two\n\n  - 'no'\n`), 'dist/test/x.test.js:2 -   a: 2, +   a: 3,');
	t.is(reasonOf(`${place}  Value is not \`true\`:\n\n  false\n\n  › file://x.js:2:16\n`), 'dist/test/x.test.js:2 Value is not `true`: false');
	t.is(resultsIn('> npm run test:lab\n\nx.ts:1\n\n  ✘ [fail]: real › part › one it waited\n')[0]!.reason, '', 'no details below: what stands elsewhere is none');
	t.is(reasonOf('  Error thrown in test:\n\n  Error {\n    message: `hi␊\n    there`,\n  }\n\n  Error: hi\n      at x.js:2:1\n', ' Error thrown in test'), 'message: `hi␊');
});

test('whatever ends a file badly is a failure, also where no test failed', t => {
	t.deepEqual(titles('  ✔ one\n\n✘ dist/test/a.test.js exited with a non-zero exit code: 1\n'), ['+ one', '- dist/test/a.test.js exited with a non-zero exit code: 1']);
	t.deepEqual(titles('  Uncaught exception in dist/test/a.test.js\n\n  Error: x\n'), ['- Uncaught exception in dist/test/a.test.js']);
	t.deepEqual(titles('\n✘ Timed out while running tests\n'), ['- Timed out while running tests']);
	t.deepEqual(titles('✘ 2 tests remaining in dist/test/a.test.js\n'), ['- 2 tests remaining in dist/test/a.test.js']);
	t.deepEqual(titles('✘ No tests found in dist/test/a.test.js, make sure to import "ava"\n'), ['- No tests found in dist/test/a.test.js,']);
	t.deepEqual(titles('  ✘ Couldn’t find any files to test\n'), ['- Couldn’t find any files to test']);
});

test('a run that ended badly is never green, whatever passed in it; nor is one in which nothing was tried', t => {
	const passes = '  ✔ one\n';
	t.deepEqual(resultsOf('undo', passes, 0).map(({passed}) => passed), [true]);
	t.deepEqual(resultsOf('undo', `${passes}Segmentation fault\n`, 139).map(({title, passed, reason}) => [title, passed, reason]), [['one', true, ''], ['undo', false, 'ended with 139: Segmentation fault']]);
	t.deepEqual(resultsOf('undo', '', 0).map(({passed}) => passed), [false]);
	t.is(resultsOf('undo', '  ✘ [fail]: one no\n  one\n', 1).length, 1);
});
