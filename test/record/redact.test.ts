import test from 'ava';
import {Redactor} from '../../source/record/redact.js';
import {logLine} from '../../source/record/run-log.js';
import {stateDirOf} from '../../source/record/state-dir.js';
import {folderOf} from '../../source/record/servers.js';

test('secrets are replaced wherever they stand, in every spelling', t => {
	const redactor = new Redactor();
	redactor.add('p"w\\d1');
	redactor.add('hunter2 & co');
	t.deepEqual(redactor.value({a: ['x p"w\\d1 y'], b: {c: 'q=hunter2%20%26%20co'}, d: 1, e: undefined}), {a: ['x •••••• y'], b: {c: 'q=••••••'}, d: 1, e: undefined});
	t.is(redactor.text(JSON.stringify({a: 'p"w\\d1'})), '{"a":"••••••"}');
});

test('the longest secret goes first', t => {
	const redactor = new Redactor();
	redactor.add('secret');
	redactor.add('secret-and-more');
	t.is(redactor.text('secret-and-more secret'), '•••••• ••••••');
});

test('without secrets nothing changes', t => {
	const value = {a: 'b'};
	t.is(new Redactor().value(value), value);
});

test('the log has one line an event, and what was said below', t => {
	t.is(logLine('T', {event: 'armed', step: 'firewall', seconds: 90}), 'T armed step=firewall seconds=90\n');
	t.is(logLine('T', {event: 'output', id: 'a', stream: 'out', text: 'one\ntwo\n'}), 'T   | one\nT   | two\n');
	t.is(logLine('T', {event: 'note', says: 'two words'}), 'T note says="two words"\n');
});

const places: ReadonlyArray<readonly [Record<string, string>, NodeJS.Platform, string]> = [
	[{XDG_STATE_HOME: '/state'}, 'linux', '/state/dropwise'],
	[{XDG_STATE_HOME: 'relative'}, 'linux', '/home/ada/.local/state/dropwise'],
	[{}, 'linux', '/home/ada/.local/state/dropwise'],
	[{}, 'darwin', '/home/ada/Library/Application Support/dropwise'],
	[{XDG_STATE_HOME: '/state'}, 'darwin', '/state/dropwise'],
];
for (const [variables, platform, expected] of places) {
	test(`the state's place: ${platform} ${JSON.stringify(variables)}`, t => {
		t.is(stateDirOf(variables, platform, '/home/ada'), expected);
	});
}

for (const id of ['../../etc', 'a/b', '', '.', 'x'.repeat(100), '-a']) {
	test(`an id from a server leads nowhere else: ${JSON.stringify(id)}`, t => {
		t.throws(() => folderOf('/state', id), {message: /cannot be its own/});
	});
}
