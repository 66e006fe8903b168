import type {Dialect, Keyword} from './dialect.js';

/** How each kind of value is read, and what `sshd -T` makes of it. */

/** Stops sshd at once. `bare`: sshd prints it first, without naming file and line. `placed`: the message names its place already. */
export class Fatal extends Error {
	constructor(message: string, readonly bare?: string, readonly placed = false) {
		super(message);
	}
}

const seconds: Record<string, number> = {
	'': 1, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800,
};

const time = (text: string): string => {
	const parts = [...text.toLowerCase().matchAll(/(?<count>\d+)(?<unit>[smhdw]?)/gv)];
	if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text.toLowerCase()) {
		throw new Fatal('invalid time value.');
	}

	return String(parts.reduce((sum, {groups}) => sum + (Number(groups!.count) * seconds[groups!.unit!]!), 0));
};

const oneOf = (table: Record<string, string>) => ([value = '']: readonly string[], _: Keyword, dialect: Dialect): string => {
	const found = table[dialect.release === '6.6' ? value : value.toLowerCase()];
	if (found === undefined) {
		throw new Fatal(`unsupported option "${value}".`);
	}

	return found;
};

const same = (...names: string[]): Record<string, string> => Object.fromEntries(names.map(name => [name, name]));
const yesNo = same('yes', 'no');

const algorithms = ([value = '']: readonly string[], {name, byItself = ''}: Keyword, dialect: Dialect): string => {
	const labels: Record<string, string> = {ciphers: 'Bad SSH2 cipher spec', macs: 'Bad SSH2 mac spec', kexalgorithms: 'Bad SSH2 KexAlgorithms'};
	const prefix = dialect.release === '6.6' ? '' : /^[+\-^]/v.exec(value)?.[0] ?? '';
	const named = value.slice(prefix.length).split(',');
	const unknown = prefix === '-' ? undefined : named.find(one => !dialect.algorithms[name]!.has(one));
	if (unknown !== undefined) {
		throw new Fatal(`${labels[name] ?? 'Bad key types'} '${value}'.`, name === 'kexalgorithms' ? `Unsupported KEX algorithm "${unknown}"` : undefined);
	}

	const defaults = byItself.split(',');
	const rest = defaults.filter(one => !named.includes(one));
	switch (prefix) {
		case '+': {
			return [...defaults, ...named.filter(one => !defaults.includes(one))].join(',');
		}

		case '-': {
			return rest.join(',');
		}

		case '^': {
			return [...named, ...rest].join(',');
		}

		default: {
			return value;
		}
	}
};

const startups = ([value = '']: readonly string[]): string => {
	const [begin, rate, full] = /^(\d+)(?::(\d+):(\d+))?$/v.exec(value)?.slice(1) ?? [];
	if (begin === undefined) {
		throw new Fatal('Invalid MaxStartups spec.');
	}

	return full === undefined ? `${begin}:30:${begin}` : `${begin}:${rate}:${full}`;
};

const rekey = ([size = '', age = 'none']: readonly string[]): string => {
	const parts = /^(?<count>\d+)(?<unit>[kmg]?)$/iv.exec(size)?.groups;
	if (!parts && size !== 'default') {
		throw new Fatal(`Invalid RekeyLimit '${size}' argument.`);
	}

	const units: Record<string, number> = {
		'': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3,
	};
	return `${parts ? Number(parts.count) * units[parts.unit!.toLowerCase()]! : 0} ${age === 'none' ? 0 : time(age)}`;
};

const methods = (lists: readonly string[]): string => {
	for (const list of lists) {
		const unknown = list.split(',').find(method => !/^(?:any|none|publickey|password|hostbased|gssapi-with-mic|keyboard-interactive(?::.*)?)$/v.test(method));
		if (unknown !== undefined || (list === 'any' && lists.length > 1)) {
			throw new Fatal('invalid AuthenticationMethods method list.', `Unknown authentication method "${unknown ?? 'any'}" in list`);
		}
	}

	return lists.join(' ');
};

type Read = (values: readonly string[], keyword: Keyword, dialect: Dialect) => string;
const text: Read = ([value = '']) => value;
const list: Read = values => values.join(' ');
const number: Read = ([value = ''], {name}, dialect) => {
	if (!/^\d+$/v.test(value)) {
		throw new Fatal(dialect.release === '6.6' ? 'missing integer value.' : `${name} integer value invalid.`);
	}

	return String(Number(value));
};

export const kinds: Readonly<Record<string, Read>> = {
	text, list, number, methods, startups, rekey, algorithms,
	rest: list, many: list, subsystem: list, hostkey: text, listen: text,
	time: ([value = '']) => time(value),
	port([value = '']) {
		if (!/^\d+$/v.test(value) || Number(value) < 1 || Number(value) > 65_535) {
			throw new Fatal('Badly formatted port number.');
		}

		return value;
	},
	flag(values, keyword, dialect) {
		if (dialect.release === '6.6' && !Object.hasOwn(yesNo, values[0]!)) {
			throw new Fatal(`Bad yes/no argument: ${values[0]}`);
		}

		return oneOf(yesNo)(values, keyword, dialect);
	},
	bit([value = '']) {
		if (!Object.hasOwn(yesNo, value)) {
			throw new Fatal(`Bad yes/no argument: ${value}`);
		}

		return value === 'yes' ? '1' : '0';
	},
	root: (values, keyword, dialect) => oneOf({...same('yes', 'no', 'without-password', 'forced-commands-only'), ...(dialect.release === '6.6' ? {} : {'prohibit-password': 'without-password'})})(values, keyword, dialect),
	rhosts: oneOf({...yesNo, 'shosts-only': 'shosts-only'}),
	family: oneOf(same('inet', 'inet6', 'any')),
	compression: oneOf({yes: 'yes', delayed: 'yes', no: 'no'}),
	compression66: oneOf(same('yes', 'delayed', 'no')),
	gateway: oneOf(same('yes', 'no', 'clientspecified')),
	forwarding: oneOf({
		...yesNo, all: 'yes', local: 'local', remote: 'remote',
	}),
	privsep: oneOf(same('yes', 'no', 'sandbox', 'nosandbox')),
	tunnel: oneOf({...yesNo, 'point-to-point': 'point-to-point', ethernet: 'ethernet'}),
	methods66(lists) {
		if (lists.includes('any')) {
			throw new Fatal('invalid AuthenticationMethods method list.', 'Unknown authentication method "any" in list');
		}

		return methods(lists);
	},
	upper: ([value = '']) => value.toUpperCase(),
	loglevel([value = '']) {
		if (!/^(?:quiet|fatal|error|info|verbose|debug[123]?)$/iv.test(value)) {
			throw new Fatal(`unsupported log level '${value}'`);
		}

		return value.toUpperCase();
	},
};
