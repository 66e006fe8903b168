/** What a stranger gets in to: whatever port somebody tries who is named in no rule. */
import type {Family} from '../../step.js';
import {covers} from '../addresses.js';
import type {Packet} from './conditions.js';
import {fateAtServer, type Fate} from './fate.js';
import {rulesByChain, type Tables} from './tables.js';

/** The server's end: the address that is knocked at, and its interface where that is known. */
export type Door = {readonly family: Family; readonly at: string; readonly interface: string | undefined};

/** Addresses that were set aside for writing about networks: nobody has them. */
const examples: Readonly<Record<Family, readonly string[]>> = {
	v4: ['198.51.100.77', '192.0.2.77', '203.0.113.77'], v6: ['2001:db8:77::77', '2001:db8:5151::77', '2001:db8:9999::77'],
};

type Place = 'raw' | 'mangle' | 'nat' | 'filter';
/** Those that are asked whether something gets in. */
const judging: readonly Place[] = ['raw', 'mangle', 'filter'];

const conditionsOf = (tables: Tables, places = judging) => places.map(place => tables[place]).flatMap(table => (table ? [...rulesByChain(table).values()].flat() : [])).flatMap(({conditions}) => conditions);

/** An address that no rule names: of one who knocks, or of one whom somebody here calls. */
export const stranger = (tables: Tables, {family, at}: Pick<Door, 'family' | 'at'>, as: '-s' | '-d' = '-s'): string => {
	const named = conditionsOf(tables).filter(({name}) => name === as).flatMap(({values}) => values);
	return examples[family].find(address => address !== at && !named.some(range => !range.endsWith('/0') && covers(range, address))) ?? examples[family][0]!;
};

export const knock = (tables: Tables, door: Door, protocol: Packet['protocol'], port: number, from = stranger(tables, door)): Fate => fateAtServer(tables, {
	family: door.family, protocol, from, to: door.at, port, in: door.interface, isForServer: true,
});

type Range = {readonly first: number; readonly last: number};

/** All ports in stretches of which each is treated alike: where rules of some tables begin or end to speak of some, a new one begins. */
export const stretches = (tables: Tables, places = judging): readonly Range[] => {
	const named = conditionsOf(tables, places).filter(({name}) => /^--(?:d?ports?|ctorigdstport)$/.test(name)).flatMap(({values}) => values.flatMap(value => value.split(','))).map(range => range.split(':').map(Number));
	const starts = new Set([1, ...named.flatMap(([first = 0, last = first]) => [first, last + 1])]);
	const sorted = [...starts].filter(port => port >= 1 && port <= 65_535).toSorted((a, b) => a - b);
	return sorted.map((first, index) => ({first, last: (sorted[index + 1] ?? 65_536) - 1}));
};

/** Ports that a stranger gets in to, and by which rule; or that cannot be judged. */
export type Opening = Range & {readonly protocol: Packet['protocol']} & ({readonly by: string} | {readonly unknown: string});

export const openings = (tables: Tables, door: Door): readonly Opening[] => {
	const from = stranger(tables, door);
	return (['tcp', 'udp'] as const).flatMap(protocol => stretches(tables).flatMap((range): readonly Opening[] => {
		const fate = knock(tables, door, protocol, range.first, from);
		if ('unknown' in fate) {
			return [{...range, protocol, unknown: fate.unknown}];
		}

		return fate.end === 'in' ? [{...range, protocol, by: fate.by}] : [];
	}));
};

/** In words: what is open and by which rule, and the first that cannot be judged. */
export const describe = (all: readonly Opening[]): {readonly found: readonly string[]; readonly doubt: string | undefined} => ({
	found: all.flatMap(one => ('by' in one ? [`${one.protocol} ${one.first}${one.last === one.first ? '' : ` to ${one.last}`}: ${one.by}`] : [])),
	doubt: all.flatMap(one => ('unknown' in one ? [one.unknown] : []))[0],
});

/** A port that no rule speaks of, if there is one: what becomes of it becomes of whatever nobody thought of. */
export const unspokenPort = (tables: Tables): number => stretches(tables).toSorted((a, b) => (b.last - b.first) - (a.last - a.first))[0]!.last;

/** What becomes of a stranger's packet to a port that nobody thought of: the worse of TCP and UDP. */
export const unspoken = (tables: Tables, door: Door): Fate => {
	const [tcp, udp] = (['tcp', 'udp'] as const).map(protocol => knock(tables, door, protocol, unspokenPort(tables)));
	return 'end' in tcp! && tcp.end !== 'in' ? udp! : tcp!;
};
