/** How the kernel gets to ufw's chains: by jumps in its own. ufw makes these with its chains and never again while one of them is there: neither by being loaded anew nor by being switched off and on. */
import type {
	Argv, Claim, Family, GuardedAction,
} from '../step.js';
import {spoken} from './addresses.js';
import {inChain, tablesOf, type Table} from './packet-filter/tables.js';

const ways = ['input', 'output', 'forward'] as const;
type Way = (typeof ways)[number];
/** In the order in which they are asked. */
const places = ['before-logging', 'before', 'after', 'after-logging', 'reject', 'track'] as const;
const command = {v4: 'iptables', v6: 'ip6tables'} as const;
const prefix = {v4: 'ufw', v6: 'ufw6'} as const;

/** The chain by which ufw tells whether it made them all. */
const first = (family: Family): string => `${prefix[family]}-before-logging-input`;

const saying: Readonly<Record<Way, string>> = {input: 'comes in', output: 'goes out', forward: 'is passed on'};

/** The jumps that should be in one of the kernel's chains: to those of ufw's chains that are there. */
const wanted = (family: Family, {chains}: Table, way: Way): readonly string[] =>
	places.map(place => `${prefix[family]}-${place}-${way}`).filter(chain => chains.includes(chain)).map(chain => `-A ${way.toUpperCase()} -j ${chain}`);

const lacking = (family: Family, table: Table | undefined, way: Way): readonly string[] =>
	(table ? wanted(family, table, way).filter(jump => !table.rules.includes(jump)) : []);

type Kernel = Parameters<typeof tablesOf>[0];

/** What the kernel does not ask ufw about any more. */
const unasked = (family: Family, kernel: Kernel): readonly Way[] => ways.filter(way => lacking(family, tablesOf(kernel, family).filter, way).length > 0);

/** Whether ufw made its chains since the machine started. */
const isThere = (family: Family, kernel: Kernel): boolean => tablesOf(kernel, family).filter?.chains.includes(first(family)) ?? false;

/** Whether it asks about everything, as a claim. */
export const judgeAsked = (families: readonly Family[], kernel: Kernel): Claim => {
	const missing = families.flatMap(family => (isThere(family, kernel) ? unasked(family, kernel).map(way => `what ${saying[way]} over ${spoken[family]}`) : [`anything over ${spoken[family]}`]));
	return {
		id: 'asked', says: 'the kernel asks it about all that comes, goes and is passed on', holds: missing.length === 0, expected: 'about all', actual: missing.length === 0 ? 'about all' : `not about ${missing.join(', ')}`,
	};
};

/** Puts the jumps that are missing in one chain where they belong: behind those that come before them, or else before those that come after. */
const putsBack = (family: Family, table: Table, way: Way): ReadonlyArray<{readonly argv: Argv; readonly undo: Argv}> => {
	const chain = way.toUpperCase();
	const inOrder = wanted(family, table, way);
	const found = [...inChain(table, chain)];
	return lacking(family, table, way).map(jump => {
		const at = inOrder.indexOf(jump);
		const before = found.findLastIndex(rule => inOrder.slice(0, at).includes(rule));
		const after = found.findIndex(rule => inOrder.slice(at + 1).includes(rule));
		const index = before === -1 ? (after === -1 ? found.length : after) : before + 1;
		const words = jump.split(' ').slice(2);
		const argv: Argv = index === found.length ? [command[family], '-A', chain, ...words] : [command[family], '-I', chain, String(index + 1), ...words];
		found.splice(index, 0, jump);
		return {argv, undo: [command[family], '-D', chain, ...words] as const};
	});
};

/** Whether nothing at all leads to ufw and its first chain is empty, as after `iptables -F`. Without that chain ufw makes all of them anew, and the jumps to them, when it starts. */
const isCutOff = (family: Family, table: Table): boolean =>
	table.chains.includes(first(family))
	&& inChain(table, first(family)).length === 0
	&& ways.every(way => lacking(family, table, way).length === wanted(family, table, way).length);

/** What leads the kernel to ufw's chains again; `remakes`: that it works only once ufw was started anew. */
export const leadsToUfw = (family: Family, kernel: Kernel): {readonly actions: readonly GuardedAction[]; readonly remakes: boolean} => {
	const {filter} = tablesOf(kernel, family);
	if (filter === undefined || unasked(family, kernel).length === 0) {
		return {actions: [], remakes: false};
	}

	const run = (because: string, argv: Argv, undo: Argv): GuardedAction => ({
		do: 'run', because, argv, undo: [undo],
	});
	return isCutOff(family, filter)
		? {actions: [run('the kernel\'s rules were emptied, and nothing leads to the firewall\'s any more; with this empty chain out of the way, it makes all of them anew when it is started', [command[family], '-X', first(family)], [command[family], '-N', first(family)])], remakes: true}
		: {actions: ways.flatMap(way => putsBack(family, filter, way)).map(({argv, undo}) => run('nothing leads to this part of the firewall any more', argv, undo)), remakes: false};
};
