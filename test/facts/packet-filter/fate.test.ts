/** What becomes of packets, in a kernel that was copied from a real trixie and in rules of all kinds. That it is what a real kernel does is tried in test/real/packet-filter.test.ts. */
import test from 'ava';
import type {Packet} from '../../../source/facts/packet-filter/conditions.js';
import {fateOf, type Fate, type Routes} from '../../../source/facts/packet-filter/fate.js';
import {tablesIn, noTables, type Tables} from '../../../source/facts/packet-filter/tables.js';
import {filterOf, withDocker} from './kernels.js';

const routes: Routes = {
	isOwn: address => ['203.0.113.7', '2001:db8::7', '127.0.0.1', '172.17.0.1', '172.18.0.1'].includes(address),
	wayTo: address => (address.startsWith('172.17.') ? 'docker0' : address.startsWith('172.18.') ? 'br-1f2e3d4c5b6a' : address.startsWith('10.') ? 'eth1' : undefined),
	forwards: true,
};
type Knock = Partial<Omit<Packet, 'isForServer' | 'out'>>;
const packet = (knock: Knock) => ({
	family: 'v4', protocol: 'tcp', from: '198.51.100.4', to: '203.0.113.7', port: 80, in: 'eth0', ...knock,
} as const);
const of = (tables: Tables, knock: Knock = {}): Fate => fateOf(tables, packet(knock), routes);
const shown = (fate: Fate): string => ('unknown' in fate ? `unknown: ${fate.unknown.split(': ')[1]!}` : `${fate.end} by ${fate.by}${fate.translated ? `, at ${fate.translated.to}:${fate.translated.port}` : ''}`);

for (const [what, knock, expected] of [
	['a listed port', {port: 80}, 'in by -A ufw-user-input -p tcp -m tcp --dport 80 -j ACCEPT'],
	['one that nobody listed', {port: 3306}, 'dropped by the policy of INPUT'],
	['one that ufw keeps out of its log', {port: 445}, 'dropped by -A ufw-skip-to-policy-input -j DROP'],
	['UDP to a listed port', {port: 80, protocol: 'udp'}, 'dropped by the policy of INPUT'],
	['a published port, past ufw\'s list', {port: 8080}, 'in by -A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT, at 172.17.0.2:80'],
	['one of another network', {port: 8443}, 'in by -A DOCKER -d 172.18.0.2/32 ! -i br-1f2e3d4c5b6a -o br-1f2e3d4c5b6a -p tcp -m tcp --dport 80 -j ACCEPT, at 172.18.0.2:80'],
	['one that is published on 127.0.0.1', {port: 5432}, 'dropped by the policy of INPUT'],
	['that one, routed to by a neighbour', {port: 5432, to: '127.0.0.1'}, 'in by -A DOCKER -d 172.17.0.3/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT, at 172.17.0.3:80'],
	['a container\'s own address, routed to by a neighbour', {to: '172.17.0.2', port: 80}, 'in by -A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT'],
	['another port there', {to: '172.17.0.2', port: 9}, 'dropped by the policy of FORWARD'],
	['a container to one of another network', {in: 'docker0', from: '172.17.0.2', to: '172.18.0.2'}, 'dropped by -A DOCKER-ISOLATION-STAGE-2 -o br-1f2e3d4c5b6a -j DROP'],
	['a container to another of its own', {in: 'docker0', from: '172.17.0.2', to: '172.17.0.3'}, 'in by -A FORWARD -i docker0 -o docker0 -j ACCEPT'],
	['a container to the world', {in: 'docker0', from: '172.17.0.2', to: '10.1.2.3'}, 'in by -A FORWARD -i docker0 ! -o docker0 -j ACCEPT'],
	['what is for nobody', {to: '192.0.2.1'}, 'dropped by the kernel, which knows no way to 192.0.2.1'],
] as const) {
	test(`a real trixie with Docker: ${what}`, t => {
		t.is(shown(of(withDocker.v4, knock)), expected);
	});
}

