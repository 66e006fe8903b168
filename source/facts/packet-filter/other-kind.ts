/**
Rules of another kind than those that `iptables` and ufw of a server go by. There are two, the older (iptables-legacy) and one that is kept with nftables (iptables-nft); the kernel asks both, and the tools of one show nothing of the other.
*/
import type {
	Argv, Claim, Fact, Family, GuardedAction,
} from '../../step.js';
import {wordsOf} from './rule.js';
import {tablesIn, type Table, type Tables} from './tables.js';
import type {NftName} from './nft-tables.js';

type Kind = 'legacy' | 'nft';
const places = ['filter', 'nat', 'raw', 'mangle'] as const;
type Place = (typeof places)[number];

/** Those of one family, and the command that changes them; `unknown` where they cannot be read. */
export type OtherKind = {readonly command: string; readonly tables: Partial<Record<Place, Table>>; readonly unknown?: string};

const otherKind = (family: Family, kind: Kind): Fact<OtherKind> => {
	const command = `${family === 'v4' ? 'iptables' : 'ip6tables'}-${kind}`;
	return {
		argv: [`${command}-save`],
		parse({outcome, code, out, err}) {
			if (outcome !== 'ran' || code !== 0) {
				return {command, tables: {}, unknown: `the kernel goes by rules of ${command} as well, and they could not be listed: ${err.trim() || outcome}`};
			}

			const {filter, nat, raw, mangle} = tablesIn(out);
			return {command, tables: Object.fromEntries(Object.entries({filter, nat, raw, mangle}).filter(([, table]) => table !== undefined))};
		},
	};
};

/** What is to be asked where there may be rules of the other kind; `own` are the tables that iptables keeps with nftables. */
export const otherKinds = ({kernel4, kernel6}: {readonly kernel4: Tables; readonly kernel6: Tables}, own: readonly NftName[]): ReadonlyArray<Fact<OtherKind>> =>
	([['v4', kernel4, 'ip '], ['v6', kernel6, 'ip6 ']] as const).flatMap(([family, tables, its]) => [
		...tables.hasLegacy ? [otherKind(family, 'legacy')] : [],
		...tables.isLegacy && own.some(name => name.startsWith(its)) ? [otherKind(family, 'nft')] : [],
	]);

const rulesOf = ({tables}: OtherKind): readonly string[] => Object.values(tables).flatMap(({rules}) => rules);
const policiesOf = ({tables}: OtherKind): ReadonlyArray<readonly [place: string, chain: string, policy: string]> =>
	Object.entries(tables).flatMap(([place, {policies}]) => [...policies].filter(([, policy]) => policy !== 'ACCEPT').map(([chain, policy]) => [place, chain, policy] as const));

const isDockers = (rules: readonly string[]): boolean => rules.some(rule => rule.includes(' -j DOCKER'));
/** Whether it is there that Docker writes its rules, as one that brings tools of its own does. */
const isInUse = (other: OtherKind, {filter}: Tables): boolean => isDockers(rulesOf(other)) && !isDockers(filter?.rules ?? []);

/** What there is besides, as a claim; `own` are the rules that the firewall is among. */
export const judgeKinds = (others: readonly OtherKind[], own: Tables): Claim => {
	const claim = {id: 'one-kind', says: 'the kernel goes by no rules that the firewall\'s tools do not show'};
	const expected = 'by none';
	const found = others.flatMap(other => {
		const [rules, [policy]] = [rulesOf(other), policiesOf(other)];
		const such = rules.length > 0 ? `by ${rules.length} of ${other.command}, such as "${rules[0]!}"` : policy && `by a policy of ${other.command}: ${policy[1]} ${policy[2]}`;
		return such ? [isInUse(other, own) ? `${such}: Docker writes them, and asks no list of the firewall's there; let both use one kind ("update-alternatives --config iptables"), then restart the server` : such] : [];
	});
	const [unknown] = others.flatMap(other => other.unknown ?? []);
	return found.length === 0 && unknown !== undefined
		? {...claim, unknown}
		: {
			...claim, holds: found.length === 0, expected, actual: found.length === 0 ? expected : found.join('; '),
		};
};

/** Takes all of it out, table by table. What Docker uses stays. */
export const takesOutOthers = (others: readonly OtherKind[], own: Tables): readonly GuardedAction[] => others.filter(other => !isInUse(other, own)).flatMap(other => Object.entries(other.tables).flatMap(([place, {policies, chains, rules}]): readonly GuardedAction[] => {
	const table: Argv = [other.command, '-t', place];
	const run = (because: string, argv: Argv, undo: readonly Argv[]): GuardedAction => ({
		do: 'run', because, argv, undo,
	});
	return [
		...[...policies].filter(([, policy]) => policy !== 'ACCEPT').map(([chain, policy]) => run('refuses what the firewall lets in, and no tool of the firewall\'s shows it', [...table, '-P', chain, 'ACCEPT'], [[...table, '-P', chain, policy]])),
		...rules.length === 0 ? [] : [run(`throws out all ${rules.length} of these older rules, such as "${rules[0]!}": the kernel asks them as well, and no tool of the firewall's shows them`, [...table, '-F'], rules.map((rule): Argv => [...table, ...wordsOf(rule)] as unknown as Argv))],
		...chains.length === 0 ? [] : [run('and their chains', [...table, '-X'], chains.map((chain): Argv => [...table, '-N', chain]))],
	];
}));
