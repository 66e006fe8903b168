/** Docker on the practice trixie against what a real trixie said, asked alike. */
import test from 'ava';
import {scene, type Scene} from './scene.js';

const settings = '/etc/docker/daemon.json';
const installed = async (): Promise<Scene> => {
	const here = await scene();
	await here.run('apt-get', '-q', '-y', 'install', 'ufw');
	await here.run('ufw', 'allow', '22/tcp');
	await here.run('ufw', '--force', 'enable');
	await here.run('apt-get', '-q', '-y', 'install', 'docker.io', 'docker-cli');
	return here;
};

const whereItRuns = ['find', '/run/docker.pid', '-exec', 'docker'] as const;
const info = async ({ask}: Scene) => ask(...whereItRuns, 'info', '--format', '{{.ServerVersion}} {{.LoggingDriver}} {{.LiveRestoreEnabled}} {{.Swarm.LocalNodeState}} {{.ContainersRunning}}', ';');
const unread = async ({ask}: Scene) => ask('find', settings, '-cnewer', '/run/docker.pid');
const dockers = async ({ask}: Scene, program: 'iptables' | 'ip6tables' = 'iptables') => (await ask(program, '-S')).split('\n').filter(line => /DOCKER|docker0|^-. FORWARD/.test(line));
const stop = ['systemctl', 'stop', 'docker.service', 'docker.socket'] as const;

const chains = ['-P FORWARD DROP', '-N DOCKER', '-N DOCKER-ISOLATION-STAGE-1', '-N DOCKER-ISOLATION-STAGE-2', '-N DOCKER-USER'];
const jumps = [
	'-A FORWARD -j DOCKER-USER',
	'-A FORWARD -j DOCKER-ISOLATION-STAGE-1',
	'-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
	'-A FORWARD -o docker0 -j DOCKER',
	'-A FORWARD -i docker0 ! -o docker0 -j ACCEPT',
	'-A FORWARD -i docker0 -o docker0 -j ACCEPT',
	...['before-logging', 'before', 'after', 'after-logging', 'reject', 'track'].map(place => `-A FORWARD -j ufw-${place}-forward`),
];
const isolation = [
	'-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2',
	'-A DOCKER-ISOLATION-STAGE-1 -j RETURN',
	'-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP',
	'-A DOCKER-ISOLATION-STAGE-2 -j RETURN',
];

test('a droplet without it', async t => {
	const {ask} = await scene();
	t.is(await ask(...whereItRuns, 'ps', ';'), 'find: ‘/run/docker.pid’: No such file or directory\n');
	t.is(await ask('systemctl', 'is-enabled', 'docker'), 'not-found\n');
	t.is(await ask('ip', '-o', 'link', 'show', 'type', 'bridge'), '');
	t.is(await ask('dpkg-query', '-W', '-f', ['$', '{Status}'].join(''), 'docker-ce'), 'dpkg-query: no packages found matching docker-ce\n');
});

test('as apt leaves it', async t => {
	const here = await installed();
	const {ask} = here;
	t.is(await info(here), '26.1.5+dfsg1 json-file false inactive 0\n');
	t.is(await ask(...whereItRuns, 'ps', '--format', '{{.Names}} {{.Ports}}', ';'), '');
	t.is(await ask('stat', '-c', '%a %U:%G %n', '/etc/docker'), '755 root:root /etc/docker\n');
	t.is(await ask('systemctl', 'is-enabled', 'docker'), 'enabled\n');
	t.is(await ask('systemctl', 'is-active', 'docker.socket'), 'active\n');
	t.is(await ask('cat', '/proc/sys/net/ipv4/ip_forward'), '1\n');
	t.regex(await ask('ip', '-o', 'link', 'show', 'type', 'bridge'), /^3: docker0: <NO-CARRIER,BROADCAST,MULTICAST,UP> .*DEFAULT group default \\ {4}link\/ether \S+ brd ff:ff:ff:ff:ff:ff\n$/);
	t.is(await ask('dpkg-query', '-W', '-f', ['$', '{Status}'].join(''), 'docker-ce'), 'unknown ok not-installed');
	t.deepEqual(await dockers(here), [...chains, ...jumps, ...isolation, '-A DOCKER-USER -j RETURN']);
	t.deepEqual((await dockers(here, 'ip6tables')).filter(line => /docker/i.test(line)), [], 'nothing over IPv6');
});

test('settings count from the next start, and what changed since is told apart however soon it came', async t => {
	const here = await installed();
	here.console.write(settings, '{"live-restore": true, "log-driver": "journald"}');
	t.is(await unread(here), `${settings}\n`);
	t.is(await info(here), '26.1.5+dfsg1 json-file false inactive 0\n');
	await here.run('systemctl', 'reload', 'docker');
	t.is(await info(here), '26.1.5+dfsg1 json-file true inactive 0\n', 'told to, it takes one of them');
	t.is((await here.run('systemctl', 'restart', 'docker')).code, 0);
	t.is(await unread(here), '');
	t.is(await info(here), '26.1.5+dfsg1 journald true inactive 0\n');
	await here.run('touch', settings);
	t.is(await unread(here), `${settings}\n`);
});

