/** What apt prints for programs, as apt 3.0 printed it on a real trixie. */
import test from 'ava';
import {readProgress, withoutProgress, type AptProgress} from '../../source/engine/apt-output.js';

const toldOf = (fetching: 'reading' | 'fetching', ...chunks: readonly string[]): {said: string; progress: AptProgress[]} => {
	const reader = readProgress(fetching);
	const heard = chunks.map(chunk => reader.hear(chunk));
	return {said: heard.map(({text}) => text).join('') + reader.end(), progress: heard.flatMap(({progress}) => progress ?? [])};
};

const told = (...chunks: readonly string[]) => toldOf('fetching', ...chunks);

test('reading the lists comes first, then fetching, and installing is the rest', t => {
	t.deepEqual(toldOf('reading', 'dlstatus:7:18.0627:Retrieving file 7 of 12\n', 'dlstatus:12:100.0000:Retrieving file 12 of 12\n').progress.map(({share, at}) => [share.toFixed(2), at]), [['0.02', 'reading'], ['0.10', 'reading']]);
	t.deepEqual(told(
		'dlstatus:1:0.0355:Retrieving file 1 of 51\n',
		'dlstatus:51:100.0000:Retrieving file 51 of 51\n',
		'pmstatus:dpkg-exec:0.0000:Running dpkg\n',
		'pmstatus:containerd:50.4634:Unpacking containerd (amd64)\n',
		'pmstatus:ufw:100.0000:Installed ufw (amd64)\n',
	).progress.map(({share, ...more}) => ({share: share.toFixed(2), ...more})), [
		{share: '0.10', at: 'fetching'},
		{share: '0.40', at: 'fetching'},
		{share: '0.70', at: 'installing', package: 'containerd'},
		{share: '1.00', at: 'installing', package: 'ufw'},
	]);
});

test('it is told once for each percent, and never goes back', t => {
	const {progress} = told(
		'dlstatus:1:20.0000:Retrieving file 1 of 3\n',
		'dlstatus:1:20.1000:Retrieving file 1 of 3\n',
		'dlstatus:3:0.0000:Retrieving file 3 of 9\n',
		'dlstatus:3:40.0000:Retrieving file 3 of 9\n',
	);
	t.deepEqual(progress.map(({share}) => share.toFixed(2)), ['0.16', '0.22']);
});

test('nothing of it is for people: neither cut in two nor behind a line without an end', t => {
	const said = 'W: Failed to fetch https://deb.example/x  Connection failed\ncreating the key .';
	const chunks = ['W: Failed to fetch https://deb.example/x  Connection failed\ndlst', 'atus:1:5.0:Retrieving file 1', ' of 2\ncreating the key .pmstatus:ufw:7.5:Installing ufw (amd64)\n'];
	t.is(told(...chunks).said, said);
	t.is(withoutProgress(chunks.join('')), said);
});

test('what went wrong is no progress', t => {
	t.deepEqual(told('pmerror:ufw:80.0000:installed ufw package post-installation script subprocess returned error exit status 1\n'), {said: '', progress: []});
});

test('what looks like it and is not is for people; a share has its bounds', t => {
	const said = 'dlstatus: see apt(8)\npmstatus:ufw:much:Installing\nE: pmstatus\n';
	t.deepEqual(told(said), {said, progress: []});
	t.is(told('pmstatus:ufw:999999:Installing\n').progress[0]!.share, 1);
	t.is(told('the last line has no end').said, 'the last line has no end');
});
