/** Where a run's secrets are not: in no process, no file, no log, no output. Looked for in every spelling, while the run lasts and after it. */
import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {must} from '../lab/command.js';
import {type Droplet, up} from '../lab/lab.js';
import {foundIn, needlesOf, type Needle} from './needles.js';
import {watchDroplet, watchHere, watchStarts} from './process-watch.js';
import {homeFor, type Home} from './program.js';

/** Letters that every spelling writes in its own way. */
const odd = (text: string): string => `${text} "\\'&%+/ü`;

/** Files of this machine that hold a needle. */
const inFolder = async (folder: string, needles: readonly Needle[], except: readonly string[] = []): Promise<readonly string[]> => {
	const names = await readdir(folder, {recursive: true, withFileTypes: true});
	const files = names.filter(one => one.isFile()).map(one => path.join(one.parentPath, one.name)).filter(file => !except.includes(file));
	const found = await Promise.all(files.map(async file => foundIn(await readFile(file, 'utf8'), needles).map(what => `${what} in ${file}`)));
	return found.flat();
};

/** Files of a droplet that hold a needle, and lines of its journal: everything on its disk and in its memory's folders. */
const onDroplet = async (droplet: Droplet, needles: readonly Needle[]): Promise<readonly string[]> => {
	const patterns = needles.map(({text}) => `${text}\n`).join('');
	const journal = await droplet.must(['journalctl', '--no-pager', '--all', '--output=export']);
	const {out, err, code} = await droplet.exec(['grep', '--recursive', '--files-with-matches', '--text', '--fixed-strings', '--file=-', '--devices=skip', ...['proc', 'sys', 'dev'].map(folder => `--exclude-dir=${folder}`), '/'], {input: patterns, seconds: 300});
	if (code > 1 && !/^(?:grep: [^\n]+: No such (?:file|device)[^\n]*\n?)+$/v.test(err)) {
		throw new Error(err);
	}

	return [...foundIn(journal, needles).map(what => `${what} in the journal`), ...out.split('\n').filter(Boolean)];
};

type Given = {readonly droplet: Droplet; readonly home: Home; readonly secrets: Readonly<Record<string, string>>; readonly words: readonly string[]; readonly input?: string; /** Files of the person's own in which a secret is meant to be. */ readonly own?: readonly string[]};

const suffer = async (t: ExecutionContext, {droplet, home, secrets, words, input = '', own = []}: Given): Promise<void> => {
	const control = odd('a control that must be found');
	const needles = needlesOf({...secrets, control});
	const [inside, here, starts] = [await watchDroplet(droplet, needles), await watchHere(needles), await watchStarts(droplet, needles)];
	// Eyes that see nothing would find nothing: one process with a known text in its argument list, one with it in its environment.
	await droplet.must(['systemd-run', '--wait', '--quiet', 'sleep', '0.05', '0', `0${control}`]).catch(() => undefined);
	await droplet.must(['systemd-run', '--wait', '--quiet', `--setenv=CONTROL=${control}`, 'sleep', '0.2']);
	const result = await home.dropwise(words, {input});
	const [seenInside, seenHere, started] = [await inside.stop(), await here.stop(), await starts.stop()];
	t.is(result.code, 0, result.out + result.err);

	const isControl = (line: string): boolean => line.startsWith('control ');
	t.true(seenInside.found.some(line => isControl(line) && line.includes('cmdline')), 'the control in an argument list, seen inside');
	t.true(seenInside.found.some(line => isControl(line) && line.includes('environ')), 'the control in an environment, seen inside');
	t.true(seenHere.found.some(line => isControl(line)), 'the control seen from here');
	t.true(started.found.some(line => isControl(line)), 'the control among what was started');
	t.deepEqual([...seenInside.found, ...seenHere.found, ...started.found].filter(line => !isControl(line)), []);
	t.true(started.starts > 100, `${started.starts} programs started`);
	t.log(`${seenInside.passes} looks at the droplet's processes (${seenInside.processes} argument lists), ${seenHere.passes} at all of this machine's (${seenHere.processes}), ${started.starts} programs started`);

	await droplet.must(['logger', control]);
	await droplet.write('/var/log/control', control);
	const there = await onDroplet(droplet, needles);
	t.true(there.includes('control (plain) in the journal') && there.includes('/var/log/control'), there.join('\n'));
	await droplet.must(['rm', '/var/log/control']);
	const secretNeedles = needles.filter(({secret}) => secret !== 'control');
	t.deepEqual(await onDroplet(droplet, secretNeedles), [], 'on the droplet');
	t.deepEqual(foundIn(result.out, secretNeedles), [], 'standard output');
	t.deepEqual(foundIn(result.err, secretNeedles), [], 'standard error');
	t.deepEqual(await inFolder(home.folder, secretNeedles, own), [], 'the state folder and the home around it');
	const files = await readdir(home.state, {recursive: true});
	t.true(['journal.jsonl', 'hostkeys.jsonl'].every(name => files.some(file => file.endsWith(name))) && files.some(file => /^rescue-.*\.txt$/v.test(file)) && files.some(file => /runs\/.*\.log$/v.test(file)), files.join(' '));
};

