import test from 'ava';
import type {DockersWord} from '../../source/facts/container-networks.js';
import {withHook, withRoutes} from '../../source/facts/container-routes.js';
import {tablesIn, type Tables} from '../../source/facts/packet-filter/tables.js';
import type {Daemon} from '../../source/facts/docker.js';
import type {FileFact} from '../../source/step.js';
import step from '../../steps/32-containers-reach-out.js';
import {ufwWith, withDocker} from '../facts/packet-filter/kernels.js';
import {contextOn, everySystem, fileWith} from './server-infos.js';

const system = everySystem.find(({id}) => id === 'debian-13')!;
const contextWith = (recipe: string, forward = 'routes') => ({...contextOn(system, {forward}), all: {'docker-behind-firewall': {recipe}}});
const [theirs, ours] = [contextWith('docker-user'), contextWith('iptables-off')];

/** The networks of the droplet that the rules are from. */
const bridges = ['docker0', ...new Set(withDocker.v4.filter!.rules.flatMap(rule => / -o (br-[\da-f]{12}) /.exec(rule)?.[1] ?? []))];
const interfaces = [{interface: 'eth0', address: '203.0.113.7', bits: 24}, ...bridges.map((name, index) => ({interface: name, address: `172.${17 + index}.0.1`, bits: 16}))];
const plain = {named: [], foreign: [], ranges: []};
const stock = fileWith('/etc/ufw/after.rules', '*filter\n:ufw-after-forward - [0:0]\nCOMMIT\n', 0o640);
const stock6 = fileWith('/etc/ufw/after6.rules', '*filter\n:ufw6-after-forward - [0:0]\nCOMMIT\n', 0o640);
const hook = fileWith('/etc/ufw/before.init', '#!/bin/sh\nset -e\nexit 0\n', 0o640);
const defaults = fileWith('/etc/default/ufw', 'IPV6=yes\nDEFAULT_FORWARD_POLICY="DROP"\n');

/** Where Docker writes its rules, and all is well. The list that Docker asks is the step's before this one. */
const withDockers = {
	kernel4: {...withDocker.v4, filter: {...withDocker.v4.filter!, rules: withDocker.v4.filter!.rules.flatMap(rule => (rule === '-A DOCKER-USER -j RETURN' ? ['-A DOCKER-USER -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN', '-A DOCKER-USER -i docker0 -j RETURN', '-A DOCKER-USER -i br-+ -j RETURN', '-A DOCKER-USER -j DROP'] : [rule]))}} as Tables,
	kernel6: ufwWith('v6', [22]),
	after: stock,
	after6: stock6,
	hook,
	ufwSysctl: fileWith('/etc/ufw/sysctl.conf', '#net/ipv4/ip_forward=1\n'),
	ufwDefaults: defaults,
	bridges,
	interfaces,
	forwarding: true,
	asksForBridges: true,
	daemon: undefined as Daemon | undefined,
	networkIds: ['6cb9'],
	networks: [] as ReadonlyArray<readonly DockersWord[]>,
};
type Facts = typeof withDockers;

const routed = {v4: withRoutes('v4', stock, plain), v6: withRoutes('v6', stock6, plain)};
/** The kernel with our rules, as the files have them. */
const loaded = (tables: Tables, text: string, masked: boolean): Tables => {
	const mine = tablesIn(text.slice(text.indexOf('# BEGIN')));
	return {
		...tables,
		filter: {...tables.filter!, chains: [...tables.filter!.chains, ...mine.filter!.chains], rules: [...tables.filter!.rules, ...mine.filter!.rules]},
		nat: masked ? {policies: new Map([['POSTROUTING', 'ACCEPT']]), chains: ['dropwise-nat'], rules: ['-A POSTROUTING -j dropwise-nat', ...mine.nat!.rules]} : undefined,
	};
};

/** Where Docker writes none, and all is well. */
const withOurs: Facts = {
	...withDockers,
	kernel4: loaded(ufwWith('v4', [22, 80]), routed.v4, true),
	kernel6: loaded(ufwWith('v6', [22, 80]), routed.v6, false),
	after: {...stock, content: routed.v4} as FileFact,
	after6: {...stock6, content: routed.v6} as FileFact,
	hook: {...hook, content: withHook(hook), mode: 0o755} as FileFact,
	ufwSysctl: fileWith('/etc/ufw/sysctl.conf', 'net/ipv4/ip_forward=1\n'),
};

type Context = typeof ours;
const commands = (facts: Facts, context: Context): string[] => step.plan(facts, context).map(action => (action.do === 'run' ? action.argv.join(' ') : `write ${action.file.path}`));
const red = (facts: Facts, context: Context): string[] => step.verify(facts, context).filter(claim => !('holds' in claim) || !claim.holds).map(({id}) => id);
const said = (facts: Facts, context: Context, id: string): string => {
	const claim = step.verify(facts, context).find(one => one.id === id)!;
	return 'holds' in claim ? claim.actual : claim.unknown;
};

