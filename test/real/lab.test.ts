import {Buffer} from 'node:buffer';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFile} from 'node:fs/promises';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {run} from '../lab/command.js';
import {
	type Droplet,
	delayingProxy,
	find,
	neighbour,
	up,
} from '../lab/lab.js';
import {until} from '../lab/processes.js';
import {names} from '../lab/record.js';
import {listens} from '../lab/ssh-answers.js';

const forgetful = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR', '-o', 'ConnectTimeout=5'];

const byPassword = async ({rootPassword}: Droplet, address: string, ...command: string[]) =>
	run(['sshpass', '-e', 'ssh', ...forgetful, '-o', 'PubkeyAuthentication=no', `root@${address}`, ...command], {environment: {SSHPASS: rootPassword}, seconds: 30});

const byKey = async ({keyFile, address}: Droplet) =>
	run(['ssh', ...forgetful, '-o', 'BatchMode=yes', '-i', keyFile, `root@${address}`, 'true'], {seconds: 30});

for (const release of ['bookworm', 'trixie'] as const) {
	test.serial(`${release}: a fresh droplet lets root in by password, v4 and v6, and by no key`, async t => {
		const droplet = await up({release});
		t.teardown(async () => droplet.down());
		for (const address of [droplet.address, droplet.address6]) {
			const answer = await byPassword(droplet, address, 'cat', '/etc/os-release');
			t.is(answer.code, 0, answer.err);
			t.true(answer.out.includes(`VERSION_CODENAME=${release}`));
		}

		const wrong = await byPassword({...droplet, rootPassword: 'wrong'} as Droplet, droplet.address, 'true');
		t.not(wrong.code, 0);
		const keyed = await byKey(droplet);
		t.is(keyed.code, 255);
		const ufw = await droplet.exec(['sh', '-c', 'command -v ufw']);
		t.not(ufw.code, 0, 'the program installs ufw itself');
	});

	test.serial(`${release}: a reboot loses the kernel's firewall rules and keeps files`, async t => {
		const droplet = await up({release});
		t.teardown(async () => droplet.down());
		await droplet.write('/root/kept/file', 'héllo\n', '0600');
		const before = await droplet.read('/proc/sys/kernel/random/boot_id');
		await droplet.must(['iptables', '-A', 'INPUT', '-p', 'tcp', '--dport', '9', '-j', 'DROP']);
		const armed = await droplet.must(['iptables', '-S']);
		t.regex(armed, /--dport 9/v);
		await droplet.reboot();
		t.not(await droplet.read('/proc/sys/kernel/random/boot_id'), before);
		t.notRegex(await droplet.must(['iptables', '-S']), /--dport 9/v);
		t.is(await droplet.read('/root/kept/file'), 'héllo\n');
		t.is(await droplet.must(['stat', '--format', '%a', '/root/kept/file']), '600\n');
	});
}

test.serial('root has the key where it was asked for, and the fingerprints are those that SSH shows', async t => {
	const droplet = await up({release: 'trixie', rootKey: true});
	t.teardown(async () => droplet.down());
	const {code} = await byKey(droplet);
	t.is(code, 0);
	const {ed25519} = await droplet.fingerprints();
	const scanned = await run(['ssh-keyscan', '-t', 'ed25519', droplet.address]);
	const shown = await run(['ssh-keygen', '-l', '-f', '-'], {input: scanned.out});
	t.is(shown.out.split(' ')[1], ed25519);
});

test.serial('power: cut ends everything at once, the disk can be read meanwhile, start boots again', async t => {
	const droplet = await up({release: 'trixie'});
	t.teardown(async () => droplet.down());
	await droplet.write('/root/file', 'kept');
	await droplet.cut();
	t.false(await droplet.isOn());
	t.false(await listens(droplet.address, 22));
	t.is(await droplet.read('/root/file'), 'kept');
	await droplet.start();
	t.true(await droplet.isOn());
	const answer = await byPassword(droplet, droplet.address, 'cat', '/root/file');
	t.is(answer.out, 'kept', answer.err);
});

