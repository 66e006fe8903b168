import test from 'ava';
import {
	ago, duration, list, memory, spread, wrap,
} from '../../source/ui/words.js';

test('wrap breaks at spaces and leaves long words whole', t => {
	t.deepEqual(wrap('one two three', 8), ['one two', 'three']);
	t.deepEqual(wrap('a /very/long/path b', 5), ['a', '/very/long/path', 'b']);
	t.deepEqual(wrap('a\n\nb', 10), ['a', '', 'b']);
});

test('durations', t => {
	t.deepEqual([0, 0.02, 0.34, 2, 9.96, 14.2, 61, 99, 120, 3600].map(seconds => duration(seconds)), ['0 s', '0.1 s', '0.3 s', '2 s', '10 s', '14 s', '61 s', '99 s', '2 min', '60 min']);
});

test('lists', t => {
	t.deepEqual([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(words => list(words)), ['', 'a', 'a and b', 'a, b and c']);
});

test('memory as it is sold', t => {
	t.deepEqual([490, 512, 987, 1990, 3900, 7950].map(mebibytes => memory(mebibytes)), ['512 MB', '512 MB', '1 GB', '2 GB', '4 GB', '8 GB']);
});

test('days as a person counts them', t => {
	const now = new Date(2026, 10, 23, 10);
	t.is(ago(new Date(2026, 10, 23, 1), now), 'today');
	t.is(ago(new Date(2026, 10, 22, 23), now), 'yesterday');
	t.is(ago(new Date(2026, 10, 18, 12), now), '5 days ago');
});

test('left and right on one line', t => {
	t.is(spread('a', 'b', 10), 'a       b');
	t.is(spread('a'.repeat(9), 'b', 10), `${'a'.repeat(9)}   b`);
});
