import type {Family} from '../../step.js';
import type {Ruleset} from '../state.js';
import {BadRule, canonical, ruleWords} from './canonical.js';

/** The kernel's rules: loading, changing and printing them. Only the filter table is modelled. */
export const emptyRuleset = (): Ruleset => ({touched: false, policies: {INPUT: 'ACCEPT', FORWARD: 'ACCEPT', OUTPUT: 'ACCEPT'}, chains: {INPUT: [], FORWARD: [], OUTPUT: []}});

export const isBuiltIn = (name: string): name is keyof Ruleset['policies'] => ['INPUT', 'FORWARD', 'OUTPUT'].includes(name);

const targets = new Set(['ACCEPT', 'DROP', 'REJECT', 'RETURN', 'LOG']);

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
	if (!Object.hasOwn(rules.chains, chain) || isBuiltIn(chain)) {
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
export const restoreRules = (rules: Ruleset, family: Family, content: string): {line: number; why: string} | undefined => {
	let draft = structuredClone(rules);
	for (const [index, line] of content.split('\n').entries()) {
		try {
			if (line.startsWith(':')) {
				const [name = '', policy = ''] = line.slice(1).split(' ');
				draft.chains[name] = isBuiltIn(name) ? draft.chains[name]! : [];
				if (isBuiltIn(name) && policy !== '-') {
					draft.policies[name] = policy;
				}
			} else if (line === 'COMMIT') {
				Object.assign(rules, draft, {touched: true});
				draft = structuredClone(rules);
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

	Object.assign(rules, draft, {touched: true});
	return undefined;
};

const names = (rules: Ruleset): string[] => ['INPUT', 'FORWARD', 'OUTPUT', ...Object.keys(rules.chains).filter(name => !isBuiltIn(name)).toSorted((a, b) => (a < b ? -1 : 1))];

const ruleLines = (rules: Ruleset): string[] => names(rules).flatMap(name => rules.chains[name]!.map(rule => `-A ${name} ${rule}`.trimEnd()));

/** `iptables -S`, of everything or of one chain. */
export const listRules = (rules: Ruleset, chain?: string): string => {
	const lines = chain === undefined
		? [...(['INPUT', 'FORWARD', 'OUTPUT'] as const).map(name => `-P ${name} ${rules.policies[name]}`), ...names(rules).slice(3).map(name => `-N ${name}`), ...ruleLines(rules)]
		: [isBuiltIn(chain) ? `-P ${chain} ${rules.policies[chain]}` : `-N ${chain}`, ...rules.chains[chain]!.map(rule => `-A ${chain} ${rule}`)];
	return lines.map(line => `${line}\n`).join('');
};

/** The body of `iptables-save`. The model counts no packets. */
export const saveRules = (rules: Ruleset): string => ['*filter', ...names(rules).map(name => `:${name} ${isBuiltIn(name) ? rules.policies[name] : '-'} [0:0]`), ...ruleLines(rules), 'COMMIT'].map(line => `${line}\n`).join('');
