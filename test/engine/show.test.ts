import test from 'ava';
import {newPackages} from '../../source/engine/packages.js';
import {isLocked} from '../../source/engine/install.js';
import {diff, typed} from '../../source/engine/show.js';

test('a command is shown as one could type it', t => {
	t.is(typed(['ufw', 'allow', '22/tcp']), 'ufw allow 22/tcp');
	t.is(typed(['echo', 'a b', 'it\'s', '$(reboot)', '']), String.raw`echo 'a b' 'it'\''s' '$(reboot)' ''`);
});

test('a diff shows what goes and what comes, with two lines around', t => {
	t.deepEqual(diff('a\nb\nc\nd\ne\nf\n', 'a\nb\nc\nX\ne\nf\n'), [' b', ' c', '-d', '+X', ' e', ' f']);
	t.deepEqual(diff('', 'a\nb\n'), ['+a', '+b']);
	t.deepEqual(diff('a\n', ''), ['-a']);
	t.deepEqual(diff('a\n', 'a\n').filter(line => !line.startsWith(' ')), []);
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
