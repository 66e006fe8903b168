/** A packet's way through the chains of one table. */
import {fits, type Packet} from './conditions.js';
import {rulesByChain, type Table} from './tables.js';

/** What a chain says of a packet in the end, and by which rule: one as it was printed, or `the policy of INPUT`. */
export type ChainEnd = {readonly target: string; readonly options: readonly string[]; readonly rule: string};

/** All the ends that a packet may come to; more than one where `doubt` names a rule that could not be judged. */
type Ways = {readonly ends: readonly ChainEnd[]; /** Whether it may come back. */ readonly comesBack: boolean; readonly doubt: string | undefined};

/** Targets behind which the walk goes on: they write down, mark or count. */
const goingOn = new Set(['LOG', 'NFLOG', 'ULOG', 'MARK', 'CONNMARK', 'TCPMSS', 'TRACE', 'SET', 'CHECKSUM', 'CLASSIFY', 'DSCP', 'TOS', 'AUDIT']);
/** Nobody nests chains deeper by hand; a circle is refused by the kernel. */
const deepest = 50;

const through = (table: Table, chain: string, packet: Packet, depth: number): Ways => {
	const ends: ChainEnd[] = [];
	let doubt: string | undefined;
	let mayComeBack = false;
	for (const rule of rulesByChain(table).get(chain) ?? []) {
		const {target, options, text, isGoto} = rule;
		const isMet = target === undefined || goingOn.has(target) ? false : fits(packet, rule);
		if (isMet === false) {
			continue;
		}

		doubt ??= isMet === undefined ? text : undefined;
		if (target === 'RETURN') {
			if (isMet) {
				return {ends, comesBack: true, doubt};
			}

			mayComeBack = true;
			continue;
		}

		const isChain = table.chains.includes(target!);
		if (isChain && depth < deepest) {
			const inside = through(table, target!, packet, depth + 1);
			ends.push(...inside.ends);
			doubt ??= inside.doubt;
			if (isMet && (isGoto || !inside.comesBack)) {
				return {ends, comesBack: inside.comesBack || mayComeBack, doubt};
			}
		} else {
			ends.push({target: target!, options, rule: text});
			if (isMet) {
				return {ends, comesBack: mayComeBack, doubt};
			}
		}
	}

	return {ends, comesBack: true, doubt};
};

/** What a built-in chain says of a packet. `unknown` names the rule that could not be judged, where that matters. `alike` tells which ends come to the same. */
export const askChain = (table: Table | undefined, chain: string, packet: Packet, alike: (end: ChainEnd) => string = ({target, options}) => [target, ...options].join(' ')): ChainEnd | {readonly unknown: string} => {
	const policy = {target: table?.policies.get(chain) ?? 'ACCEPT', options: [], rule: `the policy of ${chain}`};
	if (table === undefined) {
		return policy;
	}

	const {ends, comesBack, doubt} = through(table, chain, packet, 0);
	const all = comesBack ? [...ends, policy] : ends;
	const [first] = all;
	return doubt === undefined || all.every(one => alike(one) === alike(first!)) ? first! : {unknown: doubt};
};
