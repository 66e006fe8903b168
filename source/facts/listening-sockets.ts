import type {Fact, Family} from '../step.js';
import {Unreadable} from './files.js';

/** A TCP port that something on the server listens on. */
export type ListeningSocket = {readonly port: number; readonly families: readonly Family[]; /** Whether it can be reached from outside at all. */ readonly loopback: boolean; readonly program: string};

const families = (address: string): readonly Family[] => {
	if (address === '*') {
		return ['v4', 'v6'];
	}

	return address.includes(':') ? ['v6'] : ['v4'];
};

/** What listens on TCP, from `ss` (its columns are the same from iproute2 3.12 to today's; older ones print `::` without brackets). */
export const listeningSockets: Fact<readonly ListeningSocket[]> = {
	argv: ['ss', '-tlnp'],
	parse({outcome, code, out}) {
		if (outcome !== 'ran' || code !== 0) {
			throw new Unreadable('what listens on this server could not be asked');
		}

		return out.split('\n').slice(1).filter(Boolean).flatMap(line => {
			const [, , , local = '', , ...rest] = line.trim().split(/\s+/);
			const colon = local.lastIndexOf(':');
			const address = local.slice(0, colon).replaceAll(/[[\]]/g, '').split('%')[0]!;
			const port = Number(local.slice(colon + 1));
			const program = /\(\("([^"]+)"/.exec(rest.join(' '))?.[1] ?? 'something';
			return Number.isInteger(port)
				? [{
					port, families: families(address), loopback: /^(127\.|::1$|::ffff:127\.)/.test(address), program,
				}]
				: [];
		});
	},
};