test.serial('network: unplugged it cannot be reached but still be told things, also after a reboot', async t => {
	const droplet = await up({release: 'bookworm'});
	t.teardown(async () => droplet.down());
	await droplet.unplug();
	t.false(await listens(droplet.address, 22));
	t.false(await listens(droplet.address6, 22));
	t.is(await droplet.must(['echo', 'here']), 'here\n');
	t.regex(await droplet.must(['ip', 'link', 'show', 'host0']), /LOWER_UP/v, 'it does not notice');
	await droplet.reboot({until: 'booted'});
	t.false(await listens(droplet.address, 22));
	await droplet.plug();
	await until(async () => listens(droplet.address, 22), 20, 'the network to come back');
	await until(async () => listens(droplet.address6, 22), 20, 'IPv6 to come back');
});

test.serial('a neighbour sees it by v4 and v6; without IPv6 only by v4', async t => {
	const droplet = await up({release: 'trixie'});
	t.teardown(async () => droplet.down());
	const other = await neighbour();
	t.teardown(async () => other.down());
	const sees = async (address: string) => {
		const {out} = await other.exec(['nmap', '-n', '-Pn', '-p', '22', '-oG', '-', '--max-retries', '1', '--host-timeout', '5s', ...(address.includes(':') ? ['-6'] : []), address]);
		return out.includes('22/open');
	};

	t.true(await sees(droplet.address));
	t.true(await sees(droplet.address6));
	await droplet.withoutIpv6();
	t.true(await sees(droplet.address));
	t.false(await sees(droplet.address6));
	t.false(await listens(droplet.address6, 22));
	t.regex(await droplet.must(['ip', '-6', 'address']), new RegExp(droplet.address6, 'v'), 'it keeps its address');
	await droplet.withIpv6();
	// On a busy machine the neighbours' discovery takes a moment.
	await until(async () => sees(droplet.address6), 20, 'IPv6 to come back');
	await until(async () => listens(droplet.address6, 22), 20, 'IPv6 to come back to the gateway');
});

test.serial('there is no way out, but packages come', async t => {
	const droplet = await up({release: 'bookworm'});
	t.teardown(async () => droplet.down());
	for (const address of ['1.1.1.1', '2606:4700:4700::1111']) {
		const {code, err} = await droplet.exec(['ip', 'route', 'get', address]);
		t.is(code, 2);
		t.regex(err, /unreachable/v);
	}

	t.is(await droplet.read('/proc/sys/net/ipv4/ip_forward'), '0\n');
	t.is(await readFile('/proc/sys/net/ipv4/ip_forward', 'utf8'), '0\n');
	// The cache is no way out either: it fetches packages of the machine's mirror and nothing else.
	for (const scheme of ['http', 'https']) {
		const {out, err} = await droplet.exec(['curl', '-sS', '-o', '/dev/null', '-w', '%{http_code}', '-x', 'http://10.79.0.1:3142', `${scheme}://example.com/`]);
		t.regex(out + err, /403/v, `by ${scheme}`);
	}

	const resolved = await droplet.exec(['getent', 'hosts', 'example.com']);
	t.is(resolved.code, 2);
	await droplet.must(['apt-get', 'update']);
	await droplet.must(['apt-get', 'install', '--yes', '--no-install-recommends', 'ufw']);
	t.regex(await droplet.must(['ufw', 'status']), /inactive/v);
});

