/** Containers on the practice trixie against what Docker 26.1 on a real one said and wrote, done alike. */
import test from 'ava';
import {scene, type Scene} from './scene.js';

const installed = async (): Promise<Scene> => {
	const here = await scene();
	await here.run('apt-get', '-q', '-y', 'install', 'ufw', 'docker.io', 'docker-cli');
	return here;
};

const words = (line: string): readonly [string, ...string[]] => line.split(' ') as [string, ...string[]];
const does = async ({run}: Scene, ...lines: readonly string[]): Promise<void> => {
	for (const line of lines) {
		await run(...words(line));
	}
};

/** How a command ends, and what it says. */
const ends = async ({run}: Scene, line: string): Promise<readonly [code: number, said: string]> => {
	const {code, out, err} = await run(...words(line));
	return [code, out + err];
};

/** The rules about containers in one table; the bridge of a network that somebody made is called br-X. */
const rules = async ({ask}: Scene, table: 'filter' | 'nat'): Promise<readonly string[]> => (await ask('iptables', '-t', table, '-S')).split('\n').filter(line => line.startsWith('-A ') && !/ ufw-|INPUT/.test(line)).map(line => line.replaceAll(/br-[\da-f]{12}/g, 'br-X'));
const chainOf = async (here: Scene, table: 'filter' | 'nat', chain: string): Promise<readonly string[]> => (await rules(here, table)).filter(rule => rule.startsWith(`-A ${chain} `)).map(rule => rule.slice(chain.length + 4));

const web = 'docker run -d --restart always --name web -p 8000:80 nginx';
const sites = ['docker network create sites', 'docker run -d --name proxy --network sites -p 80:80 -p 443:443 -p 5353:53/udp nginx'] as const;

test('what is published is let in by one rule in each of three chains, and goes with its container', async t => {
	const here = await installed();
	await does(here, web, 'docker run -d --name own -p 127.0.0.1:5432:80 nginx', ...sites);
	t.deepEqual(await chainOf(here, 'filter', 'DOCKER'), [
		'-d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT',
		'-d 172.17.0.3/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT',
		'-d 172.18.0.2/32 ! -i br-X -o br-X -p udp -m udp --dport 53 -j ACCEPT',
		'-d 172.18.0.2/32 ! -i br-X -o br-X -p tcp -m tcp --dport 443 -j ACCEPT',
		'-d 172.18.0.2/32 ! -i br-X -o br-X -p tcp -m tcp --dport 80 -j ACCEPT',
	]);
	t.deepEqual((await chainOf(here, 'nat', 'DOCKER')).slice(0, 4), [
		'-i br-X -j RETURN',
		'-i docker0 -j RETURN',
		'! -i docker0 -p tcp -m tcp --dport 8000 -j DNAT --to-destination 172.17.0.2:80',
		'-d 127.0.0.1/32 ! -i docker0 -p tcp -m tcp --dport 5432 -j DNAT --to-destination 172.17.0.3:80',
	]);
	t.deepEqual((await chainOf(here, 'nat', 'POSTROUTING')).slice(0, 3), ['-s 172.18.0.0/16 ! -o br-X -j MASQUERADE', '-s 172.17.0.0/16 ! -o docker0 -j MASQUERADE', '-s 172.17.0.2/32 -d 172.17.0.2/32 -p tcp -m tcp --dport 80 -j MASQUERADE']);
	await does(here, 'docker stop web', 'docker rm -f proxy');
	t.deepEqual(await chainOf(here, 'filter', 'DOCKER'), ['-d 172.17.0.3/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT']);
	t.is((await chainOf(here, 'nat', 'DOCKER')).length, 3);
});

test('a network is let out and kept apart; one without a way out only to itself', async t => {
	const here = await installed();
	await does(here, 'docker network create sites');
	t.deepEqual((await chainOf(here, 'filter', 'FORWARD')).slice(0, 6), [
		'-j DOCKER-USER', '-j DOCKER-ISOLATION-STAGE-1', '-o br-X -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT', '-o br-X -j DOCKER', '-i br-X ! -o br-X -j ACCEPT', '-i br-X -o br-X -j ACCEPT',
	]);
	const before = await rules(here, 'filter');
	await does(here, 'docker network create --internal inner');
	t.is((await chainOf(here, 'filter', 'FORWARD'))[2], '-i br-X -o br-X -j ACCEPT');
	t.deepEqual((await chainOf(here, 'filter', 'DOCKER-ISOLATION-STAGE-1')).slice(0, 2), ['! -s 172.19.0.0/16 -o br-X -j DROP', '! -d 172.19.0.0/16 -i br-X -j DROP']);
	await does(here, 'docker network rm inner');
	t.deepEqual(await rules(here, 'filter'), before);
});

