/** What becomes of a packet that reaches the server from outside: one walk through all that the kernel asks, in its order. */
import {isIP} from 'node:net';
import {askChain, type ChainEnd} from './chain-walk.js';
import type {Packet} from './conditions.js';
import type {Tables} from './tables.js';

/** Where a packet was redirected to, and by which rule. */
export type Translation = {readonly to: string; readonly port: number; readonly rule: string};

/** `by` is the rule that decided, as printed, or a sentence such as `the policy of INPUT`. */
export type Fate =
	| {readonly end: 'in' | 'refused' | 'dropped'; readonly by: string; readonly translated?: Translation}
	| {readonly unknown: string};

/** What else the kernel goes by. */
export type Routes = {
	readonly isOwn: (address: string) => boolean;
	/** The interface by which an address is reached. */
	readonly wayTo: (address: string) => string | undefined;
	/** Whether it passes on what is for others. */
	readonly forwards: boolean;
};

const ends: Readonly<Record<string, 'in' | 'refused' | 'dropped'>> = {ACCEPT: 'in', DROP: 'dropped', REJECT: 'refused'};

const doubtful = (rule: string): Fate => ({unknown: `what this rule asks cannot be judged from here: ${rule}`});

/** A filter's answer as a fate. */
const decided = (found: ReturnType<typeof askChain>): Fate => {
	if ('unknown' in found) {
		return doubtful(found.unknown);
	}

	const end = ends[found.target];
	return end === undefined ? doubtful(found.rule) : {end, by: found.rule};
};

const byEnd = ({target}: ChainEnd): string => target;
/** What a table's chain of the filter says. */
export const filtered = (table: Tables['filter'], chain: string, packet: Packet): Fate => decided(askChain(table, chain, packet, byEnd));

/** The first of some filters that does not let it in, or the last one's word. */
const inTurn = (...asking: ReadonlyArray<() => Fate>): Fate => {
	let fate: Fate | undefined;
	for (const next of asking) {
		fate = next();
		if (!('end' in fate) || fate.end !== 'in') {
			return fate;
		}
	}

	return fate!;
};

/** What becomes of a packet for the server itself, wherever its tables of translation would send it. */
export const fateAtServer = (tables: Tables, packet: Packet): Fate => inTurn(
	() => filtered(tables.raw, 'PREROUTING', packet),
	() => filtered(tables.mangle, 'PREROUTING', packet),
	() => filtered(tables.mangle, 'INPUT', packet),
	() => filtered(tables.filter, 'INPUT', packet),
);

/** An address, with a port or without: `10.0.0.2:80`, `[fd00::2]:80`, `fd00::2`. Undefined where it is several. */
const destination = (text: string): {readonly to: string; readonly port?: number} | undefined => {
	const [, six, four, port] = /^(?:\[([^\]]+)\]|([\d.]+)):(\d+)$/.exec(text) ?? [];
	const to = six ?? four ?? text;
	return isIP(to) === 0 ? undefined : {to, ...(port === undefined ? {} : {port: Number(port)})};
};

/** Where it is sent instead; undefined where that cannot be told. */
const translation = ({target, options, rule}: ChainEnd, packet: Packet): Translation | undefined => {
	const told = (name: string): string | undefined => (options.includes(name) ? options[options.indexOf(name) + 1] : undefined);
	if (target === 'REDIRECT') {
		const port = Number(told('--to-ports') ?? packet.port);
		return Number.isNaN(port) ? undefined : {to: packet.to, port, rule};
	}

	const found = target === 'DNAT' ? destination(told('--to-destination') ?? '') : undefined;
	return found && {port: packet.port, ...found, rule};
};

/** What becomes of a packet, wherever it is for. `isForServer` of the packet is not asked: the routes say it. */
export const fateOf = (tables: Tables, packet: Omit<Packet, 'isForServer' | 'out'>, {isOwn, wayTo, forwards}: Routes): Fate => {
	const arriving: Packet = {...packet, isForServer: isOwn(packet.to)};
	const early = inTurn(() => filtered(tables.raw, 'PREROUTING', arriving), () => filtered(tables.mangle, 'PREROUTING', arriving));
	if (!('end' in early) || early.end !== 'in') {
		return early;
	}

	const sent = askChain(tables.nat, 'PREROUTING', arriving);
	if ('unknown' in sent) {
		return doubtful(sent.unknown);
	}

	const translated = translation(sent, arriving);
	if (translated === undefined && sent.target !== 'ACCEPT') {
		return doubtful(sent.rule);
	}

	const {to, port} = translated ?? arriving;
	const going: Packet = {
		...arriving, to, port, isForServer: isOwn(to), ...(translated ? {sentTo: {to: arriving.to, port: arriving.port}} : {}),
	};
	const fate = going.isForServer
		? inTurn(() => filtered(tables.mangle, 'INPUT', going), () => filtered(tables.filter, 'INPUT', going))
		: passedOn(tables, {...going, ...outBy(wayTo(to))}, forwards);
	return 'end' in fate && translated ? {...fate, translated} : fate;
};

const outBy = (name: string | undefined): {out?: string} => (name === undefined ? {} : {out: name});

const passedOn = (tables: Tables, packet: Packet, forwards: boolean): Fate => {
	if (!forwards) {
		return {end: 'dropped', by: 'the kernel, which passes nothing on'};
	}

	return packet.out === undefined
		? {end: 'dropped', by: `the kernel, which knows no way to ${packet.to}`}
		: inTurn(() => filtered(tables.mangle, 'FORWARD', packet), () => filtered(tables.filter, 'FORWARD', packet));
};
