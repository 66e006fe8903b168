import test from 'ava';
import {
	asRoot,
	scene,
	triesToLogIn,
	type Scene,
} from './scene.js';

/** The traps of upstart that were tried on a real 14.04: facts of the shared notes, verified.md section 2. */
const spoil = (here: Scene) => {
	here.console.write('/etc/ssh/sshd_config', `PermitRootLogin prohibit-password\n${here.console.read('/etc/ssh/sshd_config')!}`);
};

test('a reload with a bad file: the listener dies while status says start/running', async t => {
	const here = await scene('ubuntu-14.04');
	t.regex(await here.ask('service', 'ssh', 'status'), /^ssh start\/running, process \d+\n$/v);
	const good = here.console.read('/etc/ssh/sshd_config')!;
	spoil(here);
	t.like(await here.run('/usr/sbin/sshd', '-t'), {code: 255, err: '/etc/ssh/sshd_config line 1: unsupported option "prohibit-password".\r\n'});
	t.like(await here.run('service', 'ssh', 'reload'), {code: 0, out: '', err: ''});
	t.is(await here.ask('service', 'ssh', 'status'), 'ssh start/running\n');
	t.false((await here.ask('ss', '-tlnp')).includes('sshd'));
	t.is(await triesToLogIn(here, asRoot), 'refused');
	t.like(await here.run('service', 'ssh', 'reload'), {code: 1, err: 'reload: Job is not running: ssh\n'});
	t.like(await here.run('service', 'ssh', 'start'), {code: 1, err: 'start: Job is already running: ssh\n'});
	t.is((await here.run('service', 'ssh', 'restart')).code, 0);
	t.is(await here.ask('status', 'ssh'), 'ssh start/running\n', 'still the bad file');
	here.console.write('/etc/ssh/sshd_config', good);
	t.is((await here.run('service', 'ssh', 'restart')).code, 0);
	t.regex(await here.ask('service', 'ssh', 'status'), /, process \d+\n$/v);
	t.is(await triesToLogIn(here, asRoot), 'in');
});

test('a good reload keeps the process', async t => {
	const here = await scene('ubuntu-14.04');
	const before = await here.ask('status', 'ssh');
	await here.run('service', 'ssh', 'reload');
	t.is(await here.ask('status', 'ssh'), before);
});

test('6.6 refuses keywords and values of later releases', async t => {
	const here = await scene('ubuntu-14.04');
	const says = (text: string) => {
		here.console.write('/root/test_config', text);
		const {code, err} = here.console.run(['sshd', '-t', '-f', '/root/test_config']);
		return `${code} ${err}`;
	};

	t.is(says('HostKeyAlgorithms ssh-ed25519\n'), '255 /root/test_config: line 1: Bad configuration option: HostKeyAlgorithms\r\n/root/test_config: terminating, 1 bad configuration options\r\n');
	t.is(says('Include /etc/ssh/x\nFingerprintHash md5\n'), '255 /root/test_config: line 1: Bad configuration option: Include\r\n/root/test_config: line 2: Bad configuration option: FingerprintHash\r\n/root/test_config: terminating, 2 bad configuration options\r\n');
	t.true(says('KexAlgorithms curve25519-sha256\n').includes('Unsupported KEX algorithm "curve25519-sha256"'));
	t.true(says('Ciphers ^aes256-ctr\n').includes('Bad SSH2 cipher spec \'^aes256-ctr\'.'));
	t.true(says('AuthenticationMethods any\n').startsWith('255 '));
});

test('the hardened configuration that was tried on it is accepted', async t => {
	const here = await scene('ubuntu-14.04');
	here.console.write('/root/test_config', `PermitRootLogin no
PasswordAuthentication no
ChallengeResponseAuthentication no
KbdInteractiveAuthentication no
PubkeyAuthentication yes
PermitEmptyPasswords no
UsePAM yes
AllowUsers ada
AuthenticationMethods publickey
LoginGraceTime 30
MaxAuthTries 3
MaxSessions 10
MaxStartups 10:30:60
X11Forwarding no
AllowAgentForwarding no
PermitTunnel no
PermitUserEnvironment no
ClientAliveInterval 60
ClientAliveCountMax 3
UseDNS no
RekeyLimit 512M 1h
KexAlgorithms curve25519-sha256@libssh.org,diffie-hellman-group-exchange-sha256
Ciphers chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr,aes192-ctr,aes128-ctr
MACs hmac-sha2-512-etm@openssh.com,hmac-sha2-256-etm@openssh.com,umac-128-etm@openssh.com
`);
	for (const level of ['ubuntu-14.04', 'debian-13'] as const) {
		const there = level === 'ubuntu-14.04' ? here : await scene(level);
		there.console.write('/root/test_config', here.console.read('/root/test_config')!);
		t.like(there.console.run(['sshd', '-t', '-f', '/root/test_config']), {code: 0, err: ''});
	}
});

test('unanswered, ufw enable is a no with exit code 0', async t => {
	const here = await scene('ubuntu-14.04');
	const {code, out} = await here.run('ufw', 'enable');
	t.is(code, 0);
	t.true(out.endsWith('Aborted\n'));
	t.is(await here.ask('ufw', 'status'), 'Status: inactive\n');
});

test('visudo wants the last line ended', async t => {
	const here = await scene('ubuntu-14.04');
	here.console.write('/root/sudoers', 'ada ALL=(ALL) NOPASSWD: ALL');
	t.is(here.console.run(['visudo', '-cf', '/root/sudoers']).code, 1);
	here.console.write('/root/sudoers', 'ada ALL=(ALL) NOPASSWD: ALL\n');
	t.is(here.console.run(['visudo', '-cf', '/root/sudoers']).out, '/root/sudoers: parsed OK\n');
});
