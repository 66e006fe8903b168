import test from 'ava';
import {newPackages} from '../../source/engine/apt-output.js';
import {isLocked} from '../../source/engine/install.js';
import {hunks, typed} from '../../source/engine/preview.js';

test('a command is shown as one could type it', t => {
	t.is(typed(['ufw', 'allow', '22/tcp']), 'ufw allow 22/tcp');
	t.is(typed(['echo', 'a b', 'it\'s', '$(reboot)', '']), String.raw`echo 'a b' 'it'\''s' '$(reboot)' ''`);
});

const linesOf = (before: string, after: string): readonly string[] => hunks(before, after).flatMap(({lines}) => lines);

test('a diff shows what goes and what comes, with two lines around', t => {
	t.deepEqual(hunks('a\nb\nc\nd\ne\nf\n', 'a\nb\nc\nX\ne\nf\n'), [{from: 2, lines: [' b', ' c', '-d', '+X', ' e', ' f']}]);
	t.deepEqual(linesOf('', 'a\nb\n'), ['+a', '+b']);
	t.deepEqual(linesOf('a\n', ''), ['-a']);
	t.deepEqual(linesOf('a', 'a\nb\n'), ['-a', '+a', '+b']);
	t.deepEqual(hunks('a\n', 'a\n'), []);
});

test('places far from each other are shown apart: 14.04\'s own sshd_config with five lines put in and one changed', t => {
	const lines = Array.from({length: 94}, (_, index) => `line ${index + 1}`);
	const after = ['# BEGIN', 'a', 'b', '# END', ...lines.with(60, 'changed'), 'last'];
	const found = hunks(`${lines.join('\n')}\n`, `${after.join('\n')}\n`);
	t.deepEqual(found.map(({from}) => from), [1, 59, 93]);
	const all = found.flatMap(hunk => hunk.lines);
	t.deepEqual(['+', '-', ' '].map(sign => all.filter(line => line.startsWith(sign)).length), [6, 1, 8]);
});

test('the packages that apt brings are read from what it says', t => {
	t.deepEqual(newPackages('Reading package lists...\nThe following NEW packages will be installed:\n  iptables libip4tc2\n  ufw\n0 upgraded, 3 newly installed\n'), ['iptables', 'libip4tc2', 'ufw']);
	t.deepEqual(newPackages('ufw is already the newest version'), []);
});

test('a held lock is told from other failures', t => {
	t.true(isLocked({code: 100, err: 'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 512 (unattended-upgr)'}));
	t.true(isLocked({code: 100, err: 'E: Could not get lock /var/lib/dpkg/lock - open (11: Resource temporarily unavailable)'}));
	t.true(isLocked({code: 100, err: 'E: Unable to lock the administration directory (/var/lib/dpkg/), is another process using it?'}));
	t.false(isLocked({code: 100, err: 'E: Unable to locate package ufw'}));
	t.false(isLocked({code: 0, err: ''}));
});
