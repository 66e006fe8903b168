/** The screen of a step that somebody does with their own hands: everything has its rows, whatever the terminal. */
import test from 'ava';
import {byHandScreen, claimsInRows, saidLines} from '../../source/ui/by-hand.js';
import {changedLines} from '../../source/ui/edit-in-lines.js';
import {noRun, type RunState} from '../../source/ui/run-state.js';
import {plainTheme} from '../../source/ui/theme.js';
import type {Verdict} from '../../source/engine/events.js';

const claim = (id: string, holds: boolean, says = `claim ${id}`): Verdict => ({
	id, says, holds, expected: 'e'.repeat(60), actual: 'a'.repeat(60), by: 'server',
});

test('claims keep their places while there is room for all', t => {
	const claims = [claim('1', true), claim('2', false), claim('3', true), claim('4', false)];
	t.deepEqual(claimsInRows([claims[0]!, claims[2]!], 8, plainTheme), ['   ✔ claim 1', '   ✔ claim 3']);
	const [first, second, ...rest] = claimsInRows(claims, 9, plainTheme);
	t.is(first, '   ✔ claim 1');
	t.is(second, '   ✖ claim 2');
	t.regex(rest.join('\n'), /expected: e[\s\S]*got:[\s\S]*a\n {3}✔ claim 3\n {3}✖ claim 4/);
	t.deepEqual(claimsInRows(claims, 7, plainTheme).filter(line => /^ {3}[✔✖]/.test(line)), ['   ✔ claim 1', '   ✖ claim 2', '   ✔ claim 3', '   ✖ claim 4']);
});

test('where there is not, what holds is counted and what does not comes first; none is left out silently', t => {
	const claims = Array.from({length: 12}, (_, index) => claim(String(index), index % 3 === 0));
	for (let rows = 3; rows < 20; rows++) {
		const lines = claimsInRows(claims, rows, plainTheme);
		t.true(lines.length <= rows, `${rows}`);
		if (rows < 12) {
			t.is(lines[0], '   ✔ 4 of 12 hold');
			t.regex(lines[1]!, /✖ claim 1/);
		}

		const shown = lines.filter(line => line.includes('✖')).length;
		t.is(shown + Number(/… and (\d+) more/.exec(lines.at(-1)!)?.[1] ?? 0), 8, lines.join('\n'));
	}
});

const state: RunState = {...noRun, current: 's', steps: [{
	step: 's', title: 'A step', phase: 'Harden', why: '', lesson: '', minutes: 1, guarded: true, isRest: false, round: 1, decision: 'typed', typed: true, planned: 0, undoable: false, confirmed: false, reverted: undefined, troubles: [], ended: undefined,
	claims: Array.from({length: 10}, (_, index) => claim(String(index), index > 5)),
	plan: Array.from({length: 6}, (_, index) => ({id: String(index), do: 'run', because: 'because it is so', shows: `ufw allow ${index}`})),
}]};

for (const [columns, rows] of [[60, 15], [80, 23], [200, 49]] as const) {
	test(`${columns} by ${rows}: all of it has room, also when much was said`, t => {
		const theme = {...plainTheme, columns};
		for (const length of [0, 1, 5, 60]) {
			const {head, room, claims, said} = byHandScreen(state, undefined, {rows, below: 4, said: Array.from({length}, () => 'word')}, theme);
			t.true(head.length + room + claims.length + said.length + 4 <= rows, `${length} said`);
			t.true(room >= 2 && said.length >= Math.min(length, 2));
			t.true(claims.some(line => line.includes('✖')));
		}
	});
}

test('what is waited for is said in place of how it stands', t => {
	t.regex(byHandScreen(state, undefined, {rows: 23, below: 4}, plainTheme).claims.join('\n'), /How it stands, looked at again and again/);
	t.regex(byHandScreen({...state, waiting: 'the server does not answer'}, undefined, {rows: 23, below: 4, sign: '*'}, plainTheme).claims.join('\n'), /^ \* The server does not answer$/m);
});

test('what a command says is harmless, and nothing of it is cut off', t => {
	const lines = saidLines(`\u001B[31m${'word '.repeat(40)}\u001B]0;title\u0007\n${'x'.repeat(100)}\n\n`, plainTheme);
	t.deepEqual(lines.filter(line => [...line].length > 80 || line.includes('\u001B')), []);
	t.is(lines.join('').match(/word/g)?.length, 40);
	t.is(lines.join('').match(/x/g)?.length, 100);
});

const edits: Readonly<Record<string, readonly string[] | undefined>> = {
	'1 x': ['x', 'b'],
	2: ['a', ''],
	'2-': ['a'],
	'1+ x': ['a', 'x', 'b'],
	'0+ x': ['x', 'a', 'b'],
	'2+': ['a', 'b', ''],
	'1   x  y': ['  x  y', 'b'],
	'3 x': undefined,
	'0 x': undefined,
	'0-': undefined,
	x: undefined,
	'1x': undefined,
	'': undefined,
};

for (const [typed, becomes] of Object.entries(edits)) {
	test(`a file is edited by its lines' numbers: ${JSON.stringify(typed)}`, t => {
		t.deepEqual(changedLines(['a', 'b'], typed), becomes);
	});
}
