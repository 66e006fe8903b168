/** The rules that Docker writes into the kernel by itself, and leaves there when it is told to write none: until the machine starts anew. */
import type {Argv, Family} from '../step.js';
import {letsThrough, redirects} from './packet-filter/containers.js';
import {
	takesOut, without, type Table, type Tables,
} from './packet-filter/tables.js';

type Place = 'nat' | 'filter';
type Kind = Readonly<Record<Place, readonly RegExp[]>>;

/** What leads to its redirections, and what lets packets in to its containers. */
const lettingIn: Kind = {
	nat: [/^-A (?:PREROUTING|OUTPUT) (?:.* )?-j DOCKER$/],
	filter: [/^-A FORWARD -o (\S+) -j DOCKER$/],
};
/** What lets containers out and to each other, and under which address; and the way to the lists that Docker asks. */
const lettingOut: Kind = {
	nat: [/^-A POSTROUTING -s \S+ ! -o (\S+) -j MASQUERADE$/, /^-A POSTROUTING -s (\S+\/32) -d \1 -p (?:tcp|udp) -m \S+ --dport \d+ -j MASQUERADE$/],
	filter: [/^-A FORWARD -j DOCKER-(?:USER|ISOLATION-STAGE-1)$/, /^-A FORWARD -o (\S+) -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT$/, /^-A FORWARD -i (\S+) (?:! )?-o \1 -j (?:ACCEPT|DROP)$/],
};

/** Whether Docker gives bridges such a name by itself. */
export const isDockersName = (bridge: string): boolean => /^(?:docker0|br-[\da-f]{12})$/.test(bridge);
/** The bridges that Docker made rules for, whatever their names. */
export const bridgesInRules = (tables: ReadonlyArray<Table | undefined>): ReadonlySet<string> =>
	new Set(tables.flatMap(table => table?.rules.flatMap(rule => / -o (\S+) (?:.* )?-j DOCKER$/.exec(rule)?.[1] ?? []) ?? []));

/** `isDockers` tells of a bridge. */
const found = ({nat, filter}: Tables, kind: Kind, isDockers: (bridge: string) => boolean): ReadonlyArray<readonly [Place, string]> =>
	Object.entries({nat, filter}).flatMap(([place, table]) => (table?.rules ?? [])
		.filter(rule => kind[place as Place].some(pattern => {
			const match = pattern.exec(rule);
			return match !== null && (match[1] === undefined || match[1].endsWith('/32') || isDockers(match[1]));
		}))
		.map(rule => [place as Place, rule] as const));

/** Which of Docker's rules are not in the kernel, in words: somebody may have emptied a table. */
export const missingRules = (tables: Tables): readonly string[] => [
	...redirects(tables) ? [] : ['those by which it leads visitors to containers'],
	...letsThrough(tables) ? [] : ['those by which it lets packets through to containers and from them'],
];

type Removal = {readonly rule: string; readonly argv: Argv; readonly undo: Argv};

const removals = (kind: Kind) => (family: Family, tables: Tables, isDockers: (bridge: string) => boolean): readonly Removal[] => {
	let left = tables;
	// The last first: what lets through goes before what keeps apart.
	return found(tables, kind, isDockers).toReversed().map(([place, rule]) => {
		const removal = takesOut(family, left[place]!, rule, place);
		left = {...left, [place]: without(left[place]!, rule)};
		return {rule, ...removal};
	});
};

/** Docker's rules that let packets in to containers; those that let containers out. Each with the command that takes it out, once those before it are out, and the one that puts it back where it was. */
export const rulesLettingIn = removals(lettingIn);
export const rulesLettingOut = removals(lettingOut);