const changed = (tables: Tables, change: (rules: readonly string[]) => readonly string[]): Tables => ({...tables, filter: {...tables.filter!, rules: change(tables.filter!.rules)}});
const first = (rule: string) => (rules: readonly string[]): readonly string[] => [rule, ...rules];
const without = (pattern: RegExp) => (rules: readonly string[]): readonly string[] => rules.filter(rule => !pattern.test(rule));
const withPolicy = (tables: Tables, policy: string): Tables => ({...tables, filter: {...tables.filter!, policies: new Map([...tables.filter!.policies, ['FORWARD', policy]])}});

test('where all is well nothing is to be done, by either recipe', t => {
	for (const [facts, context] of [[withDockers, theirs], [withOurs, ours]] as const) {
		t.deepEqual(red(facts, context), []);
		t.deepEqual(commands(facts, context), []);
	}
});

test('where Docker was told to write no rules and left its own behind: ours first, and only then are those taken out', t => {
	const before: Facts = {...withDockers, kernel4: changed(withDocker.v4, without(/^-A FORWARD -o \S+ -j DOCKER$/))};
	t.deepEqual(red(before, ours), ['forwards', 'stays', 'ours']);
	const all = commands(before, ours);
	t.deepEqual(all.slice(0, 9), [
		'write /etc/ufw/sysctl.conf',
		'write /etc/ufw/after.rules',
		'write /etc/ufw/after6.rules',
		'iptables-restore -n --test /etc/ufw/after.rules',
		'ip6tables-restore -n --test /etc/ufw/after6.rules',
		'iptables-restore -w -n /etc/ufw/after.rules',
		'ip6tables-restore -w -n /etc/ufw/after6.rules',
		'write /etc/ufw/before.init',
		'iptables -t nat -A POSTROUTING -j dropwise-nat',
	]);
	const next: Facts = {...withOurs, kernel4: {...loaded(before.kernel4, routed.v4, false), nat: {...before.kernel4.nat!, chains: [...before.kernel4.nat!.chains, 'dropwise-nat'], rules: [...before.kernel4.nat!.rules, ...withOurs.kernel4.nat!.rules]}}};
	t.deepEqual(red(next, ours), ['ours']);
	const left = commands(next, ours);
	t.deepEqual(all.slice(9), left);
	t.true(left.length > 5 && left.every(command => / -D (?:FORWARD|POSTROUTING) /.test(command)), left.join('\n'));
	t.true(left.includes('iptables -t nat -D POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE'));
	t.true(left.indexOf('iptables -D FORWARD -i docker0 -o docker0 -j ACCEPT') < left.indexOf('iptables -D FORWARD -j DOCKER-USER'), 'what lets through goes before what keeps apart');
});

test('what somebody else wrote about a bridge of Docker\'s is not taken for what Docker left behind', t => {
	const theirRules = ['-A FORWARD -i eth0 -o docker0 -j ACCEPT', '-A FORWARD -i docker0 -o eth0 -j ACCEPT', '-A FORWARD -i docker0 -j ACCEPT', '-A FORWARD -i wg0 -o docker0 -j DROP', '-A FORWARD -o docker0 -j ACCEPT'];
	const facts: Facts = {...withOurs, kernel4: changed(withOurs.kernel4, rules => [...theirRules, ...rules])};
	t.deepEqual(commands(facts, ours), []);
	t.deepEqual(red(facts, ours), ['apart', 'straight']);
});

test('after a reboot without ours: cut off from each other and from the world', t => {
	const facts: Facts = {...withDockers, kernel4: ufwWith('v4', [22, 80])};
	t.deepEqual(red(facts, ours), ['forwards', 'out', 'within', 'stays', 'ours']);
	t.is(said(facts, ours, 'out'), bridges.map(name => `${name}: the policy of FORWARD`).join('; '));
});

