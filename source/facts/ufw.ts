import type {
	Argv,
	Family,
	Fact,
	FileFact,
} from '../step.js';
import type {System} from '../systems.js';
import {file} from './files.js';

/** A rule that somebody gave ufw, as it stands behind `### tuple ###` in user.rules. `port` is `any`, a port, a list or a range such as `80,443` or `6000:6007`. */
export type UfwRule = {
	readonly family: Family;
	readonly action: string;
	readonly route: boolean;
	readonly protocol: string;
	readonly port: string;
	readonly to: string;
	readonly fromPort: string;
	readonly from: string;
	readonly app: string | undefined;
	readonly direction: string;
};

/** The ports that websites need, open for everybody. */
export const webPorts: readonly number[] = [80, 443];

const anywhere = /^(0\.0\.0\.0\/0|::\/0|any)$/;

const parseTuple = (family: Family, line: string): UfwRule => {
	const words = line.replace(/^### tuple ### /, '').split(' ').filter(word => !word.startsWith('comment='));
	const [action = '', protocol = '', port = '', to = '', fromPort = '', from = '', ...rest] = words;
	const direction = rest.at(-1) ?? 'in';
	const app = rest.length === 3 && rest[0] !== '-' ? rest[0]!.replaceAll('%20', ' ') : undefined;
	return {
		family, action: action.replace(/^route:/, '').replace(/_log(-all)?$/, ''), route: action.startsWith('route:'), protocol, port, to, fromPort, from, app, direction,
	};
};

/** The rules in a user.rules or user6.rules file. */
export const rulesIn = (family: Family, userRules: FileFact): readonly UfwRule[] =>
	(userRules.content ?? '').split('\n').filter(line => line.startsWith('### tuple ### ')).map(line => parseTuple(family, line));

/** Whether a rule lets something into the server itself. */
export const letsIn = (rule: UfwRule): boolean => !rule.route && /^(allow|limit)$/.test(rule.action) && rule.direction.startsWith('in');

/** The ports a rule is about: a list such as `80,443` taken apart, a range left as it is. */
const portsOf = (rule: UfwRule): readonly string[] => rule.port.split(',');

/** Whether a rule lets everybody in to this TCP port. */
export const opens = (rule: UfwRule, port: number): boolean =>
	opensToAll(rule) && rule.direction === 'in' && /^(?:tcp|any)$/.test(rule.protocol) && portsOf(rule).includes(String(port)) && anywhere.test(rule.to) && rule.fromPort === 'any';

/** Whether a rule lets somebody in to this TCP port of the server's address `at`. */
export const opensFor = (rule: UfwRule, port: number, at: string): boolean =>
	letsIn(rule) && rule.direction === 'in' && /^(?:tcp|any)$/.test(rule.protocol) && portsOf(rule).includes(String(port)) && (anywhere.test(rule.to) || rule.to === at) && rule.fromPort === 'any';

/** Whether a rule lets everybody in, on whatever port. A rule for some addresses only is somebody's own affair. */
export const opensToAll = (rule: UfwRule): boolean => letsIn(rule) && anywhere.test(rule.from);

const within = (range: string, port: number): boolean => {
	const [first = '', last = first] = range.split(':');
	return range === 'any' || (Number(first) <= port && port <= Number(last));
};

/** Whether a rule lets everybody in to a port of an address, by an interface. */
export const listsPort = (rule: UfwRule, protocol: 'tcp' | 'udp', port: number, {at, interface: by}: {readonly at: string; readonly interface: string | undefined}): boolean =>
	opensToAll(rule) && (rule.direction === 'in' || rule.direction === `in_${by}`) && (anywhere.test(rule.to) || rule.to === at) && (rule.protocol === 'any' || rule.protocol === protocol) && portsOf(rule).some(range => within(range, port));

/** Whether a rule refuses everybody at a TCP port, and stands on the list for that alone. */
const shuts = (rule: UfwRule, port: number): boolean =>
	!rule.route && /^(?:deny|reject)$/.test(rule.action) && rule.direction === 'in' && rule.protocol !== 'udp' && anywhere.test(rule.from) && anywhere.test(rule.to) && portsOf(rule).some(range => within(range, port));

/** What refuses everybody at one of some ports, and stands on the list before what lets them in. */
export const refusedFirst = (rules: readonly UfwRule[], ports: readonly number[]): readonly UfwRule[] => {
	const opening = (rule: UfwRule, port: number): number => rules.findIndex(one => one.family === rule.family && opens(one, port));
	return rules.filter((rule, index) => ports.some(port => shuts(rule, port) && (opening(rule, port) === -1 || index < opening(rule, port))));
};

/** The TCP ports that rules open for everybody, as far as they are single ones. */
export const openPorts = (rules: readonly UfwRule[]): readonly number[] =>
	[...new Set(rules.flatMap(rule => portsOf(rule).map(Number).filter(port => opens(rule, port))))];

/** Whether a rule is about nothing but these TCP ports. */
export const isWithin = (rule: UfwRule, ports: readonly number[]): boolean =>
	rule.protocol !== 'udp' && portsOf(rule).every(one => ports.some(port => one === String(port)));

/** The words after `ufw` or `ufw delete` that name a rule. */
export const spell = (rule: UfwRule): readonly string[] => {
	const [direction = 'in', via] = rule.direction.split('_');
	if (rule.app === undefined && via === undefined && anywhere.test(rule.from) && anywhere.test(rule.to) && rule.fromPort === 'any' && rule.port !== 'any') {
		return [rule.action, ...(direction === 'out' ? ['out'] : []), rule.protocol === 'any' ? rule.port : `${rule.port}/${rule.protocol}`];
	}

	const address = (text: string): string => (anywhere.test(text) ? 'any' : text);
	return [
		rule.action,
		direction,
		...(via ? ['on', via] : []),
		...(rule.app === undefined && rule.protocol !== 'any' ? ['proto', rule.protocol] : []),
		'from',
		address(rule.from),
		...(rule.fromPort === 'any' ? [] : ['port', rule.fromPort]),
		'to',
		address(rule.to),
		...(rule.app === undefined ? (rule.port === 'any' ? [] : ['port', rule.port]) : ['app', rule.app]),
	];
};

export const allow = (port: number): Argv => ['ufw', 'allow', `${port}/tcp`];
export const deleteRule = (rule: UfwRule): Argv => ['ufw', 'delete', ...spell(rule)];

/** ufw's files on a release. */
export const ufwFiles = (system: System) => ({
	rules: `${system.ufwRules}/user.rules`,
	rules6: `${system.ufwRules}/user6.rules`,
	conf: '/etc/ufw/ufw.conf',
	defaults: '/etc/default/ufw',
	after: '/etc/ufw/after.rules',
	after6: '/etc/ufw/after6.rules',
	hook: '/etc/ufw/before.init',
	sysctl: '/etc/ufw/sysctl.conf',
});

/** ufw's files as facts; those of a ufw that is not installed are absent. */
export const ufwFacts = (system: System) => {
	const paths = ufwFiles(system);
	return {
		ufwRules: file(paths.rules), ufwRules6: file(paths.rules6), ufwConf: file(paths.conf), ufwDefaults: file(paths.defaults),
	} satisfies Record<string, Fact<FileFact>>;
};

/** A shell-like `NAME=value` or `NAME="value"` in a file of settings. */
export const valueIn = (settings: FileFact, name: string): string | undefined =>
	new RegExp(String.raw`^${name}=["']?([^"'#\n]*?)["']?\s*$`, 'm').exec(settings.content ?? '')?.[1];

/** A file of settings with one value changed, or added at its end. */
export const withValue = (content: string, name: string, line: string): string => {
	const pattern = new RegExp(`^${name}=.*$`, 'm');
	return pattern.test(content) ? content.replace(pattern, () => line) : `${content}${content === '' || content.endsWith('\n') ? '' : '\n'}${line}\n`;
};
