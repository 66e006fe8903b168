import type {Ruleset} from '../state.js';
import {matchesAddress} from '../sshd/patterns.js';
import {ruleWords} from './canonical.js';

/** What the kernel's rules do with the first packet of a connection to one of the droplet's own addresses. */
export type Packet = {from: string; to: string; port: number; protocol: 'tcp' | 'udp'; in: string};
export type Verdict = 'ACCEPT' | 'DROP' | 'REJECT';

const inRange = (ranges: string, port: number): boolean => ranges.split(',').some(range => {
	const [first = '', last = first] = range.split(':');
	return Number(first) <= port && port <= Number(last);
});

/** Whether a rule's conditions fit a connection's first packet. */
const fits = (words: readonly string[], packet: Packet): boolean => {
	for (let at = 0; at < words.length && words[at] !== '-j'; at++) {
		const value = words[at + 1] ?? '';
		switch (words[at]) {
			case '-p': {
				if (value !== packet.protocol) {
					return false;
				}

				break;
			}

			case '-i': {
				if (!(value === packet.in || (value.endsWith('+') && packet.in.startsWith(value.slice(0, -1))))) {
					return false;
				}

				break;
			}

			case '-s': {
				if (!matchesAddress(packet.from, value)) {
					return false;
				}

				break;
			}

			case '-d': {
				if (!matchesAddress(packet.to, value)) {
					return false;
				}

				break;
			}

			case '--dport': case '--dports': {
				if (!inRange(value, packet.port)) {
					return false;
				}

				break;
			}

			case '--ctstate': {
				if (!value.split(',').includes('NEW')) {
					return false;
				}

				break;
			}

			case '--dst-type': {
				if (value !== 'LOCAL') {
					return false;
				}

				break;
			}

			// Counting hits is not modelled: a first knock is never one too many.
			case '--update': case '--rt-type': case '--hl-eq': case '--sport': case '--sports': case '--physdev-is-bridged': case '-o': {
				return false;
			}

			default:
		}
	}

	return true;
};

const walk = (rules: Ruleset, chain: string, packet: Packet): Verdict | undefined => {
	for (const rule of rules.chains[chain] ?? []) {
		const words = ruleWords(rule);
		if (!fits(words, packet)) {
			continue;
		}

		const target = words[words.indexOf('-j') + 1] ?? '';
		if (target === 'ACCEPT' || target === 'DROP' || target === 'REJECT') {
			return target;
		}

		if (target === 'RETURN') {
			return undefined;
		}

		const verdict = walk(rules, target, packet);
		if (verdict) {
			return verdict;
		}
	}

	return undefined;
};

export const verdict = (rules: Ruleset, packet: Packet): Verdict => walk(rules, 'INPUT', packet) ?? rules.policies.INPUT as Verdict;
