/** A person types on the practice droplet. */
import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {openConsole, type Console} from '../../source/practice/console.js';
import {levels} from '../../source/practice/droplet.js';
import {openPrompt} from '../../source/practice/prompt.js';
import type {Level} from '../../source/practice/state.js';

const sit = (level: Level = 'debian-13', pace = 0): {enter: ReturnType<typeof openPrompt>['enter']; says: (line: string) => Promise<string>; console: Console; waited: () => number} => {
	const directory = mkdtempSync(path.join(tmpdir(), 'dropwise-prompt-'));
	let waited = 0;
	const {enter} = openPrompt({
		directory, level, pace, clock: {
			now: () => Date.now(), async wait(milliseconds) {
				waited += milliseconds;
			},
		},
	});
	return {
		enter, waited: () => waited, console: openConsole({directory, level}), async says(line) {
			const entered = await enter(line);
			return 'said' in entered ? entered.said : JSON.stringify(entered);
		},
	};
};

for (const level of levels) {
	test(`${level}: a command does what it does there, and says what it says`, async t => {
		const {says, console} = sit(level);
		t.is(await says('useradd --create-home --shell /bin/bash ada'), '');
		t.regex(await says('id ada'), /^uid=1000\(ada\)/);
		t.is(console.run(['id', '-u', 'ada']).out, '1000\n');
		t.regex(await says('sudo id root'), /^uid=0/);
		t.is(await says('LC_ALL=C echo \'a b\''), 'a b\n');
	});

	test(`${level}: grep and sed do what people paste`, async t => {
		const {says} = sit(level);
		t.is(await says('echo "IPV6=yes" > /root/b'), '');
		await says('echo "MANAGE_BUILTINS=no" >> /root/b');
		t.is(await says('sed -i s/MANAGE_BUILTINS=no/MANAGE_BUILTINS=yes/ /root/b'), '');
		t.is(await says('grep -n BUILTINS /root/b'), '2:MANAGE_BUILTINS=yes\n');
		t.is(await says('sed \'s#^\\(IPV6\\)=.*#\\1="&"#\' /root/b'), 'IPV6="IPV6=yes"\nMANAGE_BUILTINS=yes\n');
		t.is(await says('sed -E \'s/(yes|no)$/[\\1]/\' /root/b'), 'IPV6=[yes]\nMANAGE_BUILTINS=[yes]\n');
		t.is(await says('sed -i \'1i # mine\' /root/b'), '');
		t.is(await says('sed 2d /root/b'), '# mine\nMANAGE_BUILTINS=yes\n');
		t.is(await says('sed \'/^#/d\' /root/b'), 'IPV6=yes\nMANAGE_BUILTINS=yes\n');
		t.is(await says('grep -c -i -v ipv6 /root/b'), '2\n');
		t.is(await says('grep nothing /root/b'), '');
		t.is(await says('grep a /root/none'), 'grep: /root/none: No such file or directory\n');
		t.is(await says('sed -i s/a/b/ /root/none'), 'sed: can\'t read /root/none: No such file or directory\n');
		t.regex(await says('sed -n p /root/b'), /not what was asked of it|does not know/);
	});

	test(`${level}: an unknown command names those that exist`, async t => {
		const {says} = sit(level);
		const said = await says('uptime -p');
		t.regex(said, /does not know uptime\. It knows: help, exit, nano, apt-cache, apt-get, /);
		t.is(await says('usradd ada'), 'The practice droplet does not know usradd. Did you mean useradd? "help" names all that it knows.\n');
		t.is(said.includes('systemctl'), level === 'debian-13');
		t.is(said.includes('initctl'), level === 'ubuntu-14.04');
		t.is(said.includes(' ufw'), level === 'ubuntu-14.04');
		await says('apt-get update');
		await says('apt-get install ufw');
		t.regex(await says('help'), /knows: .*\bufw\b/);
	});
}

test('what a real one would not know either is said in its shell\'s words; a gap never is', async t => {
	const {says} = sit('ubuntu-14.04');
	t.is(await says('systemctl status ssh'), '-bash: systemctl: command not found\n');
	t.regex(await says('useradd --frobnicate ada'), /knows useradd, but not what was asked of it here/);
});

test('what a command says may go to a file, which is new or is added to', async t => {
	const {says, console} = sit();
	t.is(await says(String.raw`printf '%s\n' 'a b' c > /etc/x`), '');
	t.is(await says('echo d >> /etc/x'), '');
	t.is(console.read('/etc/x'), 'a b\nc\nd\n');
	t.is(await says('echo e > /etc/x'), '');
	t.is(console.read('/etc/x'), 'e\n');
	t.is(await says('> /root/here'), '');
	t.is(console.read('/root/here'), '');
	t.is(await says('echo x > /nowhere/x'), '-bash: /nowhere/x: No such file or directory\n');
	t.is(await says('echo x > /etc'), '-bash: /etc: Is a directory\n');
	t.is(console.read('/nowhere/x'), undefined);
});

test('a line that goes on is taken whole', async t => {
	const {says, enter, console} = sit();
	t.deepEqual(await enter('useradd \\'), {goesOn: true});
	t.is(console.run(['id', 'ada']).code, 1);
	t.is(await says('useradd \\\n  ada'), '');
	t.is(console.run(['id', 'ada']).code, 0);
});

