import {Buffer} from 'node:buffer';
import {type Machine, NotModelled} from '../state.js';
import {entryOf, textOf, writeFile} from '../file-tree.js';

/** ufw's own rules as its files hold them: a line `### tuple ###` for itself, and below it the lines for iptables. */
export type Rule = {
	action: string;
	protocol: string;
	port: string;
	to: string;
	fromPort: string;
	from: string;
	direction: 'in' | 'out';
	interface: string;
	app: string;
	comment: string;
	v6: boolean;
};

export type Version = '6' | '';

export const anywhere = (v6: boolean): string => v6 ? '::/0' : '0.0.0.0/0';

export const ufwFolder = ({droplet}: Machine): string => droplet.level === 'ubuntu-14.04' ? '/lib/ufw' : '/etc/ufw';
export const rulesFile = (machine: Machine, six: Version): string => `${ufwFolder(machine)}/user${six}.rules`;

export const readRules = (machine: Machine, six: Version): Rule[] => textOf(machine.droplet, rulesFile(machine, six)).split('\n').flatMap(line => {
	const [, tuple, hex = ''] = /^### tuple ### (.*?)(?: comment=([\da-f]+))?$/v.exec(line) ?? [];
	if (tuple === undefined) {
		return [];
	}

	const fields = tuple.trim().split(/\s+/v);
	const [action = '', protocol = '', port = '', to = '', fromPort = '', from = ''] = fields;
	if (action.includes(':') || action.includes('_')) {
		throw new NotModelled(`ufw's rule '${tuple}'`);
	}

	const [direction = 'in', name = ''] = (fields.length % 2 === 1 ? fields.at(-1)! : 'in').split('_');
	const app = fields.length >= 8 && fields[6] !== '-' ? fields[6]!.replaceAll('%20', ' ') : '';
	return [{
		action, protocol, port, to, fromPort, from, direction: direction as 'in' | 'out', interface: name, app, comment: Buffer.from(hex, 'hex').toString(), v6: six === '6',
	}];
});

const match = (rule: Rule, protocol: string): string => {
	const ports = (name: string, value: string) => value === 'any' ? '' : (/[,:]/v.test(value) ? ` -m multiport --${name}s ${value}` : ` --${name} ${value}`);
	return [
		rule.interface === '' ? '' : ` -${rule.direction === 'in' ? 'i' : 'o'} ${rule.interface}`,
		protocol === '' ? '' : ` -p ${protocol}`,
		rule.to === anywhere(rule.v6) ? '' : ` -d ${rule.to}`,
		ports('dport', rule.port),
		rule.from === anywhere(rule.v6) ? '' : ` -s ${rule.from}`,
		ports('sport', rule.fromPort),
	].join('');
};

const iptablesLines = (rule: Rule): string[] => {
	const prefix = rule.v6 ? 'ufw6' : 'ufw';
	const hasPort = rule.port !== 'any' || rule.fromPort !== 'any';
	const protocols = rule.protocol === 'any' ? (hasPort ? ['tcp', 'udp'] : ['']) : [rule.protocol];
	const end = rule.app === '' ? '' : ` -m comment --comment 'dapp_${rule.app.replaceAll(' ', '%20')}'`;
	return protocols.flatMap(protocol => {
		const start = `-A ${prefix}-user-${rule.direction === 'in' ? 'input' : 'output'}${match(rule, protocol)}`;
		switch (rule.action) {
			case 'limit': {
				return [`${start} -m conntrack --ctstate NEW -m recent --set${end}`, `${start} -m conntrack --ctstate NEW -m recent --update --seconds 30 --hitcount 6 -j ${prefix}-user-limit${end}`, `${start} -j ${prefix}-user-limit-accept${end}`];
			}

			case 'reject': {
				return [`${start} -j REJECT${protocol === 'tcp' ? ' --reject-with tcp-reset' : ''}${end}`];
			}

			default: {
				return [`${start} -j ${rule.action === 'allow' ? 'ACCEPT' : 'DROP'}${end}`];
			}
		}
	});
};

const tuple = (rule: Rule): string => {
	const side = rule.interface === '' ? rule.direction : `${rule.direction}_${rule.interface}`;
	const app = rule.app === '' ? [] : [rule.app.replaceAll(' ', '%20'), '-'];
	const comment = rule.comment === '' ? [] : [`comment=${Buffer.from(rule.comment).toString('hex')}`];
	return ['### tuple ###', rule.action, rule.protocol, rule.port, rule.to, rule.fromPort, rule.from, ...app, side, ...comment].join(' ');
};

const chains = (prefix: string): string => ['user-input', 'user-output', 'user-forward', ...['before', 'user', 'after'].flatMap(place => ['input', 'output', 'forward'].map(way => `${place}-logging-${way}`)), 'logging-deny', 'logging-allow', 'user-limit', 'user-limit-accept']
	.map(name => `:${prefix}-${name} - [0:0]\n`).join('');

const logging = (prefix: string): string => {
	const limit = '-m limit --limit 3/min --limit-burst 10';
	return [
		`-A ${prefix}-after-logging-input -j LOG --log-prefix "[UFW BLOCK] " ${limit}`,
		`-A ${prefix}-after-logging-forward -j LOG --log-prefix "[UFW BLOCK] " ${limit}`,
		`-I ${prefix}-logging-deny -m conntrack --ctstate INVALID -j RETURN ${limit}`,
		`-A ${prefix}-logging-deny -j LOG --log-prefix "[UFW BLOCK] " ${limit}`,
		`-A ${prefix}-logging-allow -j LOG --log-prefix "[UFW ALLOW] " ${limit}`,
	].map(line => `${line}\n`).join('');
};

/** Writes a rules file whole, as ufw does at every change. */
export const writeRules = (machine: Machine, six: Version, rules: readonly Rule[]): void => {
	if (!/^LOGLEVEL=low$/mv.test(textOf(machine.droplet, '/etc/ufw/ufw.conf'))) {
		throw new NotModelled('ufw\'s log levels other than low');
	}

	const prefix = `ufw${six}`;
	const body = rules.map(rule => `\n${tuple(rule)}\n${iptablesLines(rule).map(line => `${line}\n`).join('')}`).join('');
	const file = rulesFile(machine, six);
	writeFile(machine, file, `*filter\n${chains(prefix)}### RULES ###\n${body}\n### END RULES ###\n\n### LOGGING ###\n${logging(prefix)}### END LOGGING ###\n\n### RATE LIMITING ###\n-A ${prefix}-user-limit -m limit --limit 3/minute -j LOG --log-prefix "[UFW LIMIT BLOCK] "\n-A ${prefix}-user-limit -j REJECT\n-A ${prefix}-user-limit-accept -j ACCEPT\n### END RATE LIMITING ###\nCOMMIT\n`, {mode: entryOf(machine.droplet, file)?.mode ?? 0o640});
};
