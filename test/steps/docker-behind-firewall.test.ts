import test from 'ava';
import type {DockersWord} from '../../source/facts/container-networks.js';
import type {Daemon, Published} from '../../source/facts/docker.js';
import {unusualOf, wanted, withRules} from '../../source/facts/docker-user.js';
import {noTables, type Tables} from '../../source/facts/packet-filter/tables.js';
import type {Dialled, Family, FileFact, Outside} from '../../source/step.js';
import step from '../../steps/31-docker-behind-firewall.js';
import {ufwWith, withDocker} from '../facts/packet-filter/kernels.js';
import {contextOn, everySystem, fileWith, show} from './server-infos.js';

const interfaces = [{interface: 'eth0', address: '203.0.113.7', bits: 24}, {interface: 'docker0', address: '172.17.0.1', bits: 16}];
const plain = {named: [], foreign: []};
const stock = '*filter\n:ufw-after-input - [0:0]\nCOMMIT\n';
const after = fileWith('/etc/ufw/after.rules', stock, 0o640);
const after6 = fileWith('/etc/ufw/after6.rules', stock.replace('ufw', 'ufw6'), 0o640);
const dockers = ['-A FORWARD -j DOCKER-USER', '-A FORWARD -o docker0 -j DOCKER'];
const leading = {policies: new Map([['PREROUTING', 'ACCEPT']]), chains: ['DOCKER'], rules: ['-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER']};
const kernel = (rules: readonly string[], chains = ['DOCKER', 'DOCKER-USER']): Tables => ({...noTables, nat: chains.includes('DOCKER') ? leading : undefined, filter: {policies: new Map([['FORWARD', 'DROP']]), chains, rules}});
const rulesOf = (family: Family, ports: readonly number[], unusual = plain): string[] => wanted(family, ports, unusual).map(({rule}) => rule);

const running: Daemon = {
	version: '26.1.5+dfsg1', logs: 'json-file', keeps: true, swarm: false, containers: 1,
};

/** Done, with a list of ports. */
const holdingWith = (ports: readonly number[], unusual = plain) => ({
	kernel4: kernel([...dockers, ...rulesOf('v4', ports, unusual)]),
	kernel6: kernel(rulesOf('v6', ports, unusual), ['DOCKER-USER']),
	after: {...after, content: withRules(after, wanted('v4', ports, unusual))} as FileFact,
	after6: {...after6, content: withRules(after6, wanted('v6', ports, unusual))} as FileFact,
	bridges: ['docker0'],
	published: [] as readonly Published[],
	interfaces,
	settings: fileWith('/etc/docker/daemon.json', '{"live-restore": true}\n'),
	daemon: running as Daemon | undefined,
	ufwDefaults: fileWith('/etc/default/ufw', 'MANAGE_BUILTINS=no\n'),
	nftNames: {names: [] as readonly string[], own: []},
	networkIds: [] as readonly string[],
	networks: [] as ReadonlyArray<readonly DockersWord[]>,
});
const holding = holdingWith([80, 443]);
type Facts = typeof holding;
/** As Docker leaves it. */
const before: Facts = {
	...holding, kernel4: kernel([...dockers, '-A DOCKER-USER -j RETURN']), kernel6: kernel([], []), after, after6,
};

const c = contextOn(everySystem.find(({id}) => id === 'debian-13')!, {});
const withPort = {...c, all: {firewall: {alsoOpen: [8080]}}};
const commands = (facts: Facts, context = c): string[] => step.plan(facts, context).map(action => (action.do === 'run' ? action.argv.join(' ') : `write ${action.file.path}`));
const undoOf = (facts: Facts): unknown[] => step.plan(facts, c).flatMap(action => (action.do === 'run' ? [action.undo] : []));
const red = (facts: Facts, context = c): string[] => step.verify(facts, context).filter(claim => 'holds' in claim && !claim.holds).map(({id}) => id);
const without = (tables: Tables, gone: RegExp): Tables => ({...tables, filter: {...tables.filter!, rules: tables.filter!.rules.filter(rule => !gone.test(rule))}});
const load4 = 'iptables-restore -w -n /etc/ufw/after.rules';
const load6 = 'ip6tables-restore -w -n /etc/ufw/after6.rules';

