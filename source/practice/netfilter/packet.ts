import type {Ruleset} from '../state.js';
import {matchesAddress} from '../sshd/patterns.js';
import {ruleWords} from './canonical.js';

/** What the kernel's rules do with the first packet of a connection to one of the droplet's own addresses. */
export type Packet = {from: string; to: string; port: number; protocol: 'tcp' | 'udp'; in: string};
export type PacketVerdict = 'ACCEPT' | 'DROP' | 'REJECT';

const inRange = (ranges: string, port: number): boolean => ranges.split(',').some(range => {
	const [first = '', last = first] = range.split(':');
	return Number(first) <= port && port <= Number(last);
});

const never = (): boolean => false;

/** Conditions of a rule, and whether a connection's first packet meets them. Others are met by every packet, such as a limit on logging. */
const conditions: Readonly<Record<string, (value: string, packet: Packet) => boolean>> = {
	'-p': (value, {protocol}) => value === protocol,
	'-i': (value, packet) => value === packet.in || (value.endsWith('+') && packet.in.startsWith(value.slice(0, -1))),
	'-s': (value, {from}) => matchesAddress(from, value),
	'-d': (value, {to}) => matchesAddress(to, value),
	'--dport': (value, {port}) => inRange(value, port),
	'--dports': (value, {port}) => inRange(value, port),
	'--ctstate': value => value.split(',').includes('NEW'),
	'--dst-type': value => value === 'LOCAL',
	// Knocks are not counted: a first one is never one too many.
	'--update': never,
	'--rt-type': never,
	'--hl-eq': never,
	'--sport': never,
	'--sports': never,
	'--physdev-is-bridged': never,
	'-o': never,
};

const fits = (words: readonly string[], packet: Packet): boolean => {
	const before = words.slice(0, Math.max(0, words.indexOf('-j')));
	return before.every((word, index) => conditions[word]?.(words[index + 1] ?? '', packet) ?? true);
};

const ends = new Set(['ACCEPT', 'DROP', 'REJECT']);

/** Walks through a chain. Undefined where it ends without a word. */
const walk = (rules: Ruleset, chain: string, packet: Packet): PacketVerdict | undefined => {
	for (const rule of rules.chains[chain] ?? []) {
		const words = ruleWords(rule);
		const target = fits(words, packet) ? words[words.indexOf('-j') + 1] ?? '' : '';
		if (target === 'RETURN') {
			return undefined;
		}

		const found = ends.has(target) ? target as PacketVerdict : walk(rules, target, packet);
		if (found) {
			return found;
		}
	}

	return undefined;
};

export const verdict = (rules: Ruleset, packet: Packet): PacketVerdict => walk(rules, 'INPUT', packet) ?? rules.policies.INPUT as PacketVerdict;