const keeps = '{"live-restore": true}';

test('Docker restarted: containers go on where they are kept, and it does not ask its list again by itself', async t => {
	const here = await installed();
	here.console.write('/etc/docker/daemon.json', keeps);
	await does(here, 'systemctl restart docker', web, 'iptables -F FORWARD', 'systemctl restart docker');
	t.deepEqual((await chainOf(here, 'filter', 'FORWARD')).slice(0, 2), ['-j DOCKER-ISOLATION-STAGE-1', '-o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT']);
	t.is((await chainOf(here, 'filter', 'DOCKER')).length, 1);
	t.is((await ends(here, 'docker ps --format {{.Names}}'))[1], 'web\n');
});

test('stopped, it takes its containers along and their rules, unless they are kept', async t => {
	const here = await installed();
	await does(here, web, 'docker run -d --name once nginx', 'systemctl stop docker.service docker.socket');
	t.deepEqual(await chainOf(here, 'filter', 'DOCKER'), []);
	t.notRegex(await here.ask('ss', '-tlnp'), /docker-proxy/);
	await does(here, 'systemctl start docker');
	t.is((await ends(here, 'docker ps --format {{.Names}}'))[1], 'web\n', 'only the one that comes back by itself');
});

test('told to write no rules it leaves what it wrote until the machine starts anew', async t => {
	const here = await installed();
	here.console.write('/etc/docker/daemon.json', keeps);
	await does(here, 'systemctl restart docker', web);
	const before = await rules(here, 'nat');
	here.console.write('/etc/docker/daemon.json', '{"live-restore": true, "iptables": false}');
	await does(here, 'systemctl reset-failed docker', 'systemctl restart docker', 'docker restart web');
	t.deepEqual(await rules(here, 'nat'), before);
	here.console.restart();
	t.deepEqual(here.console.run(['iptables', '-t', 'nat', '-S']).out.split('\n').filter(line => line.startsWith('-A')), []);
	t.is(here.console.run(['docker', 'ps', '--format', '{{.Names}}']).out, 'web\n');
});

