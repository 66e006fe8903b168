/** What a stranger gets in to, whatever port is tried. */
import test from 'ava';
import {openings, unspoken, type Door} from '../../../source/facts/packet-filter/strangers.js';
import {filterOf, ufwWith, withDocker} from './kernels.js';

const door: Door = {family: 'v4', at: '203.0.113.7', interface: 'eth0'};
const found = (...lines: readonly string[]): string[] => openings(filterOf(...lines), door).map(one => `${one.protocol} ${one.first}-${one.last} ${'by' in one ? one.by : `unknown: ${one.unknown.split(': ')[1]!}`}`);
const shut = ':INPUT DROP [0:0]';

test('ufw\'s own list and no more, Docker or not', t => {
	t.deepEqual(openings(withDocker.v4, door).map(({protocol, first, last}) => [protocol, first, last]), [['tcp', 22, 22], ['tcp', 80, 80]]);
	t.deepEqual(openings(ufwWith('v6', [443]), {family: 'v6', at: '2001:db8::7', interface: 'eth0'}).map(({protocol, first, last}) => [protocol, first, last]), [['tcp', 443, 443]]);
});

test('stretches of ports, each by the rule that lets in', t => {
	t.deepEqual(found(shut, '-A INPUT -p tcp -m multiport --dports 22,6000:6007 -j ACCEPT', '-A INPUT -p udp -m udp --dport 53 -j ACCEPT'), [
		'tcp 22-22 -A INPUT -p tcp -m multiport --dports 22,6000:6007 -j ACCEPT',
		'tcp 6000-6007 -A INPUT -p tcp -m multiport --dports 22,6000:6007 -j ACCEPT',
		'udp 53-53 -A INPUT -p udp -m udp --dport 53 -j ACCEPT',
	]);
	t.deepEqual(found(shut, '-A INPUT -p tcp -m tcp ! --dport 5432 -j ACCEPT').map(line => line.split(' ')[1]), ['1-5431', '5433-65535']);
});

test('who is named, and who comes in elsewhere, is no stranger', t => {
	t.deepEqual(found(shut, '-A INPUT -s 198.51.100.0/24 -j ACCEPT', '-A INPUT -i wg0 -j ACCEPT', '-A INPUT -i lo -j ACCEPT', '-A INPUT -p icmp -j ACCEPT'), []);
	t.deepEqual(found(shut, '-A INPUT ! -s 192.0.2.0/24 -p tcp -m tcp --dport 25 -j ACCEPT').map(line => line.split(' ')[1]), ['25-25']);
	t.deepEqual(found(shut, '-A INPUT -s 0.0.0.0/0 -p tcp -m tcp --dport 25 -j ACCEPT').map(line => line.split(' ')[1]), ['25-25']);
});

test('what cannot be judged is said', t => {
	t.deepEqual(found(shut, '-A INPUT -p tcp -m mark --mark 0x1 -j ACCEPT'), ['tcp 1-65535 unknown: -A INPUT -p tcp -m mark --mark 0x1 -j ACCEPT']);
});

test('what nobody thought of', t => {
	t.like(unspoken(filterOf(':INPUT ACCEPT [0:0]', '-A INPUT -p tcp -m tcp --dport 1:1023 -j DROP'), door), {end: 'in', by: 'the policy of INPUT'});
	t.like(unspoken(filterOf(shut, '-A INPUT -p udp -j ACCEPT'), door), {end: 'in'});
	t.like(unspoken(filterOf(shut, '-A INPUT -p tcp -j REJECT'), door), {end: 'dropped'});
});
