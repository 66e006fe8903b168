
import test from 'ava';
import {openConsole} from '../../source/practice/console.js';
import {
	alike, follow, readTranscript, settings,
} from './transcript.js';
import {handClock, temporary} from './temporary.js';

/** The model of trixie against what a real droplet of the lab said, command by command, in the order it was asked. */
const clock = handClock();
const console = openConsole({directory: temporary(), level: 'debian-13', clock});
// That droplet listened on SSH's port alone.
console.touch(({droplet}) => {
	delete droplet.services.preview;
	delete droplet.services.redis;
});

for (const [index, entry] of readTranscript('snapshots/servers/debian-13/answers.txt').entries()) {
	test.serial(`${index + 1}: ${entry.do === 'ask' ? entry.line : `${entry.do} ${JSON.stringify(entry)}`}`, t => {
		if (entry.do !== 'ask') {
			t.notThrows(() => {
				follow(console, entry, clock);
			});
			return;
		}

		const {code, out, err} = console.run(entry.argv, entry.stdin);
		const said = entry.argv[0] === 'cat' ? settings : alike;
		t.deepEqual({code, out: said(out), err: alike(err.replaceAll('\r\n', '\n'))}, {code: entry.code, out: said(entry.out), err: alike(entry.err)});
	});
}
