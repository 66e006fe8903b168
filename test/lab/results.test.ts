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
