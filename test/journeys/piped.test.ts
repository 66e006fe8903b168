import {spawn} from 'node:child_process';
import {
	chmod, mkdir, readFile, writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {openConsole} from '../../source/practice/console.js';
import {makeKey} from '../../source/server/key-pairs.js';
import {hostKey, sshServer} from '../server/ssh-server.js';
import {four} from './plain.js';
import {
	cli, emptyHome, environment, hurried,
} from './terminal.js';

type Result = {readonly code: number | null; readonly out: string; readonly err: string};

const run = async (words: readonly string[], {input = '', home, over = {}, before = []}: {input?: string; home?: string; over?: Readonly<Record<string, string>>; before?: readonly string[]} = {}): Promise<Result> => {
	const child = spawn(process.execPath, [...before, cli, ...words], {env: environment(home ?? await emptyHome(), {...hurried, ...over})});
	let out = '';
	let err = '';
	child.stdout.on('data', (data: Buffer) => {
		out += data.toString();
	});
	child.stderr.on('data', (data: Buffer) => {
		err += data.toString();
	});
	child.stdin.on('error', () => undefined);
	child.stdin.end(input);
	return new Promise(resolve => {
		child.on('close', code => {
			resolve({code, out, err});
		});
	});
};

const isOneSentence = (text: string): boolean => text.trim().split('\n').length === 1 && text.startsWith('dropwise: ');

test.serial('help and version', async t => {
	const help = await run(['--help']);
	t.is(help.code, 0);
	t.regex(help.out, /dropwise check SERVER/);
	t.true(help.out.split('\n').every(line => line.length <= 80));
	const version = await run(['--version']);
	t.is(version.out, `${(JSON.parse(await readFile('package.json', 'utf8')) as {version: string}).version}\n`);
});

test.serial('a Node that is too old is told so, and what to do', async t => {
	const old = 'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"18.20.1"}})';
	const {code, err, out} = await run([], {before: ['--import', old]});
	t.is(code, 2);
	t.is(out, '');
	t.regex(err, /^dropwise needs Node 22 or newer and this is Node 18\.20\.1\.\n/);
	t.true(err.split('\n').every(line => line.length <= 80));
});

test.serial('the practice droplet, piped, by Enter alone', async t => {
	const {code, out} = await run([], {input: '\n'.repeat(15)});
	t.is(code, 0, out);
	t.regex(out, /(\d+) of \1 steps hold/);
	t.notRegex(out, /\u001B/);
});

test.serial('input that ends stops the wizard', async t => {
	const {code, out} = await run(['practice', ...four], {input: '\n'});
	t.is(code, 130, out);
	t.regex(out, /Stopped: there was no more input/);
});

test.serial('check, apply, check, undo, check', async t => {
	const home = await emptyHome();
	const first = await run(['check', 'practice'], {home});
	t.regex(first.out, /✖ sshd offers strangers nothing but keys/, 'known from coming in: nobody can log in as the admin yet');
	t.is(first.code, 1);
	t.regex(first.out, /0 of \d steps hold/);
	const apply = await run(['apply', 'practice', '--yes'], {home});
	t.is(apply.code, 0, apply.out);
	const second = await run(['check', 'practice'], {home});
	t.is(second.code, 0, second.out);
	t.regex(second.out, /(\d+) of \1 steps hold/);
	const again = await run(['apply', 'practice', '--yes', '--json'], {home});
	t.is(again.code, 0);
	const events = again.out.trim().split('\n').map(line => JSON.parse(line) as {v: number; time: string; server: string; event: string});
	t.true(events.every(({v, time, server}) => v === 2 && !Number.isNaN(Date.parse(time)) && server === 'practice'));
	t.false(events.some(({event}) => event === 'action-started'));
	t.is(events.at(-1)?.event, 'run-finished');
	const undo = await run(['undo', 'practice', 'firewall'], {home});
	t.is(undo.code, 0, undo.out);
	const third = await run(['check', 'practice'], {home});
	t.is(third.code, 1);
	t.regex(third.out, /Close every door/);
});

test.serial('plan lists the commands and changes nothing', async t => {
	const home = await emptyHome();
	const {code, out} = await run(['plan', 'practice', '--steps', 'admin-user'], {home});
	t.is(code, 0, out);
	t.regex(out, /useradd --create-home/);
	t.regex(out, /4 actions would be carried out/);
	t.is((await run(['check', 'practice'], {home})).code, 1);
});

test.serial('answers', async t => {
	const home = await emptyHome();
	const answers = path.join(home, 'answers.json');
	await writeFile(answers, '{"admin-user": {"name": "grace"}, "firewall": {"alsoOpen": [8080]}}');
	const {code, out} = await run(['apply', 'practice', '--yes', '--answers', answers], {home});
	t.is(code, 0, out);
	t.regex(out, /useradd [^\n]*grace/);
	t.regex(out, /ufw allow 8080\/tcp/);
});

test.serial('the other recipe, and all of it once more after a restart', async t => {
	const home = await emptyHome();
	const answers = path.join(home, 'answers.json');
	await writeFile(answers, '{"docker-behind-firewall": {"recipe": "iptables-off"}}');
	const {code, out} = await run(['apply', 'practice:debian-13', '--yes', '--answers', answers], {home});
	t.is(code, 0, out);
	t.regex(out, /write \/etc\/docker\/daemon\.json[\s\S]*iptables -t nat -A POSTROUTING -j dropwise-nat/);
	openConsole({directory: path.join(home, '.local/state/dropwise/practice/debian-13'), level: 'debian-13'}).run(['reboot']);
	const checked = await run(['check', 'practice:debian-13', '--strict'], {home});
	t.is(checked.code, 0, checked.out);
	await writeFile(answers, '{"docker-behind-firewall": {"recipe": "iptables"}}');
	const wrong = await run(['apply', 'practice:debian-13', '--yes', '--answers', answers], {home});
	t.is(wrong.code, 2);
	t.regex(wrong.err, /docker-behind-firewall\.recipe cannot be "iptables": expected docker-user or iptables-off\./);
});

test.serial('-i is how one logs in, the answer names the key that opens the admin\'s door', async t => {
	const home = await emptyHome();
	const [mine, theirs] = await Promise.all(['mine', 'theirs'].map(async name => makeKey(path.join(home, name), name)));
	const answers = path.join(home, 'answers.json');
	await writeFile(answers, JSON.stringify({'admin-user': {name: 'ada', identity: theirs!.identity}}));
	const {code, out} = await run(['apply', 'practice', '--yes', '--steps', 'admin-user', '-i', mine!.identity, '--answers', answers], {home});
	t.is(code, 0, out);
	const list = openConsole({directory: path.join(home, '.local/state/dropwise/practice/ubuntu-14.04'), level: 'ubuntu-14.04'}).read('/home/ada/.ssh/authorized_keys')!;
	t.true(list.includes(theirs!.publicKey));
	t.false(list.includes(mine!.publicKey));
});

const usage: ReadonlyArray<readonly [words: readonly string[], message: RegExp]> = [
	[['--nonsense'], /There is no option --nonsense/],
	[['check'], /check needs a server/],
	[['check', '1.2.3'], /"1\.2\.3" is not a server's address/],
	[['apply', 'practice'], /apply asks before each step, and nobody can answer here: say --yes/],
	[['apply', 'practice', '--yes', '--steps', 'firewal'], /There is no step "firewal"\. Did you mean firewall\?/],
	[['undo', 'practice', 'firewal'], /There is no step "firewal"/],
	[['check', 'practice:nowhere'], /There is no practice droplet "nowhere"/],
	[['apply', 'practice', '--yes', '--answers', '/nowhere.json'], /The answers file "\/nowhere\.json" cannot be read \(ENOENT\)/],
	[['check', 'practice', '--password-file', '/nowhere'], /--password-file "\/nowhere" cannot be read \(ENOENT\)/],
	[['check', 'practice', '--password-file', '-'], /--password-file "-" is empty/],
];
for (const [words, message] of usage) {
	test.serial(`one sentence and exit code 2: dropwise ${words.join(' ')}`, async t => {
		const {code, out, err} = await run(words);
		t.is(code, 2, err);
		t.is(out, '');
		t.regex(err, message);
		t.true(isOneSentence(err), err);
	});
}

test.serial('a server that is not there: exit code 3', async t => {
	const {code, out} = await run(['check', 'root@127.0.0.1:1', '--password-file', '-'], {input: 'secret-word\n'});
	t.is(code, 3, out);
	t.regex(out, /127\.0\.0\.1, port 1 refuses connections/);
});

test.serial('in JSON what goes wrong before the run is an event as well', async t => {
	const {code, out, err} = await run(['check', 'root@127.0.0.1:1', '--password-file', '-', '--json'], {input: 'secret-word\n'});
	t.is(code, 3);
	const events = out.trim().split('\n').map(line => JSON.parse(line) as {event: string; trouble: {what: string}});
	t.deepEqual(events.map(({event}) => event), ['connecting', 'trouble']);
	t.regex(events.at(-1)!.trouble.what, /refuses connections/);
	t.regex(err, /refuses connections/);
});

test.serial('in JSON the key that a server shows is an event, with what is known of it', async t => {
	const {port} = await sshServer(t, {password: 'open door'});
	const home = await emptyHome();
	const password = path.join(home, 'password');
	await writeFile(password, 'open door\n');
	const told = async (...words: readonly string[]) => {
		const {out} = await run(['check', `root@127.0.0.1:${port}`, '--password-file', password, '--json', ...words], {home});
		t.false(out.includes('open door'));
		return out.trim().split('\n').map(line => JSON.parse(line) as {event: string; verdict?: string; key?: string; user?: string}).slice(0, 4);
	};

	const unknown = await told();
	t.deepEqual(unknown.map(({event, verdict}) => verdict ?? event), ['connecting', 'unknown', 'trouble']);
	t.is(unknown[1]!.key, hostKey);
	t.deepEqual((await told('--host-key', hostKey)).map(({event, verdict}) => verdict ?? event), ['connecting', 'expected', 'logging-in', 'logged-in']);
	t.deepEqual((await told()).map(({event, verdict}) => verdict ?? event), ['connecting', 'known', 'logging-in', 'logged-in']);
});

test.serial('nothing to log in with is said', async t => {
	const {code, out} = await run(['check', 'root@127.0.0.1:1']);
	t.is(code, 3);
	t.regex(out, /There is nothing to log in to root@127\.0\.0\.1:1 with/);
});

test.serial('a folder that cannot be written to is named', async t => {
	const home = await emptyHome();
	await writeFile(path.join(home, 'file'), '');
	const {code, err} = await run(['check', 'practice', '--state-dir', path.join(home, 'file', 'x')], {home});
	t.is(code, 2);
	t.regex(err, /The record cannot be kept in ".*" \(ENOTDIR\)/);
	t.true(isOneSentence(err));
});

test.serial('what is kept stays in the folder that was named', async t => {
	const home = await emptyHome();
	const state = path.join(home, 'elsewhere');
	await mkdir(state);
	await chmod(state, 0o700);
	const {code} = await run(['check', 'practice', '--state-dir', state], {home});
	t.is(code, 1);
	t.regex((await readFile(path.join(state, 'hostkeys.jsonl'), 'utf8')), /practice:ubuntu-14\.04/);
});
