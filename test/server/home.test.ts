import {homedir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {expandHome, shorten} from '../../source/server/home.js';
import {logInCommand} from '../../source/connect/choose-key.js';

test('what lies in the person\'s own folder is written with ~, and found again', t => {
	const file = path.join(homedir(), '.ssh', 'id_ed25519');
	t.is(shorten(file), '~/.ssh/id_ed25519');
	t.is(expandHome('~/.ssh/id_ed25519'), file);
	t.is(shorten('/srv/key'), '/srv/key');
	t.is(shorten(`${homedir()}-of-another/key`), `${homedir()}-of-another/key`);
});

test('the command that logs in can be typed as it stands', t => {
	const me = {user: 'root', address: '203.0.113.7', sshPort: 22, root: 'is'} as const;
	t.is(logInCommand('ada', {practice: false, me}, path.join(homedir(), '.ssh', 'id_ed25519')), 'ssh -i ~/.ssh/id_ed25519 ada@203.0.113.7');
	t.is(logInCommand('ada', {practice: true, me}, path.join(homedir(), 'x')), 'ssh ada@203.0.113.7');
	// In quotes a shell would look for a folder called ~.
	t.is(logInCommand('ada', {practice: false, me}, path.join(homedir(), 'my keys', 'one')), `ssh -i '${homedir()}/my keys/one' ada@203.0.113.7`);
});