test('over IPv6 there is ufw alone', t => {
	const six = {family: 'v6', from: '2001:db8:1::4', to: '2001:db8::7'} as const;
	t.is(shown(of(withDocker.v6, {...six, port: 80})), 'in by -A ufw6-user-input -p tcp -m tcp --dport 80 -j ACCEPT');
	t.is(shown(of(withDocker.v6, {...six, port: 8080})), 'dropped by the policy of INPUT');
});

const dropping = [':INPUT DROP [0:0]', ':FORWARD DROP [0:0]', ':OUTPUT ACCEPT [0:0]'];
const chains = (...names: readonly string[]): readonly string[] => names.map(name => `:${name} - [0:0]`);
const input = (...rules: readonly string[]): Tables => filterOf(...dropping, ...rules.map(rule => `-A INPUT ${rule}`));

for (const [rule, isIn] of [
	['-j ACCEPT', true],
	['-p tcp -j ACCEPT', true],
	['-p udp -j ACCEPT', false],
	['! -p udp -j ACCEPT', true],
	['-s 198.51.100.0/24 -j ACCEPT', true],
	['! -s 198.51.100.4/32 -j ACCEPT', false],
	['-d 203.0.113.7/32 -j ACCEPT', true],
	['-d 203.0.113.8/32 -j ACCEPT', false],
	['-i eth0 -j ACCEPT', true],
	['-i eth+ -j ACCEPT', true],
	['-i lo -j ACCEPT', false],
	['! -i lo -j ACCEPT', true],
	['-o eth0 -j ACCEPT', false],
	['! -o eth0 -j ACCEPT', true],
	['-p tcp -m tcp --dport 80 -j ACCEPT', true],
	['-p tcp -m tcp --dport 79:81 -j ACCEPT', true],
	['-p tcp -m tcp --dport 81: -j ACCEPT', false],
	['-p tcp -m tcp ! --dport 80 -j ACCEPT', false],
	['-p tcp -m tcp --sport 53 -j ACCEPT', false],
	['-p tcp -m tcp --sport 1024:65535 -j ACCEPT', true],
	['-p tcp -m multiport --dports 22,80,443 -j ACCEPT', true],
	['-p tcp -m multiport --dports 22,8000:8090 -j ACCEPT', false],
	['-p tcp -m multiport --ports 80 -j ACCEPT', true],
	['-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT', true],
	['-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT', false],
	['-p tcp -m tcp --tcp-flags FIN,SYN FIN,SYN -j ACCEPT', false],
	['-p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE -j ACCEPT', false],
	['-m conntrack --ctstate NEW -j ACCEPT', true],
	['-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT', false],
	['-m state --state INVALID,NEW -j ACCEPT', true],
	['-m conntrack --ctstate DNAT -j ACCEPT', false],
	['-m conntrack ! --ctstate DNAT -j ACCEPT', true],
	['-m conntrack --ctorigdstport 80 --ctdir ORIGINAL -j ACCEPT', true],
	['-m addrtype --dst-type LOCAL -j ACCEPT', true],
	['-m addrtype --dst-type BROADCAST -j ACCEPT', false],
	['-m addrtype --src-type LOCAL -j ACCEPT', false],
	['-m pkttype --pkt-type unicast -j ACCEPT', true],
	['-m limit --limit 3/min --limit-burst 10 -j ACCEPT', true],
	['-p tcp -m connlimit --connlimit-above 20 --connlimit-mask 32 --connlimit-saddr -j ACCEPT', false],
	['-m recent --update --seconds 30 --hitcount 6 --name DEFAULT --mask 255.255.255.255 --rsource -j ACCEPT', false],
	['-m recent ! --rcheck --name known --mask 255.255.255.255 --rsource -j ACCEPT', true],
	['-m physdev --physdev-is-bridged -j ACCEPT', false],
	['-p icmp -m icmp --icmp-type 8 -j ACCEPT', false],
	['-m comment --comment "-p udp or what" -j ACCEPT', true],
	['-m comment --comment -j -j ACCEPT', true],
	['-p tcp -j LOG --log-prefix "-j DROP "', false],
] as const) {
	test(`a rule by itself: ${rule}`, t => {
		t.deepEqual(of(input(rule)), isIn ? {end: 'in', by: `-A INPUT ${rule}`} : {end: 'dropped', by: 'the policy of INPUT'});
	});
}