for (const [says, facts, context, expected, mends] of [
	['nothing is passed on', {...withDockers, forwarding: false}, theirs, ['forwards', 'out'], ['sysctl -w net.ipv4.ip_forward=1']],
	['ufw switches it off at its next start', {...withDockers, ufwSysctl: fileWith('/etc/ufw/sysctl.conf', 'net/ipv4/ip_forward=0\n')}, theirs, ['forwards'], ['write /etc/ufw/sysctl.conf']],
	['Docker\'s rule for the way out is gone', {...withDockers, kernel4: changed(withDockers.kernel4, without(/-i docker0 ! -o docker0 /))}, theirs, ['out'], ['systemctl reset-failed docker', 'systemctl restart docker']],
	['Docker\'s addresses are gone', {...withDockers, kernel4: {...withDockers.kernel4, nat: undefined}}, theirs, ['out'], bridges.map((name, index) => `iptables -t nat -I POSTROUTING -s 172.${17 + index}.0.0/16 ! -o ${name} -j MASQUERADE`)],
	['Docker\'s rule within a network is gone', {...withDockers, kernel4: changed(withDockers.kernel4, without(/-i docker0 -o docker0 /))}, theirs, ['within'], ['systemctl reset-failed docker', 'systemctl restart docker']],
	['somebody shuts a network in', {...withDockers, kernel4: changed(withDockers.kernel4, first('-A FORWARD -i docker0 -j DROP'))}, theirs, ['out', 'within'], []],
	['somebody lets networks reach each other', {...withDockers, kernel4: changed(withDockers.kernel4, first(`-A FORWARD -i docker0 -o ${bridges[1]!} -j ACCEPT`))}, theirs, ['apart'], []],
	['a neighbour gets in', {...withDockers, kernel4: changed(withDockers.kernel4, first('-A FORWARD -i eth0 -o docker0 -j ACCEPT'))}, theirs, ['straight'], []],
	['everything is passed on', {...withDockers, kernel4: withPolicy(withDockers.kernel4, 'ACCEPT')}, theirs, ['policy'], ['iptables -P FORWARD DROP']],
	['everything will be passed on', {...withDockers, ufwDefaults: fileWith('/etc/default/ufw', 'DEFAULT_FORWARD_POLICY="ACCEPT"\n')}, theirs, ['policy'], ['write /etc/default/ufw']],
	['everything is passed on, where Docker writes no rules', {...withOurs, kernel4: withPolicy(withOurs.kernel4, 'ACCEPT')}, ours, ['apart', 'straight', 'policy'], ['iptables -P FORWARD DROP']],
	['our way to the addresses is gone', {...withOurs, kernel4: {...withOurs.kernel4, nat: undefined}}, ours, ['out', 'ours'], ['iptables-restore -w -n /etc/ufw/after.rules', 'iptables -t nat -A POSTROUTING -j dropwise-nat']],
	['our rules are gone from the kernel', {...withOurs, kernel4: {...ufwWith('v4', [22]), nat: withOurs.kernel4.nat}}, ours, ['out', 'within', 'ours'], ['iptables-restore -w -n /etc/ufw/after.rules']],
	['our rules are gone from a file', {...withOurs, after6: stock6}, ours, ['stays'], ['write /etc/ufw/after6.rules', 'ip6tables-restore -n --test /etc/ufw/after6.rules', 'ip6tables-restore -w -n /etc/ufw/after6.rules']],
	['the script may not be executed', {...withOurs, hook: {...withOurs.hook, mode: 0o644}}, ours, ['stays'], ['write /etc/ufw/before.init']],
	['the script is another language\'s', {...withOurs, hook: fileWith('/etc/ufw/before.init', '#!/usr/bin/python3\n', 0o755)}, ours, ['stays'], []],
] as ReadonlyArray<readonly [string, Facts, Context, readonly string[], readonly string[]]>) {
	test(`${says}: named, and mended by nothing else`, t => {
		t.deepEqual(red(facts, context), expected);
		t.deepEqual(commands(facts, context), mends);
	});
}

test('a network made without a way out is none that is shut in, once Docker said so', t => {
	const [, other = ''] = bridges;
	const facts: Facts = {...withDockers, kernel4: changed(withDockers.kernel4, rules => rules.filter(rule => !rule.includes(`-i ${other} ! -o ${other} -j ACCEPT`)))};
	t.deepEqual(red(facts, theirs), ['out']);
	t.is(step.lookDeeper!(facts as never, theirs).networks.length, 1, 'Docker is asked');
	t.is(step.lookDeeper!(withDockers as never, theirs).networks.length, 0, 'and where all is well it need not be');
	const told = {...facts, networks: [[{name: 'inner', bridge: other, isInternal: true, talks: true}]]};
	t.deepEqual(red(told, theirs), []);
});

test('with everything passed on, as one chose, networks are not kept apart', t => {
	const wide = contextWith('iptables-off', 'accept');
	const facts: Facts = {...withOurs, kernel4: withPolicy(withOurs.kernel4, 'ACCEPT'), kernel6: withPolicy(withOurs.kernel6, 'ACCEPT'), ufwDefaults: fileWith('/etc/default/ufw', 'DEFAULT_FORWARD_POLICY="ACCEPT"\n')};
	t.deepEqual(red(facts, wide), []);
	t.deepEqual(step.verify(facts, wide).map(({id}) => id), ['forwards', 'out', 'within', 'policy', 'stays', 'ours']);
	t.deepEqual(commands(withOurs, wide), ['write /etc/default/ufw', 'iptables -P FORWARD ACCEPT', 'ip6tables -P FORWARD ACCEPT']);
});

test('networks that Docker does not take by itself leave under the server\'s address, too; and bridges of others are not let out', t => {
	const facts: Facts = {...withOurs, bridges: ['docker0', 'br-0123456789ab', 'br-lan', 'web0'], interfaces: [...interfaces.slice(0, 2), {interface: 'br-0123456789ab', address: '10.5.0.1', bits: 24}], networks: [[{name: 'named', bridge: 'web0', isInternal: false, talks: true}]]};
	t.is(said(facts, ours, 'out'), 'br-0123456789ab: what it sends leaves under an address that no answer finds');
	const write = step.plan(facts, ours).find(action => action.do === 'write')!;
	t.true('content' in write && ['-A dropwise-nat -s 10.5.0.0/24 -j MASQUERADE', '-A dropwise-forward -i br-lan -j RETURN', '-A dropwise-forward -i web0 -j dropwise-out'].every(line => write.content.includes(line)), JSON.stringify(write));
});
