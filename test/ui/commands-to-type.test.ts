/** What a person is to type by hand: copied from the screen into a shell it does what dropwise would. */
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {planned} from '../../source/engine/preview.js';
import {plainTheme} from '../../source/ui/theme.js';
import {printLines, shellLines} from '../../source/ui/shell-lines.js';
import {typingLines} from '../../source/ui/commands-to-type.js';
import type {Action, FileFact} from '../../source/step.js';

const run = (rows: readonly string[], cwd?: string): string => execFileSync('bash', ['-c', rows.join('\n')], {cwd, encoding: 'utf8'});
const key = `ssh-ed25519 ${'A'.repeat(68)} ada`;
const ada = {logIn: 'ssh -p 2222 ada@203.0.113.7', isRoot: false} as const;

for (const columns of [40, 60, 80]) {
	test(`${columns} columns: a command copied row by row is the same command`, t => {
		for (const words of [['ufw', 'allow', '22/tcp'], ['x', 'a b', 'it\'s', '$(reboot)', ''], Array.from({length: 30}, (_, index) => `word-${index}`), ['y', key, `it's ${'B'.repeat(200)} 'quoted'`], ['/'.repeat(150)]]) {
			const shows = planned('1', {do: 'run', because: '', argv: ['x', ...words], undo: []}).shows;
			const rows = shellLines(shows.replace(/^x/, 'printf %s\\\\n'), '   ', columns);
			t.deepEqual(rows.filter(row => [...row].length > columns), []);
			t.is(run(rows), `${words.join('\n')}\n`);
		}
	});

	test(`${columns} columns: lines for a file arrive there as they are`, t => {
		const folder = mkdtempSync(path.join(tmpdir(), 'dropwise-typed-'));
		for (const lines of [[key], ['# by dropwise: it\'s "yours" $HOME `x` \\ !', 'ada ALL=(ALL:ALL) NOPASSWD: ALL', '', `  indented ${'C'.repeat(100)}`]]) {
			const rows = printLines(lines, '> it', '   ', columns);
			t.deepEqual(rows.filter(row => [...row].length > columns), []);
			run(rows, folder);
			t.is(readFileSync(path.join(folder, 'it'), 'utf8'), `${lines.join('\n')}\n`);
		}
	});
}

const file = (content: string | undefined, at: string, mode = 0o644): FileFact => ({
	path: at, content, mode, owner: 'root:root', sha256: '',
});
const shown = (actions: readonly Action[], columns = 80, hand: Parameters<typeof typingLines>[1]['hand'] = ada): string =>
	typingLines(actions.map((action, index) => planned(String(index), action)), {guarded: false, hand}, {...plainTheme, columns}, true).join('\n');