for (const [what, rules, expected] of [
	['the first that fits decides', ['-p tcp -j REJECT --reject-with tcp-reset', '-j ACCEPT'], 'refused by -A INPUT -p tcp -j REJECT --reject-with tcp-reset'],
	['a rule without a target only counts', ['-p tcp', '-j ACCEPT'], 'in by -A INPUT -j ACCEPT'],
	['a return from a built-in chain leads to its policy', ['-j RETURN', '-j ACCEPT'], 'dropped by the policy of INPUT'],
	['what is not known decides nothing where all ends are alike', ['-m geoip --source-country SE -j DROP', '-p tcp -m tcp --dport 22 -j ACCEPT'], 'dropped by -A INPUT -m geoip --source-country SE -j DROP'],
	['and makes it unknown where they are not', ['-m geoip --source-country SE -j ACCEPT'], 'unknown: -A INPUT -m geoip --source-country SE -j ACCEPT'],
	['a condition that does not hold decides before one that is not known', ['-p udp -m geoip --source-country SE -j ACCEPT'], 'dropped by the policy of INPUT'],
	['a mark', ['-m mark --mark 0x1 -j ACCEPT'], 'unknown: -A INPUT -m mark --mark 0x1 -j ACCEPT'],
	['a set', ['-m set --match-set friends src -j ACCEPT'], 'unknown: -A INPUT -m set --match-set friends src -j ACCEPT'],
	['a program that decides', ['-j NFQUEUE --queue-num 0'], 'unknown: -A INPUT -j NFQUEUE --queue-num 0'],
] as const) {
	test(`rules together: ${what}`, t => {
		t.is(shown(of(input(...rules))), expected);
	});
}

const nested = (...rules: readonly string[]): Tables => filterOf(...dropping, ...chains('site', 'inner'), ...rules.map(rule => `-A ${rule}`));

for (const [what, rules, expected] of [
	['a chain that decides', ['INPUT -j site', 'site -j inner', 'inner -p tcp -j ACCEPT'], 'in by -A inner -p tcp -j ACCEPT'],
	['one that comes back', ['INPUT -j site', 'INPUT -j ACCEPT', 'site -j RETURN', 'site -j DROP'], 'in by -A INPUT -j ACCEPT'],
	['one that is empty', ['INPUT -j site', 'INPUT -j ACCEPT'], 'in by -A INPUT -j ACCEPT'],
	['a return from inside leads to the one between', ['INPUT -j site', 'site -j inner', 'site -j ACCEPT', 'inner -j RETURN', 'inner -j DROP'], 'in by -A site -j ACCEPT'],
	['gone to for good, it comes back behind the rule that led there', ['INPUT -j site', 'INPUT -j ACCEPT', 'site -g inner', 'site -j DROP', 'inner -p udp -j DROP'], 'in by -A INPUT -j ACCEPT'],
	['a chain that is not met', ['INPUT -p udp -j site', 'site -j ACCEPT'], 'dropped by the policy of INPUT'],
	['a return that may be', ['INPUT -j site', 'INPUT -j ACCEPT', 'site -m mark --mark 0x1 -j RETURN', 'site -j DROP'], 'unknown: -A site -m mark --mark 0x1 -j RETURN'],
	['a chain that may be met and refuses what is refused anyway', ['INPUT -m mark --mark 0x1 -j site', 'site -j DROP'], 'dropped by -A site -j DROP'],
	['a circle ends', ['INPUT -j site', 'site -j inner', 'inner -j site'], 'unknown: -A inner -j site'],
] as const) {
	test(`chains: ${what}`, t => {
		t.is(shown(of(nested(...rules))), expected);
	});
}

const translating = (rule: string, ...more: readonly string[]): Tables => ({...filterOf(...dropping, ...more), nat: tablesIn(`*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING ${rule}\nCOMMIT\n`).nat});

