import type {Family} from '../../step.js';
import {NotModelled} from '../state.js';

/** Rules as people and ufw write them, turned into what `iptables -S` says of them. Thrown: what iptables itself refuses. */
export class BadRule extends Error {}

const icmp: Record<Family, Record<string, string>> = {
	v4: {
		'echo-reply': '0', 'destination-unreachable': '3', 'source-quench': '4', 'echo-request': '8', 'time-exceeded': '11', 'parameter-problem': '12',
	},
	v6: {
		'destination-unreachable': '1', 'packet-too-big': '2', 'time-exceeded': '3', 'parameter-problem': '4', 'echo-request': '128', 'echo-reply': '129', 'router-solicitation': '133', 'router-advertisement': '134', 'neighbor-solicitation': '135', 'neighbour-solicitation': '135', 'neighbor-advertisement': '136', 'neighbour-advertisement': '136',
	},
};

const states = ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED', 'UNTRACKED', 'SNAT', 'DNAT'];
const masks = {v4: '255.255.255.255', v6: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'};

/** Splits a rule into words; double quotes keep spaces together. */
export const ruleWords = (line: string): string[] => [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/gv)].map(([, quoted, plain]) => quoted?.replaceAll(/\\(.)/gv, '$1') ?? plain!);

const quoted = (text: string): string => /^[\w.:\/+=@%,\-]+$/v.test(text) ? text : `"${text.replaceAll(/["'\\]/gv, String.raw`\$&`)}"`;

const withMask = (address: string, family: Family): string => address.includes('/') ? address : `${address}/${family === 'v4' ? 32 : 128}`;

type Parts = {before: Record<string, string>; not: Set<string>; matches: Array<{module: string; words: string[]}>; target: string[]};

const port = (value: string): string => {
	if (!/^\d{1,5}(?::\d{1,5})?$/v.test(value)) {
		throw new BadRule(`invalid port/service \`${value}' specified`);
	}

	return value;
};

/** Adds words to a match, opening the match first where the rule did not name it. */
const addTo = (parts: Parts, module: string, ...words: string[]): void => {
	const last = parts.matches.at(-1);
	const open = last?.module === module ? last : parts.matches.find(match => match.module === module);
	if (open) {
		open.words.push(...words);
	} else {
		parts.matches.push({module, words});
	}
};

const option = (parts: Parts, family: Family, name: string, value: () => string): void => {
	const protocol = parts.before['-p'] ?? '';
	switch (name) {
		case '-s': case '-d': {
			const address = withMask(value(), family);
			if (!/^(?:0\.0\.0\.0|::)\/0$/v.test(address)) {
				parts.before[name] = address;
			}

			return;
		}

		case '-i': case '-o': {
			parts.before[name] = value();
			return;
		}

		case '-p': {
			parts.before[name] = value().replace(/^icmpv6$/v, 'ipv6-icmp');
			return;
		}

		case '-m': {
			parts.matches.push({module: value(), words: []});
			return;
		}

		case '--dport': case '--sport': {
			addTo(parts, protocol, name, port(value()));
			return;
		}

		case '--icmp-type': case '--icmpv6-type': {
			const kind = value();
			addTo(parts, family === 'v4' ? 'icmp' : 'icmp6', name, icmp[family][kind] ?? kind);
			return;
		}

		case '--dports': case '--sports': case '--limit-burst': case '--dst-type': case '--rt-type': case '--hl-eq': case '--seconds': case '--hitcount': case '--name': case '--mask': case '--ctorigdstport': case '--ctorigdst': case '--ctdir': {
			parts.matches.at(-1)!.words.push(name, value());
			return;
		}

		case '--limit': {
			addTo(parts, 'limit', name, value().replace(/\/minute$/v, '/min'));
			return;
		}

		case '--ctstate': {
			const named = new Set(value().split(','));
			parts.matches.at(-1)!.words.push(name, states.filter(state => named.has(state)).join(','));
			return;
		}

		case '--comment': {
			parts.matches.at(-1)!.words.push(name, quoted(value()));
			return;
		}

		case '--set': case '--update': case '--rsource': case '--physdev-is-bridged': {
			parts.matches.at(-1)!.words.push(name);
			return;
		}

		case '-j': {
			parts.target = [name, value()];
			return;
		}

		case '--log-prefix': case '--reject-with': case '--to-destination': case '--to-ports': {
			const text = value();
			parts.target.push(name, name === '--log-prefix' ? `"${text}"` : text);
			return;
		}

		default: {
			throw new NotModelled(`the firewall rule option ${name}`);
		}
	}
};

/** Of what may be asked the other way round these are modelled. */
const negatable: ReadonlySet<string> = new Set(['-s', '-d', '-i', '-o', '-p']);
const notModelledNot = (name = ''): never => {
	throw new NotModelled(`the firewall rule option ! ${name}`);
};

/** What iptables prints of a rule, given its words without `-A CHAIN`. */
export const canonical = (words: readonly string[], family: Family): string => {
	const parts: Parts = {
		before: {}, not: new Set(), matches: [], target: [],
	};
	const rest = [...words];
	while (rest.length > 0) {
		const name = rest.shift()!;
		if (name === '!') {
			parts.not.add(negatable.has(rest[0] ?? '') ? rest[0]! : notModelledNot(rest[0]));
			continue;
		}

		option(parts, family, name, () => {
			const value = rest.shift();
			if (value === undefined) {
				throw new BadRule(`option "${name}" requires an argument`);
			}

			return value;
		});
	}

	for (const match of parts.matches.filter(({module}) => module === 'recent')) {
		match.words = [...match.words.filter(word => word !== '--rsource'), ...(match.words.includes('--name') ? [] : ['--name', 'DEFAULT']), ...(match.words.includes('--mask') ? [] : ['--mask', masks[family]]), '--rsource'];
	}

	if (parts.target[1] === 'REJECT' && parts.target.length === 2) {
		parts.target.push('--reject-with', family === 'v4' ? 'icmp-port-unreachable' : 'icmp6-port-unreachable');
	}

	const before = ['-s', '-d', '-i', '-o', '-p'].flatMap(name => (Object.hasOwn(parts.before, name) ? [...parts.not.has(name) ? ['!'] : [], name, parts.before[name]!] : []));
	const matches = parts.matches.flatMap(({module, words: inside}) => ['-m', module, ...inside]);
	return [...before, ...matches, ...parts.target].join(' ');
};