for (const system of everySystem.filter(({docker}) => docker)) {
	test(`${system.name}: written, tried, then loaded; then nothing is left to do`, t => {
		const here = contextOn(system, {});
		t.deepEqual(step.plan(before, here).map(action => (action.do === 'run' ? action.argv.join(' ') : `write ${action.file.path}`)), [
			'write /etc/ufw/after.rules',
			'write /etc/ufw/after6.rules',
			'iptables-restore -n --test /etc/ufw/after.rules',
			'ip6tables-restore -n --test /etc/ufw/after6.rules',
			load4,
			load6,
		]);
		t.deepEqual(step.plan(holding, here), []);
		t.true(step.verify(holding, here).every(claim => 'holds' in claim && claim.holds));
	});
}

test('as Docker leaves it, all but its own place is red', t => {
	t.deepEqual(red(before), ['closed-v4', 'closed-v6', 'open-80', 'open-443', 'own', 'trust', 'nothing-more', 'stays']);
});

test('loading has an exact way back', t => {
	t.deepEqual(undoOf(before).slice(-2), [
		[['iptables', '-F', 'DOCKER-USER'], ['iptables', '-A', 'DOCKER-USER', '-j', 'RETURN']],
		[['ip6tables', '-F', 'DOCKER-USER'], ['ip6tables', '-X', 'DOCKER-USER']],
	]);
});

test('the list is the firewall\'s: one more port there is one more here, and one less', t => {
	t.deepEqual(red(holding, withPort), ['open-8080', 'stays']);
	t.deepEqual(commands(holding, withPort), ['write /etc/ufw/after.rules', 'write /etc/ufw/after6.rules', 'iptables-restore -n --test /etc/ufw/after.rules', 'ip6tables-restore -n --test /etc/ufw/after6.rules', load4, load6]);
	t.deepEqual(red(holdingWith([80, 443, 8080]), withPort), []);
	t.deepEqual(red(holdingWith([80, 443, 8080])), ['nothing-more', 'stays']);
});

for (const [says, gone, expected, loads] of [
	['a port of the list', /--ctorigdstport 443 /, ['open-443'], [load4]],
	['what closes all others', /--ctstate DNAT -j DROP/, ['closed-v4'], [load4]],
	['what closes the direct way', /-o br-\+/, ['closed-v4'], [load4]],
	['what is for the server itself', /127\.0\.0\.0/, ['own'], [load4]],
	['what lets containers out', /-i docker0/, ['trust'], [load4]],
	['the answers', /ESTABLISHED/, ['trust'], [load4]],
] as const) {
	test(`gone from the kernel: ${says}`, t => {
		const facts = {...holding, kernel4: without(holding.kernel4, gone)};
		t.deepEqual(red(facts), expected);
		t.deepEqual(commands(facts), loads);
	});
}

test('gone from the kernel over IPv6 alone', t => {
	const facts = {...holding, kernel6: without(holding.kernel6, /-o docker0/)};
	t.deepEqual(red(facts), ['closed-v6']);
	t.deepEqual(commands(facts), [load6]);
});

test('not in the files, it would be gone after a reboot', t => {
	const facts = {...holding, after6};
	t.deepEqual(red(facts), ['stays']);
	t.deepEqual(commands(facts), ['write /etc/ufw/after6.rules', 'ip6tables-restore -n --test /etc/ufw/after6.rules', load6]);
});

test('what lets in more is set aside and named, and can be put back', t => {
	const stray = '-A DOCKER-USER -s 192.0.2.1/32 -j RETURN';
	const facts = {...holding, kernel4: kernel([...dockers, stray, ...rulesOf('v4', [80, 443])])};
	t.deepEqual(red(facts), ['nothing-more']);
	const [action, ...others] = step.plan(facts, c);
	t.deepEqual(others, []);
	t.true(action!.because.includes(stray));
	t.deepEqual((undoOf(facts)[0] as readonly unknown[])[1], ['iptables', '-A', 'DOCKER-USER', '-s', '192.0.2.1/32', '-j', 'RETURN']);
});

for (const [family, says, rules] of [
	['v4', 'the jump is gone', [dockers[1]!]],
	['v4', 'something lets in before', ['-A FORWARD -p tcp -m tcp --dport 8080 -j ACCEPT', ...dockers]],
	['v6', 'Docker has rules of its own there', ['-A FORWARD -o docker0 -j DOCKER']],
] as const) {
	test(`not asked first over ${family}: ${says}`, t => {
		const table = kernel([...rules, ...rulesOf(family, [80, 443])]);
		const facts = family === 'v4' ? {...holding, kernel4: table} : {...holding, kernel6: table};
		const iptables = family === 'v4' ? 'iptables' : 'ip6tables';
		t.deepEqual(red(facts), [`asked-${family}`]);
		t.deepEqual(commands(facts), [`${iptables} -I FORWARD -j DOCKER-USER`]);
		t.deepEqual(undoOf(facts), [[[iptables, '-D', 'FORWARD', '-j', 'DOCKER-USER']]]);
	});
}

