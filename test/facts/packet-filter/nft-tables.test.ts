/** Tables of nftables beside iptables' own, as nft 1.1 of a trixie prints them. */
import test from 'ava';
import {nftTable, nftTables} from '../../../source/facts/packet-filter/nft-tables.js';

const ran = (out: string) => ({
	outcome: 'ran', code: 0, out, err: '',
} as const);
const errs = (err: string) => ({
	outcome: 'ran', code: 1, out: '', err,
} as const);

test('iptables\' own are none of them', t => {
	t.deepEqual(nftTables.parse(ran('table ip nat\ntable ip filter\ntable ip6 filter\ntable inet site\ntable ip mine\n')), {names: ['inet site', 'ip mine'], own: ['ip filter', 'ip nat', 'ip6 filter']});
	t.deepEqual(nftTables.parse(ran('')), {names: [], own: []});
	t.deepEqual(nftTables.parse({
		outcome: 'no-such-command', code: 127, out: '', err: '',
	}), {names: [], own: []});
	t.deepEqual(nftTables.parse(errs('Error: Could not process rule: Operation not supported')), {names: [], own: []});
	t.deepEqual(nftTables.parse(errs('Error: not permitted')), {names: [], own: [], broken: 'the tables of nftables could not be listed: Error: not permitted'});
});

const table = (hook: string, policy: string, ...rules: readonly string[]): string => `table inet site {\n\tset banned {\n\t\ttype ipv4_addr\n\t}\n\n\tchain in {\n\t\ttype filter hook ${hook} priority filter; policy ${policy};\n${rules.map(rule => `\t\t${rule}\n`).join('')}\t}\n}\n`;

for (const [what, text, refuses] of [
	['a policy that drops', table('input', 'drop', 'tcp dport 22 accept'), 'policy drop'],
	['a rule that drops', table('prerouting', 'accept', 'ct state established accept', 'tcp dport 80 drop'), 'tcp dport 80 drop'],
	['a jump to where that may happen', table('input', 'accept', 'tcp dport 80 jump other'), 'tcp dport 80 jump other'],
	['all but some are refused', table('input', 'accept', 'ip saddr != 192.0.2.7 drop'), 'ip saddr != 192.0.2.7 drop'],
	['some are banned', table('input', 'accept', 'tcp dport 22 ip saddr @banned reject with icmp port-unreachable', 'ct state invalid drop'), undefined],
	['what leaves', table('output', 'drop', 'tcp dport 25 drop'), undefined],
	['what is passed on', table('forward', 'drop'), undefined],
	['nothing', 'table inet site {\n}\n', undefined],
] as const) {
	test(`whether one may refuse who is not named in it: ${what}`, t => {
		const {parse, ...question} = nftTable('inet site');
		t.deepEqual(question, {argv: ['nft', 'list', 'table', 'inet', 'site']});
		t.is(parse(ran(text)), refuses && `the table "inet site" of nftables is asked as well, and it says "${refuses}"`);
	});
}

test('one that cannot be read may refuse', t => {
	t.is(nftTable('inet site').parse(errs('Error: No such file or directory')), 'the table "inet site" of nftables could not be read: Error: No such file or directory');
});
