import test from 'ava';
import {noRehearsals, rehearsalsAfter, type Rehearsals} from '../../source/record/rehearsals.js';
import type {RecordLine} from '../../source/record/append-only.js';

const line = (event: string, fields: Readonly<Record<string, unknown>>): RecordLine => ({
	v: 1, time: '2026-11-30T12:00:00Z', event, ...fields,
});
const begins = line('rehearsing', {rehearsing: {step: 'restart', boot: 'b1', holding: {firewall: {on: 'the firewall is on'}}, red: {}}});
const seen = line('rehearsed', {step: 'restart', rehearsed: {
	on: '2026-11-30T12:01:00Z', boot: 'b2', held: 1, lost: [], unseen: [], files: {},
}});
const begun = (kind: string): RecordLine => line('begun', {begun: {id: 'a', do: kind}});
const finished = (kind: string, shows = kind): RecordLine => line('finished', {done: {id: 'a', do: kind, shows}});

const after = (...lines: readonly RecordLine[]): Rehearsals => {
	let all = noRehearsals;
	for (const one of lines) {
		all = rehearsalsAfter(all, one);
	}

	return all;
};

test('it is open from before the restart until somebody looked', t => {
	t.is(after(begins).open?.boot, 'b1');
	t.is(after(begins, begun('reboot'), finished('reboot')).open?.boot, 'b1');
	const {open, seen: {restart}} = after(begins, begun('reboot'), finished('reboot'), seen);
	t.deepEqual([open, restart?.boot, restart?.since], [undefined, 'b2', []]);
});

test('what is done meanwhile would be taken for what the restart did', t => {
	t.is(after(begins, begun('run')).open, undefined);
	t.is(after(begins, line('undoing', {step: 'firewall', theirs: []})).open, undefined);
});

test('a restart that did not take place is none', t => {
	t.is(after(begins, begun('reboot'), line('forgotten', {id: 'a', why: 'refused'})).open, undefined);
});

test('what is done later is remembered with it, but for another restart', t => {
	t.deepEqual(after(seen, finished('run', 'ufw allow 8080/tcp'), finished('reboot'), line('undoing', {step: 'docker', theirs: []})).seen['restart']?.since, ['ufw allow 8080/tcp', 'undo docker']);
	t.deepEqual(after(seen, finished('run'), begins, begun('reboot'), finished('reboot'), seen).seen['restart']?.since, []);
});
