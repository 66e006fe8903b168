/** A run ends when its work does: nothing it opened is left open, for a timer to cut off. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {hostKey} from '../server/ssh-server.js';
import {strangeServer} from './connect.js';
import {drains} from './drained.js';
import {four} from './plain.js';
import {
	cli, emptyHome, environment, hurried,
} from './terminal.js';

const run = async (words: readonly string[], home: string) => {
	const child = spawn(process.execPath, [cli, ...words], {stdio: ['ignore', 'pipe', 'pipe'], env: environment(home, {...hurried, ...drains})});
	let said = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text: string) => {
			said += text;
		});
	}

	const [code] = await once(child, 'close') as [number | null];
	return {code, said};
};

for (const words of [['check', 'practice', ...four], ['apply', 'practice', '--yes', ...four], ['undo', 'practice', 'firewall'], ['check', 'practice', '--json']]) {
	test(words.join(' '), async t => {
		const {said} = await run(words, await emptyHome());
		t.regex(said, /drained/, said);
	});
}

test('a server over SSH', async t => {
	const {port} = await strangeServer(t, {password: 'right'});
	const home = await emptyHome();
	await writeFile(path.join(home, 'password'), 'right\n', {mode: 0o600});
	const {code, said} = await run(['check', `root@127.0.0.1:${port}`, '--password-file', path.join(home, 'password'), '--host-key', hostKey], home);
	t.is(code, 1, said);
	t.regex(said, /Haiku[\s\S]*drained/);
});

test('a server that is not there', async t => {
	const {code, said} = await run(['check', 'root@127.0.0.1:1'], await emptyHome());
	t.is(code, 3, said);
	t.regex(said, /drained/);
});
