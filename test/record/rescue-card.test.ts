import test from 'ava';
import {rescueCard, sshCommand, type Card} from '../../source/record/rescue-card.js';
import {systems} from '../../source/systems.js';

const card = (system: string): Card => ({
	name: '203.0.113.7',
	practice: false,
	date: '2026-11-23 10:31',
	ground: {
		system: systems.find(({id}) => id === system)!, me: {
			user: 'root', address: '203.0.113.7', sshPort: 2222, root: 'is',
		}, from: '198.51.100.9', sshdPort: 22, memoryMiB: 987, addresses: ['203.0.113.7', '2001:db8::7'], bootId: 'b',
	},
	hostKeys: ['SHA256:one', 'SHA256:two'],
	ways: [{user: 'ada', identity: '/home/ada/.ssh/id_ed25519'}, {user: 'root', identity: undefined, until: '(until that is closed)'}],
	files: ['/etc/ssh/sshd_config'],
});

for (const system of ['ubuntu-14.04', 'debian-13']) {
	test(`the card on ${system}`, t => {
		t.snapshot(rescueCard(card(system)));
	});
}

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
