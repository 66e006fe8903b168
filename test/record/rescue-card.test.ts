import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {NotWritten} from '../../source/record/append-only.js';
import {
	cardFile,
	rescueCard,
	sshCommand,
	writeRescueCard,
	type Card,
} from '../../source/record/rescue-card.js';
import {systems} from '../../source/systems.js';

const card = (system: string): Card => ({
	name: '203.0.113.7',
	practice: false,
	date: '2026-11-23 10:31',
	info: {
		system: systems.find(({id}) => id === system)!, me: {
			user: 'root', address: '203.0.113.7', sshPort: 2222, root: 'is',
		}, from: '198.51.100.9', at: '203.0.113.7', sshdPort: 22, memoryMiB: 987, addresses: ['203.0.113.7', '2001:db8::7'], bootId: 'b',
	},
	hostKeys: ['SHA256:one', 'SHA256:two'],
	ways: [{user: 'ada', identity: '/home/ada/.ssh/id_ed25519'}, {user: 'root', identity: undefined, until: '(until "Keys only" closes that)'}],
	files: ['/etc/ssh/sshd_config'],
});

for (const system of ['ubuntu-14.04', 'debian-13']) {
	test(`the card on ${system}`, t => {
		t.snapshot(rescueCard(card(system)));
	});
}

test('a card that cannot be written is no defect', async t => {
	const folder = await mkdtemp(path.join(tmpdir(), 'dropwise-card-'));
	t.teardown(async () => rm(folder, {recursive: true}));
	const file = path.join(folder, 'rescue.txt');
	await mkdir(`${file}.new`);
	await t.throwsAsync(writeRescueCard(file, card('debian-13')), {instanceOf: NotWritten, message: /rescue\.txt cannot be written \(EISDIR\)\.$/});
});

const commands: ReadonlyArray<readonly [Parameters<typeof sshCommand>, string]> = [
	[['ada', '203.0.113.7', 22, '/home/ada/.ssh/id_ed25519'], 'ssh -i /home/ada/.ssh/id_ed25519 ada@203.0.113.7'],
	[['ada', '203.0.113.7', 2222, 'agent'], 'ssh -p 2222 ada@203.0.113.7'],
	[['ada', '2001:db8::7', 22, 'agent:SHA256:x'], 'ssh ada@2001:db8::7'],
	[['ada', 'a.example', 22, '/home/ada lovelace/it\'s'], String.raw`ssh -i '/home/ada lovelace/it'\''s' ada@a.example`],
	[['root', 'a.example', 22, undefined], 'ssh root@a.example'],
];
for (const [given, expected] of commands) {
	test(`the log-in command: ${expected}`, t => {
		t.is(sshCommand(...given), expected);
	});
}

test('the card lies under a short name that a person can tell, and nothing in it leads out of the folder', t => {
	const file = (name: string, record = '3f2a9c1e-0000-4000-8000-000000000000'): string => cardFile('/s', name, record);
	t.regex(file('203.0.113.7'), /^\/s\/rescue-203\.0\.113\.7-[\da-f]{4}\.txt$/);
	t.regex(file('Blog.Example:2222'), /^\/s\/rescue-blog\.example-2222-[\da-f]{4}\.txt$/);
	t.regex(file('[2001:db8::7]:2222'), /^\/s\/rescue-2001-db8-7-2222-[\da-f]{4}\.txt$/);
	t.is(file('203.0.113.7'), file('203.0.113.7'));
	t.not(file('203.0.113.7'), file('203.0.113.7', 'another'));
	for (const name of ['../../etc/passwd', '..', '', 'a/b', '\u001B[2J', 'ü', 'a'.repeat(300)]) {
		t.regex(file(name), /^\/s\/rescue-[a-z\d.-]{0,60}-[\da-f]{4}\.txt$/);
	}
});
