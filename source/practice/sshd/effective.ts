import {groupsOf, userNamed} from '../accounts.js';
import type {
	Criterion,
	Directive,
	Droplet,
	Socket,
} from '../state.js';
import {dialectOf} from './dialect.js';
import {matchesAddress, matchesList} from './patterns.js';

/** Who is about to log in, as far as Match blocks ask. */
export type ConnectionSpec = {user: string; host: string; address: string; localAddress?: string; localPort?: number};

export type EffectiveSettings = ReadonlyMap<string, readonly string[]>;

const holds = (droplet: Droplet, {attribute, pattern}: Criterion, connection: ConnectionSpec): boolean => {
	switch (attribute) {
		case 'all': {
			return true;
		}

		case 'user': {
			return matchesList(connection.user, pattern);
		}

		case 'host': {
			return matchesList(connection.host, pattern);
		}

		case 'address': {
			return matchesAddress(connection.address, pattern);
		}

		case 'localaddress': {
			return matchesAddress(connection.localAddress ?? '', pattern);
		}

		case 'localport': {
			return String(connection.localPort ?? '') === pattern;
		}

		case 'group': {
			const user = userNamed(droplet, connection.user);
			return user !== undefined && groupsOf(droplet, user).some(({name}) => matchesList(name, pattern));
		}

		case 'invalid-user': {
			return userNamed(droplet, connection.user) === undefined;
		}

		default: {
			return false;
		}
	}
};

/**
The settings that hold for a connection: of the blocks that match, the first to say something wins, and wins over what stands outside of blocks; there too the first wins.

Without a connection only `Match all` counts.
*/
export const effective = (droplet: Droplet, directives: readonly Directive[], connection?: ConnectionSpec): EffectiveSettings => {
	const dialect = dialectOf(droplet.level);
	const applies = ({when}: Directive): boolean => when.every(block => block.every(criterion => (connection ? holds(droplet, criterion, connection) : criterion.attribute === 'all')));
	const inBlocks = directives.filter(directive => directive.when.length > 0 && applies(directive));
	const outside = directives.filter(({when}) => when.length === 0);
	const settings = new Map<string, readonly string[]>();
	for (const {name, kind, byItself} of dialect.keywords.values()) {
		const several = ['many', 'port', 'listen', 'hostkey', 'subsystem'].includes(kind);
		const said = [inBlocks, outside].map(some => some.filter(({keyword}) => keyword === name)).find(some => some.length > 0);
		if (said) {
			settings.set(name, several ? said.flatMap(({values}) => values) : said[0]!.values);
		} else if (byItself !== undefined) {
			settings.set(name, name === 'hostkey' ? hostKeysByItself(dialect.release) : [byItself]);
		}
	}

	// 6.6 asks by keyboard-interactive what ChallengeResponseAuthentication allows.
	if (settings.get('challengeresponseauthentication')?.[0] === 'yes') {
		settings.set('kbdinteractiveauthentication', ['yes']);
	}

	settings.set('listenaddress', listenAddresses(settings, dialect.release === '6.6'));
	return settings;
};

const hostKeysByItself = (release: string): string[] => (release === '6.6' ? ['rsa', 'dsa', 'ecdsa', 'ed25519'] : ['rsa', 'ecdsa', 'ed25519']).map(kind => `/etc/ssh/ssh_host_${kind}_key`);

const listenAddresses = (settings: EffectiveSettings, v4First: boolean): string[] => {
	const ports = settings.get('port')!;
	const family = settings.get('addressfamily')?.[0];
	const given = settings.get('listenaddress') ?? [];
	// 6.6 puts each new one before the others; 10.0 behind them.
	const inOrder = <T>(list: readonly T[]): readonly T[] => v4First ? list.toReversed() : list;
	const everywhere = v4First ? ['0.0.0.0', '[::]'] : ['[::]', '0.0.0.0'];
	const pairs = given.length === 0
		? inOrder(ports).flatMap(port => everywhere.map(address => `${address}:${port}`))
		: inOrder(given).flatMap(one => {
			const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+|[\da-f]*:[\da-f]*:[\d:a-f]*))(?::(\d+))?$/v.exec(one) ?? [];
			const address = bracketed ?? plain ?? one;
			const shown = address.includes(':') ? `[${address}]` : address;
			return (port === undefined ? inOrder(ports) : [port]).map(each => `${shown}:${each}`);
		});
	return pairs.filter(pair => family === 'any' || (family === 'inet6') === pair.startsWith('['));
};

/** Where sshd listens with these settings. */
export const socketsOf = (settings: EffectiveSettings): Socket[] => settings.get('listenaddress')!.map(pair => {
	const colon = pair.lastIndexOf(':');
	const address = pair.slice(0, colon).replaceAll(/[\[\]]/gv, '');
	return {
		protocol: 'tcp', family: address.includes(':') ? 'v6' : 'v4', address, port: Number(pair.slice(colon + 1)),
	};
});

/** The lines of `sshd -T`. */
export const dump = (droplet: Droplet, settings: EffectiveSettings): string => {
	const lines: string[] = [];
	for (const {name, kind} of dialectOf(droplet.level).keywords.values()) {
		const values = settings.get(name);
		if (!values || kind.startsWith('~')) {
			continue;
		}

		if (kind === 'methods66') {
			lines.push([name, ...values].filter(Boolean).join(' '));
		} else if (['many', 'port', 'hostkey', 'listen', 'subsystem'].includes(kind)) {
			lines.push(...values.map(value => `${name} ${value}`));
		} else {
			lines.push(`${name} ${values[0]!}`);
		}
	}

	return lines.map(line => `${line}\n`).join('');
};