test('it begins with how to log in, and how to become root there', t => {
	const action: Action = {do: 'run', because: 'opens it', argv: ['ufw', 'allow', '80'], undo: []};
	t.regex(shown([action]), /another window[^:]+:\n {3}ssh -p 2222 ada@203\.0\.113\.7\n {3}sudo -i +becomes root/);
	t.notRegex(shown([action]), /Rows that end/);
	t.notRegex(shown([action], 80, {...ada, logIn: 'ssh root@203.0.113.7', isRoot: true}), /sudo -i/);
	const practice = shown([action], 80, {...ada, prompt: {sign: 'root@practice:~#', enter: async () => ({said: ''})}}).replaceAll(/\s+/g, ' ');
	t.regex(practice, /ssh -p 2222 ada@203\.0\.113\.7, then sudo -i to become root\./);
	t.regex(practice, /At the prompt root@practice:~# you are root/);
	t.regex(practice, /ufw allow 80/);
});

test('a new file is put there by a command, with its mode and owner', t => {
	const folder = mkdtempSync(path.join(tmpdir(), 'dropwise-typed-'));
	const at = path.join(folder, 'new');
	const text = shown([{
		do: 'write', because: 'why', file: file(undefined, at), content: `${key}\n`, mode: 0o600, owner: 'ada:ada',
	}]);
	t.regex(text, /chmod 600 \S+\n {3}chown ada:ada \S+/);
	t.regex(text, /Rows that end in \\ go on in the next one/);
	const rows = text.split('\n');
	run(rows.slice(rows.findIndex(row => row.includes('printf')), rows.findIndex(row => row.includes('chown'))));
	t.is(readFileSync(at, 'utf8'), `${key}\n`);
});

test('what is added at a file\'s end does not touch what stands there', t => {
	const folder = mkdtempSync(path.join(tmpdir(), 'dropwise-typed-'));
	const at = path.join(folder, 'keys');
	writeFileSync(at, 'other\n');
	const text = shown([{
		do: 'write', because: 'why', file: file('other\n', at), content: `other\n${key}\n`, mode: 0o644,
	}]);
	t.notRegex(text, /chmod|chown|nano/);
	const rows = text.split('\n');
	run(rows.slice(rows.findIndex(row => row.includes('printf'))));
	t.is(readFileSync(at, 'utf8'), `other\n${key}\n`);
});

test('a change in a file names the editor, the place and the lines, and no signs to wonder about', t => {
	const text = shown([{
		do: 'write', because: 'why', file: file('Port 22\nPermitRootLogin yes\nX11 no\n', '/etc/ssh/sshd_config'), content: 'Port 22\nPermitRootLogin no\nX11 no\n', mode: 0o644,
	}]);
	t.regex(text, /nano \/etc\/ssh\/sshd_config\n .*ctrl-o/i);
	t.regex(text, /Take out:\n +PermitRootLogin yes\n +Put in its place:\n +PermitRootLogin no$/);
	t.notRegex(text, /^ *[+-]/m);
	const top = shown([{
		do: 'write', because: 'why', file: file('Port 22\n', '/etc/x'), content: 'A yes\nPort 22\n', mode: 0o644,
	}]);
	t.regex(top, /Put in at the top:\n +A yes$/);
	const below = shown([{
		do: 'write', because: 'why', file: file('Port 22\nB\n', '/etc/x'), content: 'Port 22\nA yes\nB\n', mode: 0o644,
	}]);
	t.regex(below, /Put in below "Port 22":\n +A yes$/);
});

test('places apart from each other are told apart, near ones and far ones', t => {
	const lines = Array.from({length: 40}, (_, index) => `line ${index + 1}`);
	const text = shown([{
		do: 'write', because: 'why', file: file(`${lines.join('\n')}\n`, '/etc/x'), content: ['first', ...lines.with(2, 'third').with(30, 'far'), ''].join('\n'), mode: 0o644,
	}]);
	t.regex(text, /Put in at the top:\n +first\n +Take out:\n +line 3\n +Put in its place:\n +third\n +Take out:\n +line 31\n +Put in its place:\n +far$/);
});

test('newer versions need the lists first', t => {
	t.regex(shown([{do: 'upgrade', because: 'why'}]), /apt-get update\n +touch \/var\/lib\/apt\/periodic\/update-success-stamp\n +apt-get -o \S+ upgrade$/);
	t.regex(shown([{do: 'install', because: 'why', packages: ['ufw']}]), /apt-get update\n +apt-get install ufw$/);
});

for (const columns of [60, 80]) {
	test(`${columns} columns: no row is too long`, t => {
		const text = shown([{
			do: 'write', because: 'why', file: file('a\nb\n', '/etc/x'), content: `a\n# ${'C'.repeat(90)}\nb\n`, mode: 0o644,
		}], columns, {...ada, logIn: `ssh -i '/home/ada/${'k'.repeat(60)}' ada@203.0.113.7`});
		t.deepEqual(text.split('\n').filter(row => [...row].length > columns), []);
		t.regex(text, /one line/);
	});
}
