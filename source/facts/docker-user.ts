/** DOCKER-USER: the chain that Docker asks before it lets anything in to a container, and what stands in it. */
import type {
	Argv,
	Fact,
	Family,
	FileFact,
} from '../step.js';
import {bridgesInRules, isDockersName} from './docker-rules.js';
import {Unreadable} from './files.js';
import {withBlock} from './marked-block.js';
import {wordsOf} from './packet-filter/rule.js';
import {inChain, type Table} from './packet-filter/tables.js';

type Filter = Table | undefined;

export const chain = 'DOCKER-USER';
const append = `-A ${chain}`;
const command = {v4: 'iptables', v6: 'ip6tables'} as const;

/** The server's bridges: switches inside it, of Docker or of others. */
export const bridges: Fact<readonly string[]> = {
	argv: ['ip', '-o', 'link', 'show', 'type', 'bridge'],
	parse({outcome, code, out, err}) {
		if (outcome !== 'ran' || code !== 0) {
			throw new Unreadable(`the server's bridges could not be listed: ${err.trim() || outcome}`);
		}

		return [...out.matchAll(/^\d+: ([^:@\s]+)/gm)].map(([, name]) => name!);
	},
};

/** The names Docker gives its bridges unless told otherwise; `+` stands for any end. */
const usual = ['docker0', 'br-+', 'docker_gwbridge'] as const;
const isUsual = (name: string): boolean => name === 'docker0' || name === 'docker_gwbridge' || name.startsWith('br-');

/** Bridges that the usual names say nothing true of: Docker's own by another name, and those of others that are called as if they were Docker's. */
export type Unusual = {readonly named: readonly string[]; readonly foreign: readonly string[]};
export const unusualOf = (all: readonly string[], tables: readonly Filter[], known: readonly string[] = []): Unusual => {
	const own = new Set([...bridgesInRules(tables), ...known]);
	return {
		named: [...own].filter(name => !isUsual(name)).toSorted(),
		foreign: all.filter(name => name.startsWith('br-') && !isDockersName(name) && !own.has(name)).toSorted(),
	};
};

/** Bridges by other names than the usual ones that our list in a file closes. */
export const namedIn = ({content = ''}: FileFact): readonly string[] => [...content.matchAll(new RegExp(`^${append} -o (\\S+) -j DROP$`, 'gm'))].map(([, name = '']) => name).filter(name => !isUsual(name));

/** What a rule is there for. */
export type Purpose = 'trust' | 'own' | 'closed' | 'end' | `open-${number}`;
type Rule = {readonly rule: string; readonly for: Purpose; /** What stands above it in the file. */ readonly says?: string};

/** Rules for what comes in by anything, or by one bridge: the listed ports, and nothing else. */
const listed = (ports: readonly number[], outs: readonly string[], by: string): readonly Rule[] => [
	...ports.map((port, index): Rule => ({
		rule: `${append}${by} -p tcp -m conntrack --ctstate DNAT --ctorigdstport ${port} --ctdir ORIGINAL -j RETURN`, for: `open-${port}`, ...(index === 0 ? {says: 'open: the port as published (left of the colon), only where Docker redirected it'} : {}),
	})),
	{rule: `${append}${by} -m conntrack --ctstate DNAT -j DROP`, for: 'closed', says: 'every other published port, and every direct way to a container'},
	...outs.map((name): Rule => ({rule: `${append}${by} -o ${name} -j DROP`, for: 'closed'})),
];

/** All that is to stand in the chain, in order, spelled as the kernel spells it. */
export const wanted = (family: Family, ports: readonly number[], {named, foreign}: Unusual): readonly Rule[] => {
	const ours = [...usual, ...named];
	return [
		{rule: `${append} -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN`, for: 'trust', says: 'answers'},
		...(family === 'v4' ? [{rule: `${append} -m conntrack --ctorigdst 127.0.0.0/8 -j DROP`, for: 'own', says: 'published on 127.0.0.1: for the server itself'} as const] : []),
		...foreign.flatMap((name): readonly Rule[] => [
			{rule: `${append} -o ${name} -j RETURN`, for: 'trust', says: `${name} is not Docker's`},
			...listed(ports, ours, ` -i ${name}`),
		]),
		...ours.map((name, index): Rule => ({rule: `${append} -i ${name} -j RETURN`, for: 'trust', ...(index === 0 ? {says: 'whatever containers start themselves'} : {})})),
		...listed(ports, ours, ''),
		{rule: `${append} -j RETURN`, for: 'end'},
	];
};

