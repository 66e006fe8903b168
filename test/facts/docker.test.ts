import test from 'ava';
import {
	daemon,
	isShown,
	published,
	daemonSettingsIn,
	unread,
	withDaemonSettings,
} from '../../source/facts/docker.js';
import {
	asked,
	asFound,
	bridges,
	lacks,
	letsMore,
	unusualOf,
	wanted,
	withRules,
} from '../../source/facts/docker-user.js';
import {Unreadable} from '../../source/facts/files.js';
import type {Table} from '../../source/facts/packet-filter/tables.js';
import type {Reading} from '../../source/step.js';
import {fileWith} from '../steps/server-infos.js';

const ran = (out: string, code = 0, err = ''): Reading => ({
	outcome: 'ran', code, out, err,
});
const noPid = ran('', 1, 'find: ‘/run/docker.pid’: No such file or directory\n');
const dead = ran('', 0, 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n');
const late: Reading = {
	outcome: 'timed-out', code: 0, out: '', err: '',
};

test('the daemon says what it is', t => {
	t.deepEqual(daemon.parse(ran('26.1.5+dfsg1 json-file true inactive 2\n')), {
		version: '26.1.5+dfsg1', logs: 'json-file', keeps: true, swarm: false, containers: 2,
	});
	t.like(daemon.parse(ran('20.10.24+dfsg1 journald false active 0\n', 0, 'WARNING: No swap limit support\n')), {logs: 'journald', keeps: false, swarm: true});
});

test('a daemon that does not run is no daemon; one that does not answer is unknown', t => {
	t.is(daemon.parse(noPid), undefined);
	t.is(daemon.parse(dead), undefined);
	t.throws(() => daemon.parse(late), {instanceOf: Unreadable});
	t.throws(() => daemon.parse(ran('', 0, 'permission denied\n')), {instanceOf: Unreadable});
});

test('what is published: both families, ranges, one address, other protocols; what is only exposed is not', t => {
	const all = published.parse(ran([
		'web 0.0.0.0:8080->80/tcp, :::8080->80/tcp',
		'new [::]:9000->9000/tcp',
		'own 127.0.0.1:5432->5432/tcp, ::1:5432->5432/tcp',
		'many 0.0.0.0:8000-8001->8000-8001/tcp, 443/tcp',
		'names 10.0.0.5:53->53/udp',
		'none ',
		'hidden 80/tcp',
		'',
	].join('\n')))!;
	t.deepEqual(all.map(({container, family, address, port, protocol}) => `${container} ${family} ${address} ${port} ${protocol}`), [
		'web v4 0.0.0.0 8080 tcp',
		'web v6 :: 8080 tcp',
		'new v6 :: 9000 tcp',
		'own v4 127.0.0.1 5432 tcp',
		'own v6 ::1 5432 tcp',
		'many v4 0.0.0.0 8000 tcp',
		'many v4 0.0.0.0 8001 tcp',
		'names v4 10.0.0.5 53 udp',
	]);
	t.deepEqual(all.filter(one => !isShown(one)).map(({container}) => container), ['own', 'own']);
	t.deepEqual(published.parse(ran('')), []);
});

test('without Docker nothing is published; where it does not answer nobody knows', t => {
	t.is(published.parse(noPid), undefined);
	t.throws(() => published.parse(dead), {instanceOf: Unreadable});
	t.throws(() => published.parse(late), {instanceOf: Unreadable});
});

test('settings newer than the daemon were not read by it', t => {
	t.true(unread.parse(ran('/etc/docker/daemon.json\n')));
	t.false(unread.parse(ran('')));
	t.false(unread.parse(ran('', 1, 'find: ‘/etc/docker/daemon.json’: No such file or directory\n')));
});

const path = '/etc/docker/daemon.json';
test('daemon.json is read, and what is none is said', t => {
	t.deepEqual(daemonSettingsIn(fileWith(path, undefined)), {});
	t.deepEqual(daemonSettingsIn(fileWith(path, ' \n')), {});
	t.deepEqual(daemonSettingsIn(fileWith(path, '{"debug": true}')), {debug: true});
	t.is(daemonSettingsIn(fileWith(path, '[]')), `${path} holds no object`);
	t.is(daemonSettingsIn(fileWith(path, '{\n  "debug": true,\n}')), `${path} cannot be read: something is wrong in line 3 or just before it, such as a comma too many or too few`);
});

test('daemon.json keeps what is in it, and its indentation', t => {
	t.is(withDaemonSettings(fileWith(path, '{\n\t"dns": ["1.1.1.1"]\n}\n'), {dns: ['1.1.1.1']}, {'live-restore': true}), '{\n\t"dns": [\n\t\t"1.1.1.1"\n\t],\n\t"live-restore": true\n}\n');
	t.is(withDaemonSettings(fileWith(path, undefined), {}, {debug: true}), '{\n  "debug": true\n}\n');
});

test('bridges by name', t => {
	t.deepEqual(bridges.parse(ran('3: docker0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN mode DEFAULT group default \\    link/ether 02:42:00:00:00:01 brd ff:ff:ff:ff:ff:ff\n5: br-lan: <BROADCAST> mtu 1500\n')), ['docker0', 'br-lan']);
	t.deepEqual(bridges.parse(ran('')), []);
	t.throws(() => bridges.parse(ran('', 1, 'no netlink')), {instanceOf: Unreadable});
});

const plain = {named: [], foreign: []};
const table = (rules: readonly string[], chains: readonly string[] = ['DOCKER-USER', 'DOCKER']): Table => ({policies: new Map(), chains, rules});
const dockers = ['-A FORWARD -j DOCKER-USER', '-A FORWARD -o docker0 -j DOCKER', '-A FORWARD -o web0 -j DOCKER'];
const rules = wanted('v4', [80, 443], plain);
const kernel = rules.map(({rule}) => rule);

test('bridges that are called otherwise, or as if they were Docker\'s', t => {
	t.deepEqual(unusualOf(['docker0', 'web0', 'br-lan', 'br-0123456789ab'], [table([...dockers, '-A FORWARD -o br-0123456789ab -j DOCKER']), undefined]), {named: ['web0'], foreign: ['br-lan']});
	// Docker 28 and later
	// Its rules are gone, and Docker says which are its own.
	t.deepEqual(unusualOf(['docker0', 'web0', 'br-lan', 'br-0123456789ab'], [undefined, undefined], ['web0']), {named: ['web0'], foreign: ['br-lan']});
	t.deepEqual(unusualOf([], [table(['-A DOCKER-BRIDGE -o web0 -j DOCKER'])]), {named: ['web0'], foreign: []});
});

test('the rules stand at the end of the file, and in their place when they are there', t => {
	const stock = '*filter\n:ufw-after-input - [0:0]\nCOMMIT\n';
	const after = fileWith('/etc/ufw/after.rules', stock);
	const once = withRules(after, rules);
	t.true(once.startsWith(`${stock}# BEGIN dropwise`));
	t.true(once.endsWith('COMMIT\n# END dropwise\n'));
	t.is(withRules({...after, content: once}, rules), once);
	t.is(withRules({...after, content: `${once}# mine\n`}, wanted('v4', [80], plain)), `${withRules(after, wanted('v4', [80], plain))}# mine\n`);
	t.is(withRules({...after, content: once.replace('# END dropwise\n', '')}, rules), once, 'its last line gone');
	t.is(withRules({...after, content: 'no line end'}, rules).split('\n')[0], 'no line end');
});

test('what is for the server itself comes first, what is closed last', t => {
	t.deepEqual(kernel.map(rule => rule.replace('-A DOCKER-USER ', '')), [
		'-m conntrack --ctstate RELATED,ESTABLISHED -j RETURN',
		'-m conntrack --ctorigdst 127.0.0.0/8 -j DROP',
		'-i docker0 -j RETURN',
		'-i br-+ -j RETURN',
		'-i docker_gwbridge -j RETURN',
		'-p tcp -m conntrack --ctstate DNAT --ctorigdstport 80 --ctdir ORIGINAL -j RETURN',
		'-p tcp -m conntrack --ctstate DNAT --ctorigdstport 443 --ctdir ORIGINAL -j RETURN',
		'-m conntrack --ctstate DNAT -j DROP',
		'-o docker0 -j DROP',
		'-o br-+ -j DROP',
		'-o docker_gwbridge -j DROP',
		'-j RETURN',
	]);
	t.false(wanted('v6', [80], plain).some(({rule}) => rule.includes('127.')));
});

test('a bridge of others is let alone, and not trusted for its name', t => {
	const text = wanted('v4', [80], {named: ['web0'], foreign: ['br-lan']}).map(({rule}) => rule);
	t.true(text.indexOf('-A DOCKER-USER -i br-lan -m conntrack --ctstate DNAT -j DROP') < text.indexOf('-A DOCKER-USER -i br-+ -j RETURN'));
	t.true(text.indexOf('-A DOCKER-USER -o br-lan -j RETURN') < text.indexOf('-A DOCKER-USER -i br-lan -o br-+ -j DROP'));
	t.true(text.includes('-A DOCKER-USER -i web0 -j RETURN') && text.includes('-A DOCKER-USER -o web0 -j DROP'));
});

test('what the kernel lacks is told by what it is for', t => {
	t.is(lacks(table(kernel), rules).size, 0);
	t.deepEqual([...lacks(table(kernel.filter(rule => !rule.includes('443') && !rule.includes('-o br-+'))), rules).keys()], ['open-443', 'closed']);
	t.is([...lacks(undefined, rules).values()].flat().length, rules.length);
});

const f2b = ['-A f2b-web -s 192.0.2.1/32 -j REJECT', '-A f2b-web -j RETURN'];
for (const [says, given, chains, expected] of [
	['as wanted', kernel, [], []],
	['Docker\'s own one rule', ['-A DOCKER-USER -j RETURN'], [], []],
	['an ACCEPT in front', ['-A DOCKER-USER -p tcp -m tcp --dport 80 -j ACCEPT', ...kernel], [], ['-A DOCKER-USER -p tcp -m tcp --dport 80 -j ACCEPT']],
	['a RETURN in front', ['-A DOCKER-USER -s 192.0.2.1/32 -j RETURN', ...kernel], [], ['-A DOCKER-USER -s 192.0.2.1/32 -j RETURN']],
	['one more port', [...kernel.slice(0, 6), kernel[5]!.replace('80', '9000'), ...kernel.slice(6)], [], [kernel[5]!.replace('80', '9000')]],
	['a refusal of others in front', ['-A DOCKER-USER -s 192.0.2.1/32 -j DROP', ...kernel], [], []],
	['behind all that refuses', [...kernel.slice(0, -1), '-A DOCKER-USER -o eth1 -j ACCEPT', kernel.at(-1)!], [], []],
	['a chain that bans', ['-A DOCKER-USER -p tcp -j f2b-web', ...kernel, ...f2b], ['f2b-web'], []],
	['a chain that lets in', ['-A DOCKER-USER -j mine', ...kernel, '-A mine -j ACCEPT'], ['mine'], ['-A DOCKER-USER -j mine']],
	['its end first', [kernel.at(-1)!, ...kernel], [], ['-A DOCKER-USER -j RETURN stands too early']],
] as const) {
	test(`lets in more than the list: ${says}`, t => {
		t.deepEqual(letsMore(table(given, ['DOCKER-USER', ...chains]), rules), expected);
	});
}

for (const [expected, forward] of [
	['first', dockers],
	['first', ['-A FORWARD -s 192.0.2.1/32 -j DROP', ...dockers]],
	['late', ['-A FORWARD -p tcp -m tcp --dport 80 -j ACCEPT', ...dockers]],
	['late', ['-A FORWARD -o docker0 -j DOCKER', '-A DOCKER -j ACCEPT', '-A FORWARD -j DOCKER-USER']],
	['never', dockers.slice(1)],
	['no-rules', ['-A FORWARD -j ufw-before-forward']],
] as const) {
	test(`asked ${expected}: ${forward[0]}`, t => {
		t.is(asked(table(forward)), expected);
	});
}

test('the way back makes the chain what it was: with its rules, or gone', t => {
	t.deepEqual(asFound('v4', table(['-A FORWARD -j DOCKER-USER', '-A DOCKER-USER -m comment --comment "my own" -j RETURN'])), [
		['iptables', '-F', 'DOCKER-USER'], ['iptables', '-A', 'DOCKER-USER', '-m', 'comment', '--comment', 'my own', '-j', 'RETURN'],
	]);
	t.deepEqual(asFound('v6', table([], [])), [['ip6tables', '-F', 'DOCKER-USER'], ['ip6tables', '-X', 'DOCKER-USER']]);
});