test('an editor opens a file that is there or is to be, and keeps it with its mode', async t => {
	const {enter, says, console} = sit();
	console.write('/etc/x', 'a\n', {mode: 0o440});
	for (const line of ['nano /etc/x', 'sudo nano +1 /etc/x', 'vim -R /root/../etc/x']) {
		const entered = await enter(line);
		t.like(entered, {file: {path: '/etc/x', content: 'a\n'}}, line);
	}

	const there = await enter('nano /etc/x');
	(there as {file: {keep: (content: string) => void}}).file.keep('b\n');
	t.is(console.read('/etc/x'), 'b\n');
	t.is(console.run(['stat', '-c', '%a', '/etc/x']).out, '440\n');
	t.like(await enter('nano /root/new'), {file: {path: '/root/new', content: ''}});
	t.regex(await says('nano'), /Name the file/);
	t.regex(await says('nano /etc'), /no file that can be opened/);
	t.regex(await says('nano /nowhere/x'), /no file that can be opened/);
});

test('there is no going into folders, which is said; what becomes root finds that one is', async t => {
	const {says, console} = sit();
	for (const line of ['cd /etc', 'cd', 'nano x', 'echo a > x', 'nano etc/hosts']) {
		t.regex(await says(line), /name files from the top/, line);
	}

	t.is(console.read('/root/x'), undefined);
	for (const line of ['sudo -i', 'sudo su -', 'su', 'su -']) {
		t.is(await says(line), 'You are root here already.\n', line);
	}
});

test('what sudo does not find it says itself', async t => {
	const {says} = sit();
	t.is(await says('ufw status'), '-bash: ufw: command not found\n');
	t.is(await says('sudo ufw status'), 'sudo: ufw: command not found\n');
});

test('whatever is typed, the prompt answers', async t => {
	const {says, enter} = sit('ubuntu-14.04');
	const names = /It knows: (?<names>[^.]+)\./.exec(await says('uptime'))!.groups!['names']!.split(', ');
	t.true(names.length > 40);
	for (const name of names) {
		for (const words of ['', '-x', '--help', 'x', 'x y', '/nowhere/x', '700 /nowhere/x', '/etc', 'ssh status', 'install x', '\'\'']) {
			await t.notThrowsAsync(enter(`${name} ${words}`), `${name} ${words}`);
		}
	}
});

test('exit leaves; nothing does nothing; what a shell would act on is refused', async t => {
	const {enter, says} = sit();
	t.deepEqual(await enter('exit'), {leaves: true});
	t.deepEqual(await enter('logout'), {leaves: true});
	t.is(await says(''), '');
	t.is(await says('# a comment'), '');
	t.regex(await says('cat /etc/passwd | head'), /one command at a time and knows no \|/);
});

test('it takes the time that it takes, and a restart cuts the droplet off', async t => {
	const {says, console, waited} = sit('debian-13', 1);
	const before = console.touch(({droplet}) => droplet.boot.id);
	await says('sleep 3');
	t.is(waited(), 3000);
	await says('reboot');
	t.not(console.touch(({droplet}) => droplet.boot.id), before);
	t.true(console.touch(({droplet, now}) => droplet.boot.at > now + 5000));
});

const answers = async (enter: ReturnType<typeof sit>['enter'], line: string, answer: string): Promise<readonly string[]> => {
	const entered = await enter(line);
	if (!('said' in entered) || entered.asks === undefined) {
		return [];
	}

	const then = await entered.asks.answer(answer);
	return [entered.said.trim(), entered.asks.question, 'said' in then ? then.said : ''];
};

test('a command that asks waits for the answer, and only yes is one', async t => {
	const {enter, says, console} = sit('ubuntu-14.04');
	const asked = ['Command may disrupt existing ssh connections.', 'Proceed with operation (y|n)?'];
	for (const [answer, says_] of [['', 'Aborted\n'], ['ufw status', 'Aborted\n'], ['y', 'Firewall is active and enabled on system startup\n']] as const) {
		t.deepEqual(await answers(enter, 'ufw enable', answer), [...asked, says_]);
	}

	t.regex(console.run(['ufw', 'status']).out, /Status: active/);
	await says('ufw allow 8080/tcp');
	t.regex((await answers(enter, 'ufw delete 1', 'yes')).join(' '), /^Deleting:\n allow 8080\/tcp Proceed with operation \(y\|n\)\? Rule deleted/);
});

test('a verb that the real one does not know is answered as the real one does; one that it knows is a gap', async t => {
	const {says} = sit('ubuntu-14.04');
	t.is(await says('apt-get upgarde'), 'E: Invalid operation upgarde\n');
	t.regex(await says('apt-get dist-upgrade'), /knows apt-get, but not what was asked/);
	t.regex(await says('ufw enabel'), /^ERROR: Invalid syntax\n\nUsage: ufw COMMAND/);
	t.regex(await says('ufw status verbsoe'), /^ERROR: Invalid syntax/);
	t.regex(await says('ufw logging on'), /knows ufw, but not what was asked/);
});