/** One of ufw's files of rules with ours in it. */
export const withRules = ({content = ''}: FileFact, rules: readonly Rule[]): string =>
	withBlock(content, {about: 'Docker\'s published ports are closed unless listed here', lastly: 'COMMIT', lines: ['*filter', `:${chain} - [0:0]`, ...rules.flatMap(({rule, says}) => [...(says === undefined ? [] : [`# ${says}`]), rule]), 'COMMIT']});

const targetOf = (rule: string): string | undefined => / -[jg] (\S+)/.exec(rule)?.[1];
const refusing: ReadonlySet<string> = new Set(['DROP', 'REJECT', 'LOG', 'NFLOG']);

/** Whether a rule can let something in, be it by a chain that it jumps to. Coming back from there lets in nothing. */
const letsIn = (table: Filter, rule: string, from: readonly string[] = []): boolean => {
	const target = targetOf(rule);
	if (target === undefined || refusing.has(target) || (target === 'RETURN' && from.length > 0) || from.includes(target)) {
		return false;
	}

	return table?.chains.includes(target) ? inChain(table, target).some(one => letsIn(table, one, [...from, target])) : true;
};

/** What the kernel's chain lacks, by what it is for. */
export const lacks = (table: Filter, rules: readonly Rule[]): ReadonlyMap<Purpose, readonly string[]> =>
	new Map([...Map.groupBy(rules.filter(({rule}) => !table?.rules.includes(rule)), one => one.for)].map(([purpose, all]) => [purpose, all.map(({rule}) => rule)]));

/** What lets more in than the list: rules of others before the last of ours that refuses, and ours where they stand in another order. */
export const letsMore = (table: Filter, rules: readonly Rule[]): readonly string[] => {
	const found = [...new Set(inChain(table, chain))];
	const want = rules.map(({rule}) => rule);
	const last = found.indexOf(rules.findLast(one => one.for === 'closed')!.rule);
	const present = found.filter(rule => want.includes(rule));
	const ordered = want.filter(rule => present.includes(rule));
	const moved = present.findIndex((rule, index) => rule !== ordered[index]);
	return [
		...found.filter((rule, index) => (last === -1 || index < last) && !want.includes(rule) && letsIn(table, rule)),
		...(moved === -1 ? [] : [`${present[moved]!} stands too early`]),
	];
};

/** Whether the chain is asked before anything else can let something in to a container: `first`, `late`, `never`; or `no-rules` where Docker has none for this family. */
export const asked = (table: Filter): 'first' | 'late' | 'never' | 'no-rules' => {
	const forward = inChain(table, 'FORWARD');
	const jump = forward.indexOf(`-A FORWARD -j ${chain}`);
	if (jump !== -1) {
		return forward.slice(0, jump).some(rule => letsIn(table, rule)) ? 'late' : 'first';
	}

	return forward.some(rule => rule.includes(' -j DOCKER')) ? 'never' : 'no-rules';
};

/** Reading a file of rules without doing anything, and loading it: all of it or nothing, with no moment in between. */
export const tries = (family: Family, path: string): Argv => [`${command[family]}-restore`, '-n', '--test', path];
export const loads = (family: Family, path: string): Argv => [`${command[family]}-restore`, '-w', '-n', path];
/** The commands that make the chain what it was found as. */
export const asFound = (family: Family, table: Filter): readonly Argv[] => [
	[command[family], '-F', chain],
	...(table?.chains.includes(chain) ? inChain(table, chain).map((rule): Argv => [command[family], ...wordsOf(rule)] as unknown as Argv) : [[command[family], '-X', chain] as const]),
];
export const asksFirst = (family: Family): Argv => [command[family], '-I', 'FORWARD', '-j', chain];
export const asksNoMore = (family: Family): Argv => [command[family], '-D', 'FORWARD', '-j', chain];
