import type {Family} from '../../step.js';
import type {Table, Tables} from '../../facts/packet-filter/tables.js';
import {
	NotModelled, type Droplet, type Netfilter, type Ruleset,
} from '../state.js';
import {BadRule, canonical, ruleWords} from './canonical.js';

/** The kernel's rules: loading, changing and printing them. The tables filter and nat are modelled. */
const empty = (...builtIn: readonly string[]): Ruleset => ({touched: false, policies: Object.fromEntries(builtIn.map(name => [name, 'ACCEPT'])), chains: Object.fromEntries(builtIn.map(name => [name, []]))});

export const noRules = (): Netfilter => ({filter: empty('INPUT', 'FORWARD', 'OUTPUT'), nat: empty('PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING')});

export const isTable = (name: string): name is keyof Netfilter => name === 'filter' || name === 'nat';

export const isBuiltIn = ({policies}: Ruleset, name: string): boolean => Object.hasOwn(policies, name);

const targets = new Set(['ACCEPT', 'DROP', 'REJECT', 'RETURN', 'LOG', 'MASQUERADE', 'DNAT', 'REDIRECT']);

/** Does one command such as `-A CHAIN …`, `-I CHAIN …`, `-D CHAIN …`. */
export const changeRules = (rules: Ruleset, family: Family, words: readonly string[]): void => {
	const [verb = '', chain = '', ...rest] = words;
	const listRules = rules.chains[chain];
	if (!listRules) {
		throw new BadRule('No chain/target/match by that name.');
	}

	const at = /^\d+$/v.test(rest[0] ?? '') ? Number(rest.shift()) : undefined;
	const rule = canonical(rest, family);
	const target = /-j (\S+)/v.exec(rule)?.[1];
	if (target !== undefined && !targets.has(target) && !Object.hasOwn(rules.chains, target)) {
		throw new BadRule('No chain/target/match by that name.');
	}

	rules.touched = true;
	switch (verb) {
		case '-A': {
			listRules.push(rule);
			break;
		}

		case '-I': {
			listRules.splice((at ?? 1) - 1, 0, rule);
			break;
		}

		case '-D': {
			const found = at === undefined ? listRules.indexOf(rule) : at - 1;
			if (found < 0 || found >= listRules.length) {
				throw new BadRule('Bad rule (does a matching rule exist in that chain?).');
			}

			listRules.splice(found, 1);
			break;
		}

		default: {
			throw new BadRule(`unknown command ${verb}`);
		}
	}
};

/** Takes away a chain that is empty and that nothing leads to. Returns false where it is not so. */
export const dropChain = (rules: Ruleset, chain: string): boolean => {
	if (!Object.hasOwn(rules.chains, chain) || isBuiltIn(rules, chain)) {
		throw new BadRule('No chain/target/match by that name.');
	}

	const isFree = rules.chains[chain]!.length === 0 && !Object.values(rules.chains).flat().some(rule => rule.endsWith(`-j ${chain}`));
	if (isFree) {
		Reflect.deleteProperty(rules.chains, chain);
	}

	return isFree;
};

/**
Loads a file as `iptables-restore -n` does: chains it declares are emptied, all others stay, and from a table with a bad line on nothing is loaded.

Returns the number of the bad line and why, or undefined.
*/
export const restoreRules = (tables: Netfilter, family: Family, content: string): {line: number; why: string} | undefined => {
	let name: keyof Netfilter = 'filter';
	let draft = structuredClone(tables.filter);
	for (const [index, line] of content.split('\n').entries()) {
		try {
			if (line.startsWith('*')) {
				const named = line.slice(1).trim();
				name = isTable(named) ? named : notModelledTable(named);
				draft = structuredClone(tables[name]);
			} else if (line.startsWith(':')) {
				const [chain = '', policy = ''] = line.slice(1).split(' ');
				draft.chains[chain] = isBuiltIn(draft, chain) ? draft.chains[chain]! : [];
				if (isBuiltIn(draft, chain) && policy !== '-') {
					draft.policies[chain] = policy;
				}
			} else if (line === 'COMMIT') {
				Object.assign(tables[name], draft, {touched: true});
				draft = structuredClone(draft);
			} else if (line.startsWith('-')) {
				changeRules(draft, family, ruleWords(line));
			}
		} catch (error) {
			if (error instanceof BadRule) {
				return {line: index + 1, why: error.message};
			}

			throw error;
		}
	}

	Object.assign(tables[name], draft, {touched: true});
	return undefined;
};

const notModelledTable = (name: string): never => {
	throw new NotModelled(`the table ${name}`);
};

const builtIn = ({policies}: Ruleset): string[] => Object.keys(policies);
const others = (rules: Ruleset): string[] => Object.keys(rules.chains).filter(name => !isBuiltIn(rules, name)).toSorted((a, b) => (a < b ? -1 : 1));
const names = (rules: Ruleset): string[] => [...builtIn(rules), ...others(rules)];

const ruleLines = (rules: Ruleset): string[] => names(rules).flatMap(name => rules.chains[name]!.map(rule => `-A ${name} ${rule}`.trimEnd()));

/** `iptables -S`, of everything or of one chain. */
export const listRules = (rules: Ruleset, chain?: string): string => {
	const lines = chain === undefined
		? [...builtIn(rules).map(name => `-P ${name} ${rules.policies[name]}`), ...others(rules).map(name => `-N ${name}`), ...ruleLines(rules)]
		: [isBuiltIn(rules, chain) ? `-P ${chain} ${rules.policies[chain]}` : `-N ${chain}`, ...rules.chains[chain]!.map(rule => `-A ${chain} ${rule}`)];
	return lines.map(line => `${line}\n`).join('');
};

/** A table as `iptables-save` prints it. The model counts no packets. */
export const saveRules = (table: keyof Netfilter, rules: Ruleset): string => [`*${table}`, ...names(rules).map(name => `:${name} ${isBuiltIn(rules, name) ? rules.policies[name] : '-'} [0:0]`), ...ruleLines(rules), 'COMMIT'].map(line => `${line}\n`).join('');

const asTable = (rules: Ruleset): Table | undefined => (rules.touched ? {policies: new Map(Object.entries(rules.policies)), chains: others(rules), rules: ruleLines(rules)} : undefined);

/** What the kernel goes by, one kind of rules after the other: a packet must get through all of them. Translations are modelled in today's kind alone. */
export const tablesOfAllKinds = ({netfilter, legacy}: Droplet, family: Family): readonly Tables[] => {
	if (legacy?.[family].nat.touched) {
		throw new NotModelled('translations by iptables-legacy');
	}

	const own = asTables(netfilter[family]);
	return legacy ? [own, {...own, filter: asTables(legacy[family]).filter}] : [own];
};

/** What the kernel goes by, as it is read of a real one. */
export const asTables = ({filter, nat}: Netfilter): Tables => ({
	filter: asTable(filter), nat: asTable(nat), raw: undefined, mangle: undefined,
});
