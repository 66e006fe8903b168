import type {Machine} from '../state.js';
import {ufwSetting, usesV6} from './framework.js';
import {anywhere, readRules, type Rule} from './rules.js';

/** `ufw status` in its three forms, and `ufw show added`. 0.34 does not pad the last column. */
export const allRules = (machine: Machine): Rule[] => [...readRules(machine, ''), ...(usesV6(machine) ? readRules(machine, '6') : [])];

type Form = 'plain' | 'verbose' | 'numbered';

const place = (rule: Rule, side: 'to' | 'from', form: Form): string => {
	const address = rule[side];
	const isAnywhere = address === anywhere(rule.v6);
	const byApp = rule.app !== '' && form !== 'verbose';
	const port = side === 'to' ? (byApp ? rule.app + (rule.v6 && isAnywhere ? ' (v6)' : '') : rule.port) : rule.fromPort;
	const showProtocol = !byApp && rule.protocol !== 'any';
	let text = isAnywhere ? '' : address;
	if (port === 'any') {
		const all = rule.port === rule.fromPort;
		text = `${isAnywhere ? 'Anywhere' : address}${showProtocol && all && (!isAnywhere || rule.to === rule.from) ? `/${rule.protocol}` : ''}${address === '::/0' ? ' (v6)' : ''}`;
	} else {
		text += `${text === '' ? '' : ' '}${port}${showProtocol ? `/${rule.protocol}` : ''}`;
		if (form === 'verbose' && side === 'to' && rule.app !== '') {
			text += ` (${rule.app}${rule.v6 && isAnywhere ? ' (v6)' : ''})`;
		}

		if (rule.from === '::/0' && rule.to === '::/0' && !text.includes(' (v6)')) {
			text += ' (v6)';
		}
	}

	const on = rule.interface !== '' && (rule.direction === 'in') === (side === 'to') ? ` on ${rule.interface}` : '';
	return text + on;
};

const policyWords: Record<string, string> = {
	ACCEPT: 'allow', DROP: 'deny', REJECT: 'reject', SKIP: 'skip',
};

const defaults = (machine: Machine): string => {
	const policy = (chain: string) => policyWords[ufwSetting(machine, '/etc/default/ufw', `DEFAULT_${chain}_POLICY`)];
	const routed = machine.droplet.forwarding ? policy('FORWARD') : 'disabled';
	return `Logging: on (low)\nDefault: ${policy('INPUT')} (incoming), ${policy('OUTPUT')} (outgoing), ${routed} (routed)\nNew profiles: ${policy('APPLICATION')}`;
};

export const ufwStatus = (machine: Machine, form: Form): string => {
	const pad = machine.droplet.level === 'ubuntu-14.04' ? 0 : 26;
	const incoming: string[] = [];
	const outgoing: string[] = [];
	const seen = new Set<string>();
	for (const rule of allRules(machine)) {
		const once = JSON.stringify([rule.action, rule.app, rule.to, rule.from, rule.fromPort, rule.v6, rule.direction, rule.interface]);
		if (rule.app !== '' && form !== 'verbose' && seen.has(once)) {
			continue;
		}

		seen.add(once);
		const way = rule.direction === 'in' && form === 'plain' ? '' : rule.direction.toUpperCase();
		const number = form === 'numbered' ? `[${String(incoming.length + 1).padStart(2)}] ` : '';
		const out = form === 'numbered' && rule.direction === 'out' ? ' (out)' : '';
		const comment = rule.comment === '' ? '' : ` # ${rule.comment}`;
		const line = `${number}${place(rule, 'to', form).padEnd(26)} ${`${rule.action.toUpperCase()} ${way}`.padEnd(12)}${place(rule, 'from', form).padEnd(pad)}${out}${comment}\n`;
		(rule.direction === 'out' && form !== 'numbered' ? outgoing : incoming).push(line);
	}

	const head = form === 'verbose' ? `Status: active\n${defaults(machine)}` : 'Status: active';
	if (incoming.length + outgoing.length === 0) {
		return `${head}\n`;
	}

	const indent = form === 'numbered' ? ' '.repeat(5) : '';
	const header = [['To', 'Action', 'From'], ['--', '------', '----']].map(([to = '', action = '', from]) => `${indent}${to.padEnd(26)} ${action.padEnd(12)}${from}\n`).join('');
	return `${head}\n\n${header}${incoming.join('')}${incoming.length > 0 && outgoing.length > 0 ? '\n' : ''}${outgoing.join('')}\n`;
};

/** What one types to have a rule. */
export const ruleCommand = (rule: Rule): string => {
	const quote = (text: string) => text.includes(' ') ? `'${text}'` : text;
	const comment = rule.comment === '' ? '' : ` comment '${rule.comment}'`;
	const isAny = (address: string) => address === anywhere(rule.v6);
	if (isAny(rule.to) && isAny(rule.from) && rule.fromPort === 'any' && rule.interface === '' && rule.port !== 'any') {
		return `ufw ${rule.action}${rule.direction === 'out' ? ' out' : ''} ${rule.app === '' ? `${rule.port}${rule.protocol === 'any' ? '' : `/${rule.protocol}`}` : quote(rule.app)}${comment}`;
	}

	const side = (word: string, address: string, port: string, app: string) => isAny(address) && port === 'any' && app === '' ? '' : ` ${word} ${isAny(address) ? 'any' : address}${app === '' ? (port === 'any' ? '' : ` port ${port}`) : ` app ${quote(app)}`}`;
	const sides = side('from', rule.from, rule.fromPort, '') + side('to', rule.to, rule.port, rule.app);
	const on = rule.interface === '' ? (rule.direction === 'out' ? ' out' : '') : ` ${rule.direction} on ${rule.interface}`;
	return `ufw ${rule.action}${on}${sides === '' && rule.interface === '' ? ' to any' : sides}${rule.protocol === 'any' || rule.app !== '' ? '' : ` proto ${rule.protocol}`}${comment}`;
};

export const added = (machine: Machine): string => {
	const lines = [...new Set(allRules(machine).map(rule => ruleCommand(rule)))];
	return `Added user rules (see 'ufw status' for running firewall):\n${lines.length === 0 ? '(None)\n' : lines.map(line => `${line}\n`).join('')}`;
};