for (const [line, code, said] of [
	['docker run -d --name web nginx', 125, /^docker: Error response from daemon: Conflict\. The container name "\/web" is already in use by container "[\da-f]{64}"\. You have to remove \(or rename\) that container to be able to reuse that name\.\nSee 'docker run --help'\.\n$/],
	['docker run -d --name other -p 8000:80 nginx', 125, /^[\da-f]{64}\ndocker: Error response from daemon: driver failed programming external connectivity on endpoint other \([\da-f]{64}\): Bind for 0\.0\.0\.0:8000 failed: port is already allocated\.\n$/],
	['docker run -d --network nowhere nginx', 125, /^[\da-f]{64}\ndocker: Error response from daemon: network nowhere not found\.\n$/],
	['docker run -d --restart sometimes nginx', 125, /^docker: Error response from daemon: invalid restart policy: unknown policy 'sometimes'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'\.\nSee/],
	['docker run -d --name -x nginx', 125, /^docker: Error response from daemon: Invalid container name \(-x\), only \[a-zA-Z0-9\]\[a-zA-Z0-9_\.-\] are allowed\.\n/],
	['docker run -d -p 99999:80 nginx', 125, /^docker: Invalid hostPort: 99999\.\nSee 'docker run --help'\.\n$/],
	['docker rm web', 1, /^Error response from daemon: cannot remove container "\/web": container is running: stop the container before removing or force remove\n$/],
	['docker rm -f web nobody', 0, /^web\nError response from daemon: No such container: nobody\n$/],
	['docker start web nobody', 1, /^web\nError response from daemon: No such container: nobody\nError: failed to start containers: nobody\n$/],
	['docker stop nobody', 1, /^Error response from daemon: No such container: nobody\n$/],
	['docker exec nobody curl x', 1, /^Error response from daemon: No such container: nobody\n$/],
	['docker network create sites', 1, /^Error response from daemon: network with name sites already exists\n$/],
	['docker network rm sites', 1, /^Error response from daemon: error while removing network: network sites id [\da-f]{64} has active endpoints\n$/],
	['docker network rm nobody', 1, /^Error response from daemon: network nobody not found\n$/],
	['docker port web', 0, /^80\/tcp -> 0\.0\.0\.0:8000\n80\/tcp -> \[::\]:8000\n$/],
	['docker inspect --format {{.HostConfig.RestartPolicy.Name}} web nobody', 1, /^always\nError: No such object: nobody\n$/],
] as const) {
	test(`as Docker itself: ${line}`, async t => {
		const here = await installed();
		await does(here, web, ...sites);
		const [ended, text] = await ends(here, line);
		t.is(ended, code);
		t.regex(text, said);
	});
}

test('what docker ps and docker network ls show', async t => {
	const here = await installed();
	await does(here, ...sites, web, 'docker run -d --name once alpine');
	here.clock.pass(75);
	const lines = (await here.ask('docker', 'ps', '-a')).split('\n');
	t.is(lines[0], 'CONTAINER ID   IMAGE     COMMAND                  CREATED              STATUS                          PORTS                                                                                                             NAMES');
	t.regex(lines[1]!, /^[\da-f]{12} {3}alpine {4}"\/bin\/sh" {16}About a minute ago {3}Exited \(0\) About a minute ago +once$/);
	t.true(lines[3]!.endsWith(' 0.0.0.0:80->80/tcp, :::80->80/tcp, 0.0.0.0:443->443/tcp, :::443->443/tcp, 0.0.0.0:5353->53/udp, :::5353->53/udp   proxy'), lines[3]);
	t.is((await here.ask('docker', 'ps', '--format', '{{.Names}} {{.Ports}}')).split('\n')[0], 'web 0.0.0.0:8000->80/tcp, :::8000->80/tcp');
	t.regex(await here.ask('docker', 'network', 'ls'), /^NETWORK ID {5}NAME {6}DRIVER {4}SCOPE\n[\da-f]{12} {3}bridge {4}bridge {4}local\n/);
});

/** What a container says that calls another. */
const calls = async (here: Scene, container: string, url: string): Promise<string> => (await ends(here, `docker exec ${container} curl -sS -m 3 ${url}`))[1];

test('containers call by name in a network of their own, and by address in Docker\'s', async t => {
	const here = await installed();
	await does(here, web, ...sites, 'docker run -d --name other --network sites nginx');
	t.regex(await calls(here, 'other', 'http://proxy/'), /the container proxy answered/);
	t.regex(await calls(here, 'web', 'http://localhost/'), /the container web answered/);
	t.regex(await calls(here, 'other', 'http://proxy:81/'), /^curl: \(7\)/);
	t.regex(await calls(here, 'web', 'http://proxy/'), /^curl: \(6\) Could not resolve host: proxy/);
	t.regex(await calls(here, 'web', 'http://172.18.0.2/'), /^curl: \(28\)/, 'networks are kept apart');
	t.regex(await calls(here, 'web', 'https://example.com/'), /the internet/);
	await does(here, 'iptables -D FORWARD -i docker0 ! -o docker0 -j ACCEPT');
	t.regex(await calls(here, 'web', 'https://example.com/'), /^curl: \(6\)/, 'names come from outside, too');
	t.is((await ends(here, 'docker run --rm nginx curl -sS http://172.17.0.2/'))[0], 0);
	t.regex((await ends(here, 'docker run --rm --network sites alpine wget -qO- http://other/'))[1], /the container other answered/);
});

test('one whose network was removed stays away, and Docker starts all the same', async t => {
	const here = await installed();
	await does(here, 'docker network create gone', 'docker run -d --restart always --name api --network gone nginx', web, 'docker stop api', 'docker network rm gone', 'systemctl restart docker');
	t.is(await here.ask('docker', 'ps', '--format', '{{.Names}}'), 'web\n');
	t.regex((await ends(here, 'docker start api'))[1], /network gone not found/);
	here.console.restart();
	t.is(here.console.run(['docker', 'ps', '--format', '{{.Names}}']).out, 'web\n');
});

test('one that was to be gone once it ended is gone', async t => {
	const here = await installed();
	await does(here, 'docker run -d --rm --name passing nginx', 'docker run -d --name over nginx ls', 'docker stop passing');
	t.is(await here.ask('docker', 'ps', '-a', '--format', '{{.Names}} {{.State}}'), 'over exited\n');
});