const saidOf = (facts: Facts, id: string, context = c): string => {
	const claim = step.verify(facts, context).find(one => one.id === id)!;
	return 'holds' in claim ? claim.actual : claim.unknown;
};

test('where there is no list no rule is named; where one is missing for both families it is named once', t => {
	t.is(saidOf(before, 'open-80'), 'there is no list for containers');
	const half = {...holding, kernel4: kernel([...dockers, '-A DOCKER-USER -j RETURN'])};
	t.is(saidOf(half, 'open-80'), 'there is no list for containers over IPv4');
	t.is(saidOf(half, 'nothing-more'), 'there is no list for containers over IPv4');
	t.is(saidOf({...holding, kernel4: without(holding.kernel4, / 80 /), kernel6: without(holding.kernel6, / 80 /)}, 'open-80'), 'the kernel lacks "-A DOCKER-USER -p tcp -m conntrack --ctstate DNAT --ctorigdstport 80 --ctdir ORIGINAL -j RETURN"');
});

test('without any rules of Docker\'s, v4 is not asked and v6 need not be', t => {
	t.deepEqual(red({...holding, kernel4: kernel(rulesOf('v4', [80, 443]))}), ['docker-rules', 'asked-v4']);
	t.deepEqual(red({...holding, kernel6: kernel(rulesOf('v6', [80, 443]))}), []);
});

test('a bridge of others that is called like Docker\'s is not trusted, and one of Docker\'s by another name is closed', t => {
	const tables = {...holding, kernel4: kernel([...dockers, '-A FORWARD -o web0 -j DOCKER', ...rulesOf('v4', [80, 443])]), bridges: ['docker0', 'web0', 'br-lan']};
	t.deepEqual(red(tables), ['closed-v4', 'closed-v6', 'open-80', 'open-443', 'trust', 'stays']);
	const unusual = unusualOf(tables.bridges, [tables.kernel4.filter]);
	t.deepEqual(unusual, {named: ['web0'], foreign: ['br-lan']});
	const mended = holdingWith([80, 443], unusual as never);
	t.deepEqual(red({...mended, kernel4: kernel([...dockers, '-A FORWARD -o web0 -j DOCKER', ...rulesOf('v4', [80, 443], unusual as never)]), bridges: tables.bridges}), []);
});

const outsideWith = (answers: Readonly<Record<number, Dialled>>): Outside => ({
	addresses: {v4: '203.0.113.7', v6: undefined}, tcp: async (_family, port) => answers[port] ?? 'silent', offered: undefined, logIn: async () => ({loggedIn: true, root: true, why: '', offered: ['publickey']}),
});

test('from outside: what is published and not listed must be closed, and silence alone proves nothing', async t => {
	const facts = {...holding, published: [show('web', 8080), show('proxy', 443), show('own', 5432, '127.0.0.1'), show('names', 53, '0.0.0.0', 'udp')]};
	const claims = async (answers: Readonly<Record<number, Dialled>>) => (await step.witness!(outsideWith(answers), facts, c)).map(claim => [claim.id, 'holds' in claim ? claim.holds : 'unknown']);
	t.deepEqual(await claims({22: 'open', 8080: 'open'}), [['port-8080-v4', false], ['port-8080-v6', 'unknown']]);
	t.deepEqual(await claims({22: 'open'}), [['port-8080-v4', true], ['port-8080-v6', 'unknown']]);
	t.deepEqual(await claims({}), [['port-8080-v4', 'unknown'], ['port-8080-v6', 'unknown']]);
});

const off = {...c, answers: {recipe: 'iptables-off'}} as typeof c;
const settingsWith = (content: string): FileFact => fileWith('/etc/docker/daemon.json', content);
const silenced = settingsWith('{\n  "live-restore": true,\n  "iptables": false,\n  "ip6tables": false\n}\n');

