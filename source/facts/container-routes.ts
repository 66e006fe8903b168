/** Rules of our own that let containers out and to each other where Docker writes none, kept in ufw's own files. */
import type {Argv, Family, FileFact} from '../step.js';
import {withBlock, withBlockFirst} from './marked-block.js';
import {wordsOf} from './packet-filter/rule.js';
import {inChain, type Table, type Tables} from './packet-filter/tables.js';

/** Chains: what comes for or from containers, where it may go, and under which address. */
const [forward, outwards, masks] = ['dropwise-forward', 'dropwise-out', 'dropwise-nat'] as const;
/** ufw's place for what comes after the list of people's own routes. */
const place = {v4: 'ufw-after-forward', v6: 'ufw6-after-forward'} as const;
const command = {v4: 'iptables', v6: 'ip6tables'} as const;

/** What the rules must know of the server: Docker's bridges that have names of their own, others' that are named as Docker's are, and ranges that Docker does not take by itself. */
export type RouteNeeds = {readonly named: readonly string[]; readonly foreign: readonly string[]; readonly ranges: readonly string[]};

/** The ranges that Docker takes its networks from. */
export const pools = ['172.16.0.0/12', '192.168.0.0/16'] as const;

const block = {about: 'what Docker does not do any more', lastly: 'COMMIT'} as const;

const filterLines = (family: Family, {named, foreign}: RouteNeeds): readonly string[] => {
	const bridges = ['docker0', 'br-+', ...named];
	const bridged = [
		'# containers of one network, to each other',
		`-A ${forward} -m physdev --physdev-is-bridged -j ACCEPT`,
	];
	const ways = [
		...foreign.map(name => `-A ${forward} -i ${name} -j RETURN`),
		'# out of a network, but not into another',
		...bridges.map(name => `-A ${forward} -i ${name} -j ${outwards}`),
		...bridges.map(name => `-A ${outwards} -o ${name} -j RETURN`),
		`-A ${outwards} -j ACCEPT`,
	];
	return [
		'*filter',
		`:${forward} - [0:0]`,
		...(family === 'v4' ? [`:${outwards} - [0:0]`] : []),
		...bridged,
		...(family === 'v4' ? ways : []),
		`-A ${place[family]} -j ${forward}`,
		'COMMIT',
	];
};

const natLines = ({named, ranges}: RouteNeeds): readonly string[] => [
	'*nat',
	`:${masks} - [0:0]`,
	'# what leaves for elsewhere goes under the server\'s own address',
	...['docker0', 'br-+', ...named].map(name => `-A ${masks} -o ${name} -j RETURN`),
	...[...pools, ...ranges].map(range => `-A ${masks} -s ${range} -j MASQUERADE`),
	'COMMIT',
];

/** One of ufw's files of rules with ours in it. */
export const withRoutes = (family: Family, {content = ''}: FileFact, needs: RouteNeeds): string =>
	withBlock(content, {...block, lines: [...filterLines(family, needs), ...(family === 'v4' ? natLines(needs) : [])]});

/** ufw runs this script when it starts, if it may be executed. A jump in a chain that is built in stands in no file of rules: it would be there once more after each reload. */
const hook = {
	about: 'the way to the rules for containers',
	lines: [
		'case "$1" in',
		'start)',
		`	iptables -w -t nat -N ${masks} 2>/dev/null`,
		`	iptables -w -t nat -C POSTROUTING -j ${masks} 2>/dev/null || iptables -w -t nat -A POSTROUTING -j ${masks}`,
		'	;;',
		'esac',
	],
} as const;

/** Whether a script is one that a shell reads. */
export const isForShell = ({content = ''}: FileFact): boolean => content.trim() === '' || /^#!\s*\/(?:usr\/)?bin\/(?:env )?(?:ba|da)?sh\b/.test(content);
export const withHook = ({content = ''}: FileFact): string => withBlockFirst(content, hook);

/** The rules of ours that the kernel lacks, or has in other numbers or another order: those of our chains, and the jumps to them. */
export const lacksRoutes = (family: Family, tables: Tables, text: string): boolean => {
	const wanted = (name: string): readonly string[] => text.split('\n').filter(line => line.startsWith(`-A ${name} `));
	const differs = (table: Table | undefined, name: string): boolean => inChain(table, name).join('\n') !== wanted(name).join('\n');
	return differs(tables.filter, forward)
		|| !inChain(tables.filter, place[family]).includes(`-A ${place[family]} -j ${forward}`)
		|| (family === 'v4' && (differs(tables.filter, outwards) || differs(tables.nat, masks)));
};

const jump = ['POSTROUTING', '-j', masks] as const;
export const isMasking = ({nat}: Tables): boolean => inChain(nat, 'POSTROUTING').includes(`-A ${jump.join(' ')}`);
export const masking: Argv = ['iptables', '-t', 'nat', '-A', ...jump];
export const notMasking: Argv = ['iptables', '-t', 'nat', '-D', ...jump];

/** The commands that make the chains what they were found as, after the file was loaded. */
export const routesAsFound = (family: Family, tables: Tables): readonly Argv[] => {
	const chains = [['filter', place[family]], ['filter', forward], ...(family === 'v4' ? [['filter', outwards], ['nat', masks]] as const : [])] as const;
	const tableOf = (name: 'filter' | 'nat') => [command[family], ...(name === 'filter' ? [] : ['-t', name])] as unknown as Argv;
	return [
		...chains.map(([name, chain]): Argv => [...tableOf(name), '-F', chain]),
		...chains.flatMap(([name, chain]): readonly Argv[] => (chain === place[family] || tables[name]?.chains.includes(chain)
			? inChain(tables[name], chain).map(rule => [...tableOf(name), ...wordsOf(rule)] as unknown as Argv)
			: [[...tableOf(name), '-X', chain]])),
	];
};
