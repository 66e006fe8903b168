/*
The rules that ufw puts around those that people add, as its package brings them: what the kernel gets, in our own words. A real trixie and a real 14.04 list the same ones (`iptables -S`).
*/

/** A rules file: its chains, then its rules. */
const rulesFile = (says: string, chains: readonly string[], rules: readonly string[]): string =>
	`# ${says} (practice)\n*filter\n${chains.map(chain => `:${chain} - [0:0]\n`).join('')}${rules.map(rule => `-A ${rule}\n`).join('')}COMMIT\n`;

const before = 'Comes before the rules that ufw allow and ufw deny add';
const after = 'Comes after the rules that ufw allow and ufw deny add';
const answers = '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT';
const invalid = '-m conntrack --ctstate INVALID';

/** What ICMP has to say, in and through. 0.34 also lets source-quench pass. */
const errors = (old: boolean): readonly string[] => ['destination-unreachable', ...old ? ['source-quench'] : [], 'time-exceeded', 'parameter-problem', 'echo-request'];

export const beforeRules = (old: boolean): string => rulesFile(before, ['ufw-before-input', 'ufw-before-output', 'ufw-before-forward', 'ufw-not-local'], [
	'ufw-before-input -i lo -j ACCEPT',
	'ufw-before-output -o lo -j ACCEPT',
	...['input', 'output', 'forward'].map(way => `ufw-before-${way} ${answers}`),
	`ufw-before-input ${invalid} -j ufw-logging-deny`,
	`ufw-before-input ${invalid} -j DROP`,
	...['input', 'forward'].flatMap(way => errors(old).map(kind => `ufw-before-${way} -p icmp --icmp-type ${kind} -j ACCEPT`)),
	'ufw-before-input -p udp --sport 67 --dport 68 -j ACCEPT',
	'ufw-before-input -j ufw-not-local',
	...['LOCAL', 'MULTICAST', 'BROADCAST'].map(kind => `ufw-not-local -m addrtype --dst-type ${kind} -j RETURN`),
	'ufw-not-local -m limit --limit 3/min --limit-burst 10 -j ufw-logging-deny',
	'ufw-not-local -j DROP',
	'ufw-before-input -p udp -d 224.0.0.251 --dport 5353 -j ACCEPT',
	'ufw-before-input -p udp -d 239.255.255.250 --dport 1900 -j ACCEPT',
]);

/** Kinds of ICMPv6 by name or number, and what else a packet must be. */
const near = '-m hl --hl-eq 255';
const fromLink = '-s fe80::/10';
const oneHop = `${fromLink} -m hl --hl-eq 1`;
const icmp6 = (way: string, kinds: ReadonlyArray<readonly [kind: string | number, and?: string]>): readonly string[] =>
	kinds.map(([kind, and]) => `ufw6-before-${way} -p icmpv6 --icmpv6-type ${kind} ${and === undefined ? '' : `${and} `}-j ACCEPT`);

const errors6 = [['destination-unreachable'], ['packet-too-big'], ['time-exceeded'], ['parameter-problem'], ['echo-request']] as const;
/** How neighbours and multicast groups find each other. */
const neighbours = (order: readonly string[]): ReadonlyArray<readonly [string | number, string]> => [
	...order.map(kind => [kind, near] as const),
	[141, near],
	[142, near],
	[130, fromLink],
	[131, fromLink],
	[132, fromLink],
	[143, fromLink],
	[148, near],
	[149, near],
	[151, oneHop],
	[152, oneHop],
	[153, oneHop],
];

export const before6Rules = rulesFile(before, ['ufw6-before-input', 'ufw6-before-output', 'ufw6-before-forward'], [
	'ufw6-before-input -i lo -j ACCEPT',
	'ufw6-before-output -o lo -j ACCEPT',
	...['input', 'forward', 'output'].map(way => `ufw6-before-${way} -m rt --rt-type 0 -j DROP`),
	...['input', 'output', 'forward'].map(way => `ufw6-before-${way} ${answers}`),
	...icmp6('input', [['echo-reply']]),
	`ufw6-before-input ${invalid} -j ufw6-logging-deny`,
	`ufw6-before-input ${invalid} -j DROP`,
	...icmp6('input', [...errors6, ...neighbours(['router-solicitation', 'router-advertisement', 'neighbor-solicitation', 'neighbor-advertisement'])]),
	...icmp6('output', [...errors6, ['echo-reply'], ...neighbours(['router-solicitation', 'neighbor-advertisement', 'neighbor-solicitation', 'router-advertisement'])]),
	...icmp6('forward', [...errors6, ['echo-reply']]),
	...icmp6('input', [[144], [145], [146], [147]]),
	'ufw6-before-input -p udp -s fe80::/10 --sport 547 -d fe80::/10 --dport 546 -j ACCEPT',
	'ufw6-before-input -p udp -d ff02::fb --dport 5353 -j ACCEPT',
	'ufw6-before-input -p udp -d ff02::f --dport 1900 -j ACCEPT',
]);

const unlogged = (chain: string, dhcp: readonly number[]): readonly string[] =>
	[['udp', 137], ['udp', 138], ['tcp', 139], ['tcp', 445], ...dhcp.map(port => ['udp', port])].map(([protocol, port]) => `${chain}-after-input -p ${protocol} --dport ${port} -j ${chain}-skip-to-policy-input`);

export const afterRules = rulesFile(after, ['ufw-after-input', 'ufw-after-output', 'ufw-after-forward'], [
	...unlogged('ufw', [67, 68]),
	'ufw-after-input -m addrtype --dst-type BROADCAST -j ufw-skip-to-policy-input',
]);

export const after6Rules = rulesFile(after, ['ufw6-after-input', 'ufw6-after-output', 'ufw6-after-forward'], unlogged('ufw6', [546, 547]));
