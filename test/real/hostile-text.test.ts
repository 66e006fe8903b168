/** A real server whose every text carries terminal escape sequences: nothing of them reaches the terminal, the log or the rescue card. */
import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {environment, travel} from '../journeys/terminal.js';
import {type Droplet, up} from '../lab/lab.js';
import {attack, effectsIn, hostile} from './hostile-text.js';
import {homeFor, type Home} from './program.js';
import {writer} from './bad-input-list.js';

const name = `Debian ${attack}evil-name`;
const osRelease = (id: string): string => `PRETTY_NAME="${name}"\nID=${id}\nVERSION_ID="14"\n`;
const says = (what: string): string => `${attack}${what}${attack}\n${attack}`;

/** Takes a command's place, says what a terminal would obey, and then does or refuses what it was asked. */
const loud = (command: string, then: string): string => `#!/bin/sh\nprintf '%s' '${says(`evil-output of ${command}`)}'\nprintf '%s' '${says('evil-error')}' >&2\n${then}\n`;

const hostileDroplet = async (t: ExecutionContext): Promise<Droplet> => {
	const droplet = await up({release: 'trixie'});
	t.teardown(async () => droplet.down());
	await droplet.write('/etc/os-release', osRelease('debian'));
	await droplet.write('/etc/motd', says('evil-motd'));
	await droplet.write('/etc/ssh/banner', says('evil-banner'));
	await droplet.write('/etc/ssh/sshd_config.d/50-banner.conf', 'Banner /etc/ssh/banner\nPerSourcePenalties no\n', '0600');
	// Makes an exception that must be named, with the file's name.
	await droplet.write(`/etc/ssh/sshd_config.d/60-${attack.replaceAll('/', '_')}evil-file.conf`, 'Match User bob\n\tPasswordAuthentication yes\n', '0600');
	await droplet.write('/root/.bashrc', `printf '%s' '${says('evil-shell')}'\nprintf '%s' '${says('evil-shell')}' >&2\n`);
	await droplet.write('/usr/local/sbin/useradd', loud('useradd', 'exec /usr/sbin/useradd "$@"'), '0755');
	// ss shows a program by the first fifteen bytes of its file's name.
	await droplet.must(['cp', '/usr/bin/perl', '/opt/\u001B[2J\u202Eevil']);
	await droplet.write('/opt/program', 'use IO::Socket::IP; my $s = IO::Socket::IP->new(LocalHost => "::", LocalPort => 8080, Listen => 64, Proto => "tcp") or die; while (my $c = $s->accept) { close $c }');
	await droplet.must(['systemd-run', '--quiet', '--unit=preview', '/opt/\u001B[2J\u202Eevil', '/opt/program']);
	await droplet.must(['systemctl', 'restart', 'ssh']);
	return droplet;
};

const wordsFor = async (droplet: Droplet, home: Home): Promise<readonly string[]> => {
	const {ed25519: hostKey = ''} = await droplet.fingerprints();
	return [`root@${droplet.address}`, '--host-key', hostKey, '--password-file', await writer(home)('password', droplet.rootPassword), '-i', droplet.keyFile, '--state-dir', home.state];
};

/** Runs it in a terminal: its screen, its bytes and its exit code. */
const inTerminal = async (home: Home, words: readonly string[]) => {
	const journey = travel(words, environment(home.folder), {waits: 240_000});
	const {code, text} = await journey.ended();
	return {code, text, effects: effectsIn(journey.raw())};
};

const effectsInFiles = async (folder: string): Promise<readonly string[]> => {
	const entries = await readdir(folder, {recursive: true, withFileTypes: true});
	const files = entries.filter(one => one.isFile()).map(one => path.join(one.parentPath, one.name));
	const found = await Promise.all(files.map(async file => effectsIn(await readFile(file, 'utf8')).map(effect => `${effect} in ${path.relative(folder, file)}`)));
	return found.flat();
};

test('each of it would be noticed', t => {
	for (const [what, text] of Object.entries(hostile)) {
		t.not(effectsIn(`before${text}after`).length, 0, what);
	}

	t.deepEqual(effectsIn('\u001B[?25l\u001B[1G\u001B[2K\u001B[32m✔\u001B[39m done\r\n'), []);
});

test('check, apply and what goes wrong: the screen shows words alone', async t => {
	t.timeout(600_000);
	const droplet = await hostileDroplet(t);
	const home = await homeFor(t);
	const words = await wordsFor(droplet, home);
	const check = await inTerminal(home, ['check', ...words]);
	t.is(check.code, 1, check.text);
	t.regex(check.text, /evil-file/, 'the name of a file is shown');
	t.regex(check.text, /port 8080 \([^)]+\)/, 'the name of a program is shown');
	t.deepEqual(check.effects, [], check.text);

	await droplet.write('/usr/local/sbin/useradd', loud('useradd', 'exit 1'), '0755');
	const failed = await inTerminal(home, ['apply', ...words, '--yes']);
	t.is(failed.code, 1, failed.text);
	t.regex(failed.text, /evil-error/, 'what a command said is shown where it failed');
	t.deepEqual(failed.effects, [], failed.text);

	await droplet.write('/usr/local/sbin/useradd', loud('useradd', 'exec /usr/sbin/useradd "$@"'), '0755');
	const apply = await inTerminal(home, ['apply', ...words, '--yes']);
	t.is(apply.code, 0, apply.text);
	t.deepEqual(apply.effects, [], apply.text);
	t.regex(apply.text, /^ *dropwise apply|Your own user/m, 'what stood there before still stands');

	const json = await home.dropwise(['check', ...words.slice(0, -2), '--json']);
	t.is(json.code, 0, json.out);
	t.deepEqual(effectsIn(json.out), []);
	t.regex(json.out, /evil-name/);

	t.deepEqual(await effectsInFiles(home.state), [], 'what a person reads later');
});

test('a system that is refused, and a server that is none: so do the sentences', async t => {
	t.timeout(300_000);
	const droplet = await hostileDroplet(t);
	const home = await homeFor(t);
	const words = await wordsFor(droplet, home);
	await droplet.write('/etc/os-release', osRelease('evil'));
	const refused = await inTerminal(home, ['apply', ...words, '--yes']);
	t.deepEqual([refused.code, refused.effects], [1, []], refused.text);
	t.regex(refused.text, /evil-name/);

	await droplet.write('/etc/os-release', osRelease('debian'));
	await droplet.write('/var/lib/dropwise/id', `../../${attack.replaceAll('\r', '')}evil-id\n`);
	const id = await inTerminal(home, ['apply', ...words, '--yes']);
	t.deepEqual([id.code, id.effects], [3, []], id.text);
	t.regex(id.text, /an id that cannot be its own/);
	t.notRegex(id.text, /defect/);
});
