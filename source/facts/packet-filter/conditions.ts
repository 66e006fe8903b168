/** What a rule asks of a packet, answered as the kernel would: yes, no, or undefined where this does not know. */
import type {Family} from '../../step.js';
import {covers} from '../addresses.js';
import type {Condition, KernelRule} from './rule.js';

/** The first packet of a new connection. */
export type Packet = {
	readonly family: Family;
	readonly protocol: 'tcp' | 'udp';
	readonly from: string;
	readonly to: string;
	readonly port: number;
	/** The interface it comes in by; undefined where that is not known. */
	readonly in: string | undefined;
	/** The interface it leaves by; undefined where it stays on the server. */
	readonly out?: string;
	/** Whether `to` is one of the server's own addresses. */
	readonly isForServer: boolean;
	/** Where it was sent to before it was redirected. */
	readonly sentTo?: {readonly to: string; readonly port: number};
	/** Whether it only passes a bridge, from one of its ports to another. */
	readonly isBridged?: boolean;
};

/** A port of those that clients take. */
const clientPort = 50_000;

const inRange = (port: number) => (ranges: string): boolean => ranges.split(',').some(range => {
	const [first = '', last = first] = range.split(':');
	return Number(first) <= port && port <= Number(last || 65_535);
});

const isInterface = (name: string | undefined, pattern: string): boolean => (pattern.endsWith('+') ? name?.startsWith(pattern.slice(0, -1)) ?? false : name === pattern);

const isAmong = (address: string, range: string): boolean | undefined => (/\/\d+$|^[^/]+$/.test(range) ? covers(range, address) : undefined);

const states = (packet: Packet) => (list: string): boolean => list.split(',').some(state => state === 'NEW' || (state === 'DNAT' && packet.sentTo !== undefined));

/** Of a new connection the flag SYN is set, and no other. */
const flags = (mask: string, set: string): boolean | undefined => {
	const [asked, wanted] = [mask, set].map(list => (list === 'NONE' ? [] : list.split(',')));
	return mask === 'ALL' || set === 'ALL' ? set === 'SYN' : wanted!.join(',') === asked!.filter(flag => flag === 'SYN').join(',');
};

type Judge = (packet: Packet, ...values: readonly string[]) => boolean | undefined;
const always: Judge = () => true;
const never: Judge = () => false;

/** Kinds of tests all of whose conditions stand below. */
const known = new Set(['tcp', 'udp', 'multiport', 'conntrack', 'state', 'comment', 'addrtype', 'physdev', 'limit', 'hashlimit', 'connlimit', 'recent', 'icmp', 'icmp6', 'ipv6-icmp', 'rt', 'hl', 'ttl', 'pkttype']);

const judges: Readonly<Record<string, Judge>> = {
	'-m': (_, kind = '') => (known.has(kind) ? true : undefined),
	'-p': ({protocol}, value) => value === protocol || value === 'all',
	'-s': ({from}, range = '') => isAmong(from, range),
	'-d': ({to}, range = '') => isAmong(to, range),
	// Nothing that comes over the network comes in by lo.
	'-i': (packet, name = '') => (packet.in === undefined ? (name === 'lo' ? false : undefined) : isInterface(packet.in, name)),
	'-o': ({out}, name = '') => isInterface(out, name),
	'--dport': ({port}, range = '') => inRange(port)(range),
	'--dports': ({port}, ranges = '') => inRange(port)(ranges),
	'--sport': (_, range = '') => inRange(clientPort)(range),
	'--sports': (_, ranges = '') => inRange(clientPort)(ranges),
	'--ports': ({port}, ranges = '') => inRange(port)(ranges) || inRange(clientPort)(ranges),
	'--tcp-flags': (_, mask = '', set = '') => flags(mask, set),
	'--state': (packet, list = '') => states(packet)(list),
	'--ctstate': (packet, list = '') => states(packet)(list),
	'--ctdir': (_, direction) => direction === 'ORIGINAL',
	'--ctorigdst': ({to, sentTo}, range = '') => isAmong(sentTo?.to ?? to, range),
	'--ctorigdstport': ({port, sentTo}, range = '') => inRange(sentTo?.port ?? port)(range),
	'--ctorigsrc': ({from}, range = '') => isAmong(from, range),
	'--dst-type': ({isForServer}, kinds = '') => kinds.split(',').includes(isForServer ? 'LOCAL' : 'UNICAST'),
	'--src-type': (_, kinds = '') => kinds.split(',').includes('UNICAST'),
	'--pkt-type': (_, kind) => kind === 'unicast',
	'--physdev-is-bridged': ({isBridged = false}) => isBridged,
	'--comment': always,
	// How often: one packet is never too many.
	'--limit': always, '--limit-burst': always,
	'--hashlimit-upto': always, '--hashlimit-above': never, '--hashlimit-burst': always, '--hashlimit-mode': always, '--hashlimit-name': always, '--hashlimit-srcmask': always, '--hashlimit-dstmask': always, '--hashlimit-htable-expire': always,
	'--connlimit-upto': always, '--connlimit-above': never, '--connlimit-mask': always, '--connlimit-saddr': always, '--connlimit-daddr': always,
	// Who knocked before: nobody did.
	'--set': always, '--update': never, '--rcheck': never, '--remove': never,
	'--name': always, '--mask': always, '--rsource': always, '--rdest': always, '--seconds': always, '--hitcount': always, '--reap': always,
	// Only ICMP and odd packets have these.
	'--icmp-type': never, '--icmpv6-type': never, '--rt-type': never, '--hl-eq': never,
};

const meets = (packet: Packet, {name, values, isNot}: Condition): boolean | undefined => {
	const answer = judges[name]?.(packet, ...values);
	return answer === undefined ? undefined : answer !== isNot;
};

/** Whether a packet meets all that a rule asks. */
export const fits = (packet: Packet, {conditions}: KernelRule): boolean | undefined => {
	let all: boolean | undefined = true;
	for (const condition of conditions) {
		const one = meets(packet, condition);
		if (one === false) {
			return false;
		}

		all &&= one;
	}

	return all;
};