test.serial('root\'s password from standard input', async t => {
	t.timeout(600_000);
	const rootPassword = odd('the first password');
	const droplet = await up({release: 'trixie', rootPassword});
	t.teardown(async () => droplet.down());
	const home = await homeFor(t);
	const {ed25519: hostKey = ''} = await droplet.fingerprints();
	const [, halfOfKey = ''] = (await readFile(droplet.keyFile, 'utf8')).split('\n').toReversed().filter(line => /^[\w+\/=]{40,}$/v.test(line));
	await suffer(t, {
		droplet, home, input: `${rootPassword}\n`, secrets: {password: rootPassword, 'private key': halfOfKey}, words: ['apply', `root@${droplet.address}`, '--yes', '--password-file', '-', '--host-key', hostKey, '-i', droplet.keyFile],
	});
});

test.serial('a sudo password, and a key with a passphrase, told in JSON', async t => {
	t.timeout(600_000);
	const sudoPassword = odd('the second password');
	const passphrase = odd('open sesame');
	const droplet = await up({release: 'trixie'});
	t.teardown(async () => droplet.down());
	const home = await homeFor(t);
	const {ed25519: hostKey = ''} = await droplet.fingerprints();
	const key = path.join(home.folder, 'sealed');
	await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'grace', '-f', key]);
	const [, halfOfKey = ''] = (await readFile(key, 'utf8')).split('\n').toReversed().filter(line => /^[\w+\/=]{40,}$/v.test(line));
	await must(['ssh-keygen', '-q', '-p', '-P', '', '-N', passphrase, '-f', key]);
	await droplet.must(['useradd', '--create-home', '--shell', '/bin/bash', '--groups', 'sudo', 'grace']);
	await droplet.must(['chpasswd'], {input: `grace:${sudoPassword}\n`});
	await droplet.write('/home/grace/.ssh/authorized_keys', await readFile(`${key}.pub`, 'utf8'), '0600');
	await droplet.must(['chown', '-R', 'grace:grace', '/home/grace']);
	const [sudoFile, passphraseFile] = [path.join(home.folder, 'sudo-password'), path.join(home.folder, 'passphrase')];
	await must(['tee', sudoFile], {input: `${sudoPassword}\n`});
	await must(['tee', passphraseFile], {input: `${passphrase}\n`});
	await suffer(t, {
		droplet, home, own: [sudoFile, passphraseFile], secrets: {'sudo password': sudoPassword, passphrase, 'private key': halfOfKey}, words: ['apply', `grace@${droplet.address}`, '--yes', '--json', '-i', key, '--sudo-password-file', sudoFile, '--passphrase-file', passphraseFile, '--host-key', hostKey],
	});
});