for (const [what, tables, expected] of [
	['to another port here', translating('-p tcp -m tcp --dport 80 -j REDIRECT --to-ports 3000', '-A INPUT -p tcp -m tcp --dport 3000 -j ACCEPT'), 'in by -A INPUT -p tcp -m tcp --dport 3000 -j ACCEPT, at 203.0.113.7:3000'],
	['it is the new port that is asked for', translating('-p tcp -m tcp --dport 80 -j REDIRECT --to-ports 3000', '-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT'), 'dropped by the policy of INPUT, at 203.0.113.7:3000'],
	['to another machine', translating('-p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.0.5', '-A FORWARD -d 10.0.0.5/32 -o eth1 -p tcp -m tcp --dport 80 -j ACCEPT'), 'in by -A FORWARD -d 10.0.0.5/32 -o eth1 -p tcp -m tcp --dport 80 -j ACCEPT, at 10.0.0.5:80'],
	['where it was sent to first is remembered', translating('-j DNAT --to-destination 10.0.0.5:8080', '-A FORWARD -m conntrack --ctstate DNAT --ctorigdst 203.0.113.7/32 --ctorigdstport 80 -j ACCEPT'), 'in by -A FORWARD -m conntrack --ctstate DNAT --ctorigdst 203.0.113.7/32 --ctorigdstport 80 -j ACCEPT, at 10.0.0.5:8080'],
	['one of several ports cannot be told', translating('-p tcp -j REDIRECT --to-ports 3000-3010'), 'unknown: -A PREROUTING -p tcp -j REDIRECT --to-ports 3000-3010'],
	['nor one of several machines', translating('-p tcp -j DNAT --to-destination 10.0.0.5-10.0.0.9:80'), 'unknown: -A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.5-10.0.0.9:80'],
	['to the same port', translating('-p tcp -j REDIRECT', '-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT'), 'in by -A INPUT -p tcp -m tcp --dport 80 -j ACCEPT, at 203.0.113.7:80'],
	['to an IPv6 address', translating('-p tcp -j DNAT --to-destination fd00::2'), 'dropped by the kernel, which knows no way to fd00::2, at fd00::2:80'],
	['to one with a port', translating('-p tcp -j DNAT --to-destination [fd00::2]:8080'), 'dropped by the kernel, which knows no way to fd00::2, at fd00::2:8080'],
	['a target that is not known', translating('-j TPROXY --on-port 1'), 'unknown: -A PREROUTING -j TPROXY --on-port 1'],
] as const) {
	test(`redirected: ${what}`, t => {
		t.is(shown(of(tables)), expected);
	});
}

test('before all else: raw and mangle, and whether anything is passed on', t => {
	const open = filterOf(':INPUT ACCEPT [0:0]', ':FORWARD ACCEPT [0:0]');
	const early = (table: 'mangle' | 'raw'): Tables => ({...open, [table]: tablesIn(`*${table}\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -d 203.0.113.7/32 ! -i lo -j DROP\nCOMMIT\n`)[table]});
	t.is(shown(of(early('raw'))), 'dropped by -A PREROUTING -d 203.0.113.7/32 ! -i lo -j DROP');
	t.is(shown(of(early('mangle'))), 'dropped by -A PREROUTING -d 203.0.113.7/32 ! -i lo -j DROP');
	t.is(shown(of(open)), 'in by the policy of INPUT');
	t.is(shown(of(noTables)), 'in by the policy of INPUT');
	t.is(shown(fateOf(open, packet({to: '10.0.0.5'}), {...routes, forwards: false})), 'dropped by the kernel, which passes nothing on');
});

test('where the interface is not known, a rule about one is not either, but for lo', t => {
	const nowhere = {...packet({}), in: undefined};
	t.is(shown(fateOf(input('-i eth0 -j ACCEPT'), nowhere, routes)), 'unknown: -A INPUT -i eth0 -j ACCEPT');
	t.is(shown(fateOf(input('-i lo -j ACCEPT'), nowhere, routes)), 'dropped by the policy of INPUT');
});