test.serial('ubuntu-like: it answers, and is not ready', async t => {
	const droplet = await up({release: 'ubuntu-like'});
	t.teardown(async () => droplet.down());
	const login = await byPassword(droplet, droplet.address, 'sshd', '-T');
	t.regex(login.out, /^passwordauthentication yes$/mv, login.err);
	t.regex((await droplet.exec(['cloud-init', 'status'])).out, /running/v);
	const apt = await droplet.exec(['apt-get', 'install', '--yes', 'netbase']);
	t.is(apt.code, 100);
	t.regex(apt.err, /lock-frontend.*held by process/v);
	t.is((await droplet.exec(['systemctl', 'is-enabled', 'ssh.service', 'ssh.socket'])).out, 'disabled\nenabled\n');
	const waited = await droplet.exec(['cloud-init', 'status', '--wait']);
	t.is(waited.code, 0, waited.out);
	await droplet.must(['apt-get', '-o', 'DPkg::Lock::Timeout=60', 'install', '--yes', 'netbase']);
	await droplet.reboot();
	await droplet.must(['apt-get', 'install', '--yes', 'netbase']);
});

test.serial('a far server is as far as it was told', async t => {
	const droplet = await up({release: 'trixie'});
	const proxy = await delayingProxy({to: {host: droplet.address, port: 22}, milliseconds: 200});
	t.teardown(async () => droplet.down());
	t.teardown(async () => proxy.close());
	const started = performance.now();
	const scanned = await run(['ssh-keyscan', '-t', 'ed25519', '-p', String(proxy.port), proxy.host]);
	t.regex(scanned.out, /ssh-ed25519/v);
	t.true(performance.now() - started >= 400, 'a banner and a key exchange are two round trips');
});

test.serial('an owner that is killed leaves nothing', async t => {
	const program = `
		const {up, neighbour} = await import(${JSON.stringify(new URL('../lab/lab.js', import.meta.url))});
		const droplet = await up({release: 'trixie'});
		const other = await neighbour();
		console.log(JSON.stringify([droplet.name, other.name]));
		setInterval(() => undefined, 1000);
	`;
	const owner = spawn(process.execPath, ['--input-type=module', '--eval', program], {stdio: ['ignore', 'pipe', 'inherit']});
	const [line] = await once(owner.stdout, 'data') as [Uint8Array];
	const [name, other] = JSON.parse(Buffer.from(line).toString('utf8')) as [string, string];
	const droplet = await find(name);
	t.true(await droplet.isOn());
	owner.kill('SIGKILL');
	await until(async () => {
		const all = await names();
		return !all.includes(name) && !all.includes(other);
	}, 20, 'the killed owner\'s droplets to go');
	t.false(await listens(droplet.address, 22));
	t.notRegex(await readFile('/proc/self/mounts', 'utf8'), new RegExp(`/${name}/`, 'v'));
	const running = await run(['pgrep', '--full', `keeper.js (?:${name}|${other})$|/${name}/root`]);
	t.is(running.out, '');
});

test.serial('the command line: up, exec, list, down', async t => {
	const cli = async (...argv: string[]) => run([process.execPath, fileURLToPath(new URL('../lab/cli.js', import.meta.url)), ...argv]);
	const booted = await cli('up', 'bookworm', '--json');
	t.is(booted.code, 0, booted.err);
	const {name, address, rootPassword, port} = JSON.parse(booted.out) as Droplet;
	t.teardown(async () => cli('down', name));
	t.is(port, 22);
	t.true(await listens(address, 22), 'it outlives the command');
	t.regex(rootPassword, /^[\da-f]{20}$/v);
	const inside = await cli('exec', name, '--', 'sh', '-c', 'echo -n out; echo -n err >&2; exit 7');
	t.deepEqual(inside, {code: 7, out: 'out', err: 'err'});
	const listed = await cli('list');
	t.true(listed.out.includes(name));
	const again = await cli('up', 'bookworm', '--name', name);
	t.is(again.code, 1);
	t.regex(again.err, /There is a droplet named/v);
	const down = await cli('down', name);
	t.is(down.code, 0, down.err);
	t.false((await cli('list')).out.includes(name));
	t.is((await cli('up', 'hurd')).code, 2);
	t.regex((await cli('down', 'nobody')).err, /There is no droplet named "nobody"/v);
});