test('settings that it cannot read keep it down, and systemd refuses until it is told to forget', async t => {
	const here = await installed();
	here.console.write(settings, '{');
	t.is((await here.run('systemctl', 'restart', 'docker')).code, 1);
	t.is(await here.ask('systemctl', 'is-active', 'docker'), 'failed\n');
	here.console.write(settings, '{}');
	t.is((await here.run('systemctl', 'restart', 'docker')).code, 1);
	await here.run('systemctl', 'reset-failed', 'docker');
	t.is((await here.run('systemctl', 'restart', 'docker')).code, 0);
});

test('three starts in a minute and no more', async t => {
	const here = await installed();
	const restart = async () => (await here.run('systemctl', 'restart', 'docker')).code;
	t.deepEqual([await restart(), await restart(), await restart()], [0, 0, 1], 'installing it was the first');
	here.clock.pass(61);
	t.is(await restart(), 0);
});

test('stopped, it leaves its rules; its socket alone starts it for whoever asks', async t => {
	const here = await installed();
	await here.run(...stop);
	t.is(await info(here), 'find: ‘/run/docker.pid’: No such file or directory\n');
	t.is((await dockers(here)).length, chains.length + jumps.length + isolation.length + 1);
	t.regex(await here.ask('docker', 'ps', '--format', '{{.Names}}'), /^Cannot connect to the Docker daemon/);
	await here.run('systemctl', 'start', 'docker.socket');
	await here.run('docker', 'ps', '--format', '{{.Names}}');
	t.is(await here.ask('systemctl', 'is-active', 'docker'), 'active\n');
});

test('its own rules come first again at each start, and what stands in DOCKER-USER stays', async t => {
	const here = await installed();
	await here.run('iptables', '-I', 'DOCKER-USER', '-i', 'eth0', '-j', 'DROP');
	await here.run('iptables', '-D', 'FORWARD', '-j', 'DOCKER-USER');
	await here.run('iptables', '-I', 'FORWARD', '-i', 'eth9', '-j', 'ACCEPT');
	await here.run('systemctl', 'restart', 'docker');
	const now = await dockers(here);
	t.deepEqual(now.filter(line => line.startsWith('-A FORWARD')), [...jumps.slice(0, 6), '-A FORWARD -i eth9 -j ACCEPT', ...jumps.slice(6)]);
	t.deepEqual(now.slice(-2), ['-A DOCKER-USER -i eth0 -j DROP', '-A DOCKER-USER -j RETURN']);
});

const block = '*filter\n:DOCKER-USER - [0:0]\n-A DOCKER-USER -o docker0 -j DROP\n-A DOCKER-USER -j RETURN\nCOMMIT\n';
test('ufw loads the second table of its file, at a reload and at boot', async t => {
	const here = await installed();
	const path = '/etc/ufw/after.rules';
	here.console.write(path, here.console.read(path)! + block);
	const mine = ['-A DOCKER-USER -o docker0 -j DROP', '-A DOCKER-USER -j RETURN'];
	await here.run('ufw', 'reload');
	t.deepEqual((await dockers(here)).slice(-2), mine);
	here.console.restart();
	const after = here.console.run(['iptables', '-S', 'DOCKER-USER']).out;
	t.is(after, ['-N DOCKER-USER', ...mine, ''].join('\n'));
	t.true(here.console.run(['iptables', '-S', 'FORWARD']).out.startsWith('-P FORWARD DROP\n-A FORWARD -j DOCKER-USER\n'));
});

test('a file is tried without being loaded; of a bad second table the first is loaded', async t => {
	const here = await installed();
	here.console.write('/tmp/rules', `${block}*filter\n-A NOWHERE -j DROP\nCOMMIT\n`);
	const before = await dockers(here);
	t.not((await here.run('iptables-restore', '-n', '--test', '/tmp/rules')).code, 0);
	t.deepEqual(await dockers(here), before);
	t.not((await here.run('iptables-restore', '-w', '-n', '/tmp/rules')).code, 0);
	t.true((await dockers(here)).includes('-A DOCKER-USER -o docker0 -j DROP'));
});

test('a chain goes only when it is empty and nothing leads to it', async t => {
	const here = await installed();
	t.is((await here.run('ip6tables', '-N', 'DOCKER-USER')).code, 0);
	t.is((await here.run('ip6tables', '-N', 'DOCKER-USER')).code, 1);
	t.is((await here.run('ip6tables', '-X', 'DOCKER-USER')).code, 0);
	t.is((await here.run('ip6tables', '-F', 'DOCKER-USER')).code, 1);
	t.is((await here.run('iptables', '-F', 'DOCKER-USER')).code, 0);
	t.is((await here.run('iptables', '-X', 'DOCKER-USER')).code, 4);
});
