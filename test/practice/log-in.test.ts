import test from 'ava';
import {ConnectError} from '../../source/server/connect-error.js';
import {hide} from '../../source/server/secret.js';
import {
	asAda,
	asRoot,
	scene,
	triesToLogIn,
	withAda,
} from './scene.js';

/** Logging in obeys what the running sshd has loaded, the accounts, the files' permissions and the kernel's rules. */
for (const level of ['ubuntu-14.04', 'debian-13'] as const) {
	test(`${level}: root comes in with the password and nothing else`, async t => {
		const here = await scene(level);
		t.is(here.server.me.root, 'is');
		t.is(await triesToLogIn(here, {user: 'root', password: hide('wrong')}), 'log-in');
		t.is(await triesToLogIn(here, asAda), 'log-in');
	});

	test(`${level}: a key opens the door only where nobody else could have written it`, async t => {
		const here = await withAda(level);
		t.is((await here.open(asAda)).me.root, 'sudo');
		for (const [path, bad, good] of [['/home/ada/.ssh/authorized_keys', '666', '600'], ['/home/ada/.ssh', '777', '700'], ['/home/ada', '775', '755']] as const) {
			here.console.run(['chmod', bad, path]);
			t.is(await triesToLogIn(here, asAda), 'log-in', `${path} as it must not be`);
			here.console.run(['chmod', good, path]);
			t.is(await triesToLogIn(here, asAda), 'in', `${path} as it must be`);
		}

		here.console.run(['chown', 'daemon', '/home/ada/.ssh']);
		t.is(await triesToLogIn(here, asAda), 'log-in');
	});

	test(`${level}: what a file says counts only once sshd has read it`, async t => {
		const here = await scene(level);
		const file = level === 'debian-13' ? '/etc/ssh/sshd_config.d/00-mine.conf' : '/etc/ssh/sshd_config';
		here.console.write(file, `PermitRootLogin no\n${level === 'debian-13' ? '' : here.console.read(file)!}`);
		t.regex(await here.ask('/usr/sbin/sshd', '-T'), /^permitrootlogin no$/mv);
		t.is(await triesToLogIn(here, asRoot), 'in');
		await (level === 'debian-13' ? here.run('systemctl', 'reload', 'ssh') : here.run('service', 'ssh', 'reload'));
		t.is(await triesToLogIn(here, asRoot), 'log-in');
		t.deepEqual(here.server.offered, ['publickey', 'password'], 'as when we came');
	});

	test(`${level}: a blocked port is silent, over both families, and an open one answers`, async t => {
		const here = await scene(level);
		t.is(await here.server.dial('203.0.113.7', 8080, 10), 'open');
		t.is(await here.server.dial('2001:db8::7', 8080, 10), 'open');
		t.is(await here.server.dial('203.0.113.7', 81, 10), 'refused');
		await here.run('apt-get', '-y', 'install', 'ufw');
		await here.run('ufw', 'allow', '2222/tcp');
		await here.run('ufw', '--force', 'enable');
		t.is(await here.server.dial('203.0.113.7', 8080, 10), 'silent');
		t.is(await here.server.dial('2001:db8::7', 8080, 10), 'silent');
		t.is(await here.server.dial('203.0.113.7', 2222, 10), 'refused');
		t.is(await here.server.dial('203.0.113.8', 22, 10), 'unreachable');
		t.is(await triesToLogIn(here, asRoot), 'silent');
		t.is(await here.ask('true'), '', 'who is in stays in');
	});
}

test('AllowUsers, a locked-out group and a shell that is not there', async t => {
	const here = await withAda();
	const say = (text: string) => {
		here.console.write('/etc/ssh/sshd_config.d/00-mine.conf', text);
		here.console.run(['systemctl', 'reload', 'ssh']);
	};

	say('AllowUsers eve ada@198.51.100.*\n');
	t.is(await triesToLogIn(here, asAda), 'in');
	say('AllowUsers eve\n');
	t.is(await triesToLogIn(here, asAda), 'log-in');
	say('DenyGroups ada\n');
	t.is(await triesToLogIn(here, asAda), 'log-in');
	say('');
	t.is(await triesToLogIn(here, asAda), 'in');
	here.console.run(['usermod', '-s', '/bin/zsh', 'ada']);
	t.is(await triesToLogIn(here, asAda), 'log-in');
});

test('becoming root: not allowed, with a password, with a broken rule', async t => {
	const here = await withAda();
	here.console.remove('/etc/sudoers.d/ada');
	t.is(await triesToLogIn(here, asAda), 'no-sudo');
	here.console.run(['usermod', '-aG', 'sudo', 'ada']);
	t.is(await triesToLogIn(here, asAda), 'sudo-password');
	here.console.run(['chpasswd'], 'ada:correct horse\n');
	t.is((await here.open({...asAda, sudoPassword: hide('correct horse')})).me.root, 'sudo-password');
	t.is(await triesToLogIn(here, {...asAda, sudoPassword: hide('wrong')}), 'sudo-password');
	here.console.write('/etc/sudoers.d/ada', 'ada ALL=(ALL:ALL) NOPASSWD: ALL\n', {mode: 0o666});
	t.is(await triesToLogIn(here, asAda), 'sudo-password', 'sudo reads no file that others could write');
	here.console.run(['chmod', '440', '/etc/sudoers.d/ada']);
	t.is(await triesToLogIn(here, asAda), 'in');
});

test('a bad line in sudo\'s rules ends all sudo on 14.04, and is passed over on trixie', async t => {
	for (const [level, ends] of [['ubuntu-14.04', 'no-sudo'], ['debian-13', 'in']] as const) {
		const here = await withAda(level);
		here.console.write('/etc/sudoers.d/bad', 'ada ALL=(ALL NOPASSWD:ALL\n', {mode: 0o440});
		t.is(await triesToLogIn(here, asAda), ends, `on ${level}`);
	}
});

test('refusals have the words of a real server', async t => {
	const here = await scene();
	const error = await t.throwsAsync(here.open({user: 'root', password: hide('wrong')}), {instanceOf: ConnectError});
	t.is(error.message, 'The server refused the password of root.');
	t.true(error.tries.length > 0);
});
