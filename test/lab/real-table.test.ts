import test from 'ava';
import {rowsIn, settled, tableOf, type Row} from './real-table.js';

const row = (part: string, title: string, more: Partial<Row> = {}): Row => ({
	part, title, went: 'passed', seconds: 1.5, commit: 'abc1234', date: '2026-11-29', ...more,
});

test('what was written is read again', t => {
	const rows = [row('docker', 'trixie: a | b'), row('undo', 'c', {seconds: undefined, went: 'flaky'})];
	t.deepEqual(rowsIn(tableOf('', rows)), rows);
	t.regex(tableOf('', rows), /^\| docker \| trixie: a \\\| b \| trixie \| passed \| 1\.5 \| abc1234 \| 2026-11-29 \|$/mv);
});

test('a part that was run anew replaces its rows, all of them, and no other part\'s', t => {
	const before = tableOf('', [row('docker', 'old'), row('docker', 'gone'), row('undo', 'kept')]);
	t.deepEqual(rowsIn(tableOf(before, [row('docker', 'old', {went: 'failed'})])).map(({title, went}) => [title, went]), [['old', 'failed'], ['kept', 'passed']]);
});

test('a run that is cut short replaces what passed in it, and nothing else', t => {
	const before = tableOf('', [row('docker', 'old', {commit: 'old'}), row('docker', 'kept'), row('docker', 'cut')]);
	const now = [row('docker', 'old', {commit: 'new'}), row('docker', 'cut', {went: 'failed'})];
	t.deepEqual(rowsIn(tableOf(before, now, true)).map(({title, went, commit}) => [title, went, commit].join(' ')).toSorted(), ['cut passed abc1234', 'kept passed abc1234', 'old passed new']);
});

test('flaky is what passes alone, and nothing else', t => {
	const result = (passed: boolean) => ({
		title: 'x', passed, seconds: 1, reason: '',
	});
	t.deepEqual([settled(result(true), undefined), settled(result(false), result(true)), settled(result(false), result(false)), settled(result(false), undefined)], ['passed', 'flaky', 'failed', 'failed']);
});
