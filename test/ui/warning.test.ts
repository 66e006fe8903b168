import {Chalk} from 'chalk';
import test from 'ava';
import type {Planned, Verdict} from '../../source/engine/events.js';
import {redLines} from '../../source/ui/claim-lines.js';
import {footer} from '../../source/ui/key-bindings.js';
import {mark, plainTheme} from '../../source/ui/theme.js';
import {moreBelow} from '../../source/ui/ink/more-below.js';
import {all, plannedLines} from '../../source/ui/planned.js';
import {warning} from '../../source/ui/warning.js';

const coloured = {...plainTheme, columns: 40, paint: new Chalk({level: 1})};
const yellow = /\u001B\[43m([^\u001B]*)\u001B\[49m/g;
const yellowLetters = /\u001B\[[\d;]*[39]3m/;

test('what warns is yellow in its mark alone, and no line is too long', t => {
	const lines = warning('The server puts everything back in 90 s unless the new log-in works.', plainTheme, '  ');
	t.deepEqual(lines, ['   ! The server puts everything back in 90 s unless the new log-in works.']);
	const painted = warning('The server puts everything back in 90 s unless the new log-in works!', coloured).join('\n');
	t.deepEqual([...painted.matchAll(yellow)].map(([, text]) => text), ['!']);
	t.deepEqual(warning('The server puts everything back in 90 s', {...plainTheme, columns: 30}), [' ! The server puts everything', '   back in 90 s']);
	t.notRegex(`${painted}${moreBelow(coloured)(3)}${mark('unknown', coloured)}`, yellowLetters);
});

test('in a footer the keys stand out from what they do', t => {
	t.regex(footer(['enter'], coloured), /^ enter \u001B\[2mgo on/);
});

test('of what does not hold some is shown, and how much more there is', t => {
	const claims = Array.from({length: 5}, (_, index): Verdict => ({
		id: `${index}`, says: `claim ${index}`, holds: index === 0, expected: 'a', actual: 'b', by: 'server',
	}));
	t.deepEqual(redLines(claims, plainTheme), [
		'   ✖ claim 1   expected: a   got: b',
		'   ✖ claim 2   expected: a   got: b',
		'   ✖ claim 3   expected: a   got: b',
		'   … and one more',
	]);
});

test('a changed line is cut where some are shown, and whole where all are asked for', t => {
	const key = `ssh-ed25519 ${'A'.repeat(90)} ada`;
	const action: Planned = {id: '1', do: 'write', because: 'why', shows: 'write /x', diff: [{from: 1, lines: [`+${key}`]}]};
	const shown = (most: number): string => plannedLines(action, 1, plainTheme, most).map(line => line.trim()).join('');
	t.false(shown(4).includes(key));
	t.true(shown(all).includes(key));
	t.deepEqual(plannedLines(action, 1, plainTheme, all).filter(line => [...line].length > 80), []);
});