test('without any rules of Docker\'s: it is told to write none, and then what it left behind that lets in is taken out', t => {
	const now: Facts = {...before, kernel4: withDocker.v4};
	t.deepEqual(red(now, off), ['docker-rules', 'closed']);
	t.deepEqual(commands(now, off), ['write /etc/docker/daemon.json', 'systemctl reset-failed docker', 'systemctl restart docker']);
	const [write] = step.plan(now, off);
	t.true(write?.do === 'write' && write.content === silenced.content);
	const told = {...now, settings: silenced};
	t.deepEqual(red(told, off), ['docker-rules', 'closed']);
	const left = commands(told, off);
	t.is(left.filter(command => command.startsWith('iptables -t nat -D ')).length, 2);
	t.true(left.every(command => command.endsWith(' -j DOCKER') && / -D (?:FORWARD|PREROUTING|OUTPUT) /.test(command)), left.join('\n'));
	const done = {...told, kernel4: ufwWith('v4', [22])};
	t.deepEqual([red(done, off), commands(done, off)], [[], []]);
	t.regex(saidOf({...told, kernel4: withDocker.v4}, 'docker-rules', off), /^\d of its rules are still there, such as -A /);
});

test('where somebody switched Docker\'s rules off, the list needs them back', t => {
	const facts = {...holding, settings: silenced};
	t.deepEqual(red(facts), ['docker-rules']);
	t.deepEqual(commands(facts), ['write /etc/docker/daemon.json', 'systemctl reset-failed docker', 'systemctl restart docker']);
	const [write] = step.plan(facts, c);
	t.true(write?.do === 'write' && write.content === settingsWith('{\n  "live-restore": true,\n  "iptables": true,\n  "ip6tables": false\n}\n').content);
});

test('where the rules are gone by which Docker leads visitors to containers, it writes them anew once the list stands', t => {
	const facts = {...holding, kernel4: {...without(holding.kernel4, / --ctstate DNAT -j DROP$/), nat: undefined}};
	t.deepEqual(red(facts), ['docker-rules', 'closed-v4']);
	t.deepEqual(commands(facts), [load4, 'systemctl reset-failed docker', 'systemctl restart docker']);
	// Docker does not run, or is to write none.
	t.deepEqual(red({...holding, kernel4: {...holding.kernel4, nat: undefined}, daemon: undefined}), []);
	t.false(red({...holding, settings: silenced, kernel4: ufwWith('v4', [22])}, off).includes('docker-rules'));
});

for (const [what, found] of [
	['its settings say so', {settings: settingsWith('{\n  "live-restore": true,\n  "firewall-backend": "nftables"\n}\n')}],
	['the kernel has its tables', {nftNames: {names: ['ip docker-bridges', 'ip6 docker-bridges'], own: []}}],
] as const) {
	test(`a Docker that writes its rules with nftables asks no list: red, and told to use the other way (${what})`, t => {
		const facts = {...holding, ...found} as Facts;
		t.deepEqual(red(facts), ['docker-rules']);
		t.is(saidOf(facts, 'docker-rules'), 'Docker writes its rules with nftables, where it asks no list');
		const [write, ...rest] = step.plan(facts, c);
		t.true(write?.do === 'write' && write.content.includes('"firewall-backend": "iptables"'));
		t.is(rest.length, 2);
	});
}

test('rules by nftables that are still there though Docker was told otherwise: red, what to do is said, and it is not told once more', t => {
	const facts = {...holding, settings: settingsWith('{"firewall-backend": "iptables"}\n'), nftNames: {names: ['ip docker-bridges'], own: []}} as Facts;
	t.deepEqual(red(facts), ['docker-rules']);
	t.regex(saidOf(facts, 'docker-rules'), /a restart of the server takes it out/);
	t.deepEqual(commands(facts), []);
});

test('a firewall that throws out all rules when it is loaded is told not to', t => {
	const facts = {...holding, ufwDefaults: fileWith('/etc/default/ufw', 'IPV6=yes\nMANAGE_BUILTINS=yes\nIPT_MODULES=""\n')};
	t.deepEqual(red(facts), ['left-alone']);
	const [write, ...rest] = step.plan(facts, c);
	t.true(write?.do === 'write' && write.content === 'IPV6=yes\nMANAGE_BUILTINS=no\nIPT_MODULES=""\n');
	t.deepEqual(rest, []);
});

test('settings that cannot be read are left alone, and whether Docker writes rules is unknown', t => {
	const facts = {...holding, settings: settingsWith('{')};
	for (const context of [c, off]) {
		t.true(step.verify(facts, context).some(claim => claim.id === 'docker-rules' && 'unknown' in claim));
		t.false(commands(facts, context).some(command => command.includes('daemon.json')));
	}
});
