import test from 'ava';
import type {Ended} from '../../source/engine/events.js';
import {overviewLines, overviewMark} from '../../source/ui/overview.js';
import {plainTheme, toAscii} from '../../source/ui/theme.js';
import {surveyLines} from '../../source/ui/server-warnings.js';
import {systems, type System} from '../../source/systems.js';
import type {ServerInfo} from '../../source/step.js';

const info = (id: string, memoryMiB: number, over: Partial<System> = {}): ServerInfo => ({
	system: {...systems.find(one => one.id === id)!, ...over}, me: {
		user: 'root', address: 'a', sshPort: 22, root: 'is',
	}, from: 'b', at: '203.0.113.7', sshdPort: 22, memoryMiB, addresses: [], bootId: 'c',
});
const today = new Date('2026-11-23T10:00:00Z');

test('a system past its end of life is named with the month', t => {
	t.deepEqual(surveyLines(info('ubuntu-14.04', 2000), today), ['Ubuntu 14.04 gets no free security updates since April 2019: holes found after that stay open. What is set up here helps, and a newer system helps more.']);
});

test('one that ends within a year says until when', t => {
	t.regex(surveyLines(info('ubuntu-22.04', 2000), today)[0]!, /until April 2027/);
});

test('a current system with enough memory needs no words', t => {
	t.deepEqual(surveyLines(info('debian-13', 987), today), []);
});

test('little memory and an unknown release are said', t => {
	t.deepEqual(surveyLines(info('debian-13', 490, {name: 'Debian 15', takenFor: 'Debian 13'}), today), [
		'Debian 15 is not in dropwise\'s table: it is treated like Debian 13, and nothing was proven on it.',
		'It has 512 MB of memory: enough for this, short for containers.',
	]);
});

test('what a server calls itself reaches the screen cleaned', t => {
	t.false(surveyLines(info('debian-13', 2000, {name: '\u001B[2Jx', takenFor: 'Debian 13'}), today).join('').includes('\u001B'));
});

test('marks of the overview', t => {
	const step = {title: 'a', phase: 'b', before: false};
	t.is(overviewMark({...step, ended: 'holds'}), 'holds');
	t.is(overviewMark({...step, ended: 'unknown'}), 'unknown');
	t.is(overviewMark({...step, ended: 'false'}), 'todo');
	t.is(overviewMark({...step, ended: 'false', before: true}), 'false');
	t.is(overviewMark({...step, ended: undefined}), 'todo');
	t.is(overviewMark({...step, ended: 'failed'}), 'false');
	t.is(overviewMark({...step, ended: 'reverted'}), 'false');
});

test('the overview stands by phase and fits the terminal', t => {
	const lines = overviewLines([
		{
			title: 'Your own user', phase: 'Harden', ended: 'holds', before: true,
		},
		{
			title: 'Keys only', phase: 'Harden', ended: 'false', before: false,
		},
		{
			title: 'Automatic updates that are installed', phase: 'Harden', ended: 'skipped', before: false,
		},
		{
			title: 'Close every door but three', phase: 'Firewall', ended: 'unknown', before: false,
		},
	], {...plainTheme, columns: 60});
	t.deepEqual(lines, [
		' Harden     ✔ Your own user   ● Keys only',
		'            – Automatic updates that are installed',
		' Firewall   ? Close every door but three',
		'           (● to do   ✔ holds   ? unknown   – skipped)',
	]);
	const absent = (others: readonly Ended[]) => overviewLines(['unavailable' as const, ...others].map(ended => ({
		title: 'A step', phase: 'Docker', ended, before: false,
	})), plainTheme).at(-1);
	t.is(absent(['holds']), '         (✔ holds   – not for this system)');
	t.is(absent(['skipped']), '         (– skipped or not for this system)');
	t.deepEqual(lines.map(line => toAscii(line))[0], ' Harden     + Your own user   o Keys only');
});

test('what was left for later is not marked as to do, and what went wrong does not look as if it were left', t => {
	const step = {title: 'a', phase: 'b', before: false, left: true};
	t.is(overviewMark({...step, ended: 'false'}), 'skipped');
	t.is(overviewMark({...step, ended: 'unknown', open: true}), 'skipped');
	t.is(overviewMark({...step, ended: 'holds'}), 'holds');
	t.is(overviewMark({...step, ended: 'failed'}), 'false');
	t.is(overviewMark({...step, ended: 'false', before: true}), 'false');
});
