/** Tables of nftables beside those that iptables keeps there: the kernel asks them as well, and iptables shows nothing of them. */
import type {Fact} from '../../step.js';

/** `inet site`: the kinds of addresses it is about, and its name. */
export type NftName = string;

/** What iptables and ip6tables keep their own in. */
const iptables = /^ip6? (?:filter|nat|mangle|raw|security)$/;
/** A kernel without nftables has no tables of it. */
const none = /not supported|invalid argument|no such file/i;

/** The tables that are not iptables' own, and those that are; `broken` where they could not be listed. */
export const nftTables: Fact<{readonly names: readonly NftName[]; readonly own: readonly NftName[]; readonly broken?: string}> = {
	argv: ['nft', 'list', 'tables'],
	parse({outcome, code, out, err}) {
		if (outcome === 'no-such-command' || (outcome === 'ran' && code !== 0 && none.test(err))) {
			return {names: [], own: []};
		}

		if (outcome !== 'ran' || code !== 0) {
			return {names: [], own: [], broken: `the tables of nftables could not be listed: ${err.trim() || outcome}`};
		}

		const {true: own = [], false: names = []} = Object.groupBy([...out.matchAll(/^table (\w+ \S+)$/gm)].map(([, name = '']) => name).toSorted(), name => String(iptables.test(name)) as 'true' | 'false');
		return {names, own};
	},
};

/** What comes in meets these. */
const onTheWayIn = /type (?:filter|nat) hook (?:ingress|prerouting|input) /;
const deciding = /\b(?:drop|reject|queue|jump|goto|dnat|redirect|tproxy)\b/;
/** Rules about some senders alone, as those who are banned, and about packets that belong nowhere. */
const aboutSome = /\bsaddr (?!!=)|\bct state invalid\b/;

/** What in a table may refuse somebody who is not named there. */
const refusal = (text: string): string | undefined => {
	const chains = text.split(/^\tchain /m).slice(1).map(chain => chain.split('\n').slice(1).map(line => line.trim()));
	for (const [base = '', ...rules] of chains.filter(([first = '']) => onTheWayIn.test(first))) {
		const rule = base.includes('policy drop') ? 'policy drop' : rules.find(line => deciding.test(line) && !aboutSome.test(line));
		if (rule !== undefined) {
			return rule;
		}
	}

	return undefined;
};

/** Why it cannot be told whether what iptables lets in gets past a table; undefined where it does, unless one is named there. */
export const nftTable = (name: NftName): Fact<string | undefined> => ({
	argv: ['nft', 'list', 'table', ...name.split(' ')],
	parse({outcome, code, out, err}) {
		if (outcome !== 'ran' || code !== 0) {
			return `the table "${name}" of nftables could not be read: ${err.trim() || outcome}`;
		}

		const refusing = refusal(out);
		return refusing && `the table "${name}" of nftables is asked as well, and it says "${refusing}"`;
	},
});
