
import test from 'ava';
import {openConsole} from '../../source/practice/console.js';
import {alike, readTranscript} from './transcript.js';
import {temporary} from './temporary.js';

/** The model of 14.04 against what a real 14.04.5 said, command by command, in the order it was asked. */
const folder = 'snapshots/servers/ubuntu-14.04';
const {readFileSync} = await import('node:fs');

const console = openConsole({directory: temporary(), level: 'ubuntu-14.04'});
// That server had its packages' own settings, and forwarded packets.
console.write('/etc/ssh/sshd_config', readFileSync(`${folder}/sshd_config`, 'utf8'));
console.touch(({droplet}) => {
	droplet.forwarding = true;
});

for (const [index, entry] of readTranscript(`${folder}/session.txt`).entries()) {
	if (entry.do !== 'ask') {
		continue;
	}

	// bash itself speaks where there is no such command.
	const missing = entry.out.includes('command not found');
	// The session joined both streams.
	test.serial(`${index + 1}: ${entry.line}`, t => {
		const {out, err, noSuchCommand} = console.run(entry.argv);
		if (missing) {
			t.true(noSuchCommand);
			return;
		}

		t.is(alike(`${err}${out}`).trimEnd(), alike(entry.out).trimEnd());
	});
}
