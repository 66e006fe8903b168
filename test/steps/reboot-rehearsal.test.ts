import test from 'ava';
import step from '../../steps/54-reboot-rehearsal.js';
import {stateOfFile} from '../../source/facts/files.js';
import type {Rehearsed} from '../../source/step.js';
import {contextOn, everySystem, fileWith} from './server-infos.js';

const [rules, fstab] = [fileWith('/etc/ufw/user.rules', 'a\n'), fileWith('/etc/fstab', undefined)];
const all: Rehearsed = {
	on: '2026-11-30T12:01:00Z', boot: 'b2', held: 41, lost: [], unseen: [], files: {[rules.path]: stateOfFile(rules), [fstab.path]: stateOfFile(fstab)}, since: [],
};
const lost = [{
	step: 'firewall', title: 'Close every door', says: 'the firewall is on', actual: 'off',
}];
const unseen = [{title: 'Seen from outside', says: 'port 80 is open', why: 'not there any more'}];

/** What is remembered, and the files as they are now; whether it is (to be) gone through; how the claim stands, and with which words. */
const cases: ReadonlyArray<readonly [what: string, rehearsed: Rehearsed | undefined, files: ReadonlyArray<typeof rules>, does: boolean, stands: 'holds' | 'red' | 'unknown', words: RegExp]> = [
	['never', undefined, [], true, 'unknown', /nobody has restarted/],
	['all of it outlasted', all, [rules, fstab], false, 'holds', /^all 41 claims that held before the restart of 2026-11-30 were seen/],
	['something did not', {...all, lost}, [rules, fstab], true, 'red', /^not after it: "Close every door": the firewall is on \(off\)$/],
	['something could not be seen again', {...all, unseen}, [rules, fstab], true, 'unknown', /^1 of them could not be seen again \(not there any more\): "Seen from outside": port 80 is open$/],
	['lost and unseen: red', {...all, lost, unseen}, [rules, fstab], true, 'red', /the firewall is on/],
	['much did not', {...all, lost: Array.from({length: 5}, () => lost[0]!)}, [rules, fstab], true, 'red', /^not after it: "Close every door": the firewall is on \(off\) and 4 more$/],
	['of many steps', {...all, lost: ['a', 'b', 'c', 'd', 'e'].map(title => ({...lost[0]!, title}))}, [rules, fstab], true, 'red', /^not after it: "a": [^"]*; "b": [^"]*; "c": the firewall is on \(off\); and of 2 more steps$/],
	['dropwise did something since', {...all, since: ['ufw allow 8080/tcp']}, [rules, fstab], true, 'unknown', /on 2026-11-30, and since then dropwise did "ufw allow 8080\/tcp"$/],
	['and more', {...all, since: ['ufw allow 8080/tcp', 'ufw reload']}, [fileWith(rules.path, 'ab\n'), fstab], true, 'unknown', /dropwise did 2 things, the first of them "ufw allow 8080\/tcp"$/],
	['somebody changed a file', all, [fileWith(rules.path, 'ab\n'), fstab], true, 'unknown', /since then \/etc\/ufw\/user\.rules changed$/],
	['or its mode', all, [fileWith(rules.path, 'a\n', 0o600), fstab], true, 'unknown', /user\.rules changed$/],
	['or made one', all, [rules, fileWith(fstab.path, 'x\n')], true, 'unknown', /\/etc\/fstab changed$/],
	['what was lost was mended since: nobody has seen whether it outlasts now', {...all, lost, since: ['ufw --force enable']}, [rules, fstab], true, 'unknown', /since then dropwise did/],
];

for (const [what, rehearsed, files, does, stands, words] of cases) {
	test(`${what}: ${stands}`, t => {
		const c = {...contextOn(everySystem[0]!, {}), rehearsed};
		const facts = {boot: 'b2', files, running: [], away: []};
		t.deepEqual(step.plan(facts, c).map(action => action.do), does ? ['reboot'] : []);
		const [claim] = step.verify(facts, c);
		t.is('unknown' in claim! ? 'unknown' : claim!.holds ? 'holds' : 'red', stands);
		t.regex('unknown' in claim! ? claim.unknown : claim!.holds ? claim!.says : claim!.actual, words);
	});
}

test('it asks for the files that it remembers', t => {
	const {files} = step.look({...contextOn(everySystem[0]!, {}), rehearsed: all});
	t.deepEqual(files.map(one => 'file' in one && one.file), [rules.path, fstab.path]);
});

test('a container that would stay away is named, and then it is not gone through unasked', t => {
	const facts = {boot: 'b2', files: [], running: ['web', 'db', 'try'], away: [['try']]};
	const c = contextOn(everySystem[0]!, {});
	t.regex(step.plan(facts, c)[0]!.because, /but not the container try: nothing tells Docker to start it again$/);
	t.regex(step.plan({...facts, away: [['try', 'db']]}, c)[0]!.because, /but not these containers: try, db: nothing tells Docker to start them again$/);
	t.false(step.rehearses!.unasked(facts));
	t.true(step.rehearses!.unasked({...facts, away: [[]]}));
});

test('which of them do not come back is asked of Docker', t => {
	const [fact] = step.lookDeeper!({boot: 'b2', files: [], running: ['web', 'db', 'try', 'rerun']}, contextOn(everySystem[0]!, {})).away;
	t.deepEqual(fact!.parse({
		outcome: 'ran', code: 0, out: '/web always\n/db unless-stopped\n/try no\n/rerun on-failure\n', err: '',
	}), ['try', 'rerun']);
	t.throws(() => fact!.parse({
		outcome: 'ran', code: 0, out: '', err: 'Cannot connect to the Docker daemon',
	}));
	t.deepEqual(step.lookDeeper!({boot: 'b2', files: [], running: []}, contextOn(everySystem[0]!, {})).away, []);
});
