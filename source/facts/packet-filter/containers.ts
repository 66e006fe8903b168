/** What becomes of packets that containers send, and of those that are sent to containers. */
import {askChain} from './chain-walk.js';
import type {Packet} from './conditions.js';
import {
	fateAtServer, fateOf, filtered, type Fate, type Routes,
} from './fate.js';
import {
	stranger, stretches, type Door, type Opening,
} from './strangers.js';
import {inChain, type Table, type Tables} from './tables.js';

/** A network of containers: its bridge, and two addresses that containers there have or could have. */
export type PlaceOfContainers = {readonly bridge: string; readonly container: string; readonly other: string};

const passed = (tables: Tables, packet: Omit<Packet, 'family' | 'protocol' | 'isForServer' | 'out'>, out: string | undefined, forwards: boolean): Fate =>
	fateOf(tables, {family: 'v4', protocol: 'tcp', ...packet}, {isOwn: () => false, wayTo: () => out, forwards});

/** A port that a container may call out to: HTTPS. */
const called = 443;

/** What becomes of a container's call to somewhere in the world. */
export const callOut = (tables: Tables, {bridge, container: from}: PlaceOfContainers, door: Door, forwards: boolean): Fate =>
	passed(tables, {
		from, to: stranger(tables, door, '-d'), port: called, in: bridge,
	}, door.interface, forwards);

/** Whether such a call leaves under an address of the server's, so that an answer can find its way; undefined where a rule cannot be judged. */
export const isMasked = (tables: Tables, {bridge, container: from}: PlaceOfContainers, door: Door): boolean | undefined => {
	const end = askChain(tables.nat, 'POSTROUTING', {
		family: 'v4', protocol: 'tcp', from, to: stranger(tables, door, '-d'), port: called, in: bridge, ...(door.interface === undefined ? {} : {out: door.interface}), isForServer: false,
	}, ({target}) => target);
	return 'unknown' in end ? undefined : end.target === 'MASQUERADE' || end.target === 'SNAT';
};

/** What becomes of a call from one container to another of its network: the bridge passes it on, and asks. */
export const callWithin = ({filter}: Tables, {bridge, container: from, other: to}: PlaceOfContainers): Fate => filtered(filter, 'FORWARD', {
	family: 'v4', protocol: 'tcp', from, to, port: called, in: bridge, out: bridge, isForServer: false, isBridged: true,
});

/** What becomes of a call from a container to one of another network. */
export const callAcross = (tables: Tables, here: PlaceOfContainers, there: PlaceOfContainers): Fate =>
	passed(tables, {
		from: here.container, to: there.container, port: called, in: here.bridge,
	}, there.bridge, true);

/** What becomes of a packet that somebody on the server's own network sends straight to a container's address: the worst of all ports. */
export const sendStraight = (tables: Tables, {bridge, container: to}: PlaceOfContainers, door: Door, forwards: boolean): Fate => {
	const fates = stretches(tables).map(({first}) => passed(tables, {
		from: stranger(tables, door), to, port: first, in: door.interface,
	}, bridge, forwards));
	return fates.find(fate => 'end' in fate && fate.end === 'in') ?? fates.find(fate => 'unknown' in fate) ?? fates[0]!;
};

const lists = '-A FORWARD -j DOCKER-USER';

/** The rules as if Docker let in all that comes back from the list it asks first. */
const asIfLetIn = (filter: Table, bridge: string): Table => {
	const first = filter.rules.findIndex(rule => rule.startsWith('-A FORWARD '));
	const after = filter.rules.lastIndexOf(lists) + 1 || Math.max(first, 0);
	return {...filter, rules: filter.rules.toSpliced(after, 0, `-A FORWARD -o ${bridge} -j ACCEPT`)};
};

/** Whether Docker has rules by which it lets packets through: somebody may have thrown them out. */
export const letsThrough = ({filter}: Tables): boolean => inChain(filter, 'FORWARD').some(rule => / -j DOCKER(?!-USER$)/.test(rule));

/** Whether Docker redirects what comes in for its containers. Where it does not, a program of its takes it in. */
export const redirects = ({nat}: Tables): boolean => inChain(nat, 'PREROUTING').some(rule => rule.endsWith(' -j DOCKER'));

/** What becomes of a stranger's packet to a TCP port if a container published it. */
export const knockAtPublished = (tables: Tables, door: Door, port: number): Fate => {
	const bridge = 'docker0';
	const packet = {
		family: door.family, protocol: 'tcp', from: stranger(tables, door), in: door.interface,
	} as const;
	return redirects(tables)
		? filtered(tables.filter && letsThrough(tables) ? asIfLetIn(tables.filter, bridge) : tables.filter, 'FORWARD', {
			...packet, to: door.family === 'v4' ? '172.17.0.2' : 'fd00:d0c::2', port: 80, out: bridge, isForServer: false, sentTo: {to: door.at, port},
		})
		: fateAtServer(tables, {
			...packet, to: door.at, port, isForServer: true,
		});
};

/** Ports of the server by which a stranger gets to somebody else than the server, being redirected there, and by which rule; or that cannot be judged. */
export const redirected = (tables: Tables, door: Door, routes: Routes): readonly Opening[] => {
	const from = stranger(tables, door);
	return (['tcp', 'udp'] as const).flatMap(protocol => stretches(tables, ['raw', 'mangle', 'nat', 'filter']).flatMap((range): readonly Opening[] => {
		const fate = fateOf(tables, {
			family: door.family, protocol, from, to: door.at, port: range.first, in: door.interface,
		}, routes);
		if ('unknown' in fate) {
			return [{...range, protocol, unknown: fate.unknown}];
		}

		return fate.end === 'in' && fate.translated && !routes.isOwn(fate.translated.to) ? [{...range, protocol, by: fate.translated.rule}] : [];
	}));
};

/** Ports where rules about packets that are passed on begin to treat them otherwise: on which one may look whether a container may show them. */
export const portsInRules = (tables: Tables): readonly number[] => stretches(tables, ['filter']).map(({first}) => first);
