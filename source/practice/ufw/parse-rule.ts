import {NotModelled, type Machine} from '../state.js';
import {contentOf, namesIn} from '../file-tree.js';
import {anywhere, type Rule} from './rules.js';

/** What a person may say after `ufw`, turned into rules for both families. */
export class UfwError extends Error {}

const appPorts = (machine: Machine, name: string): string | undefined => {
	const folder = '/etc/ufw/applications.d';
	for (const file of namesIn(machine.droplet, folder)) {
		const section = contentOf(machine, `${folder}/${file}`)?.split(/^\[/mv).find(part => part.startsWith(`${name}]`));
		const ports = /^ports=(.*)$/mv.exec(section ?? '')?.[1];
		if (ports !== undefined) {
			return ports;
		}
	}

	return undefined;
};

const checkPort = (text: string): void => {
	const good = text.split(/[,:]/v).every(part => /^\d+$/v.test(part) && Number(part) >= 1 && Number(part) <= 65_535);
	if (!good) {
		throw new UfwError('Bad port');
	}
};

/** `22/tcp`, `53`, `6000:6007/tcp` or the name of an application. */
const target = (machine: Machine, rule: Rule, text: string): void => {
	const [, ports, protocol] = /^([\d,:]+)(?:\/(tcp|udp))?$/v.exec(text) ?? [];
	if (ports !== undefined) {
		checkPort(ports);
		if (/[,:]/v.test(ports) && protocol === undefined) {
			throw new UfwError('Must specify \'tcp\' or \'udp\' with multiple ports');
		}

		Object.assign(rule, {port: ports, protocol: protocol ?? 'any'});
		return;
	}

	const app = appPorts(machine, text);
	const [, appPort, appProtocol] = /^([\d,:]+)\/(tcp|udp)$/v.exec(app ?? '') ?? [];
	if (appPort === undefined) {
		throw new NotModelled(`ufw's application '${text}'`);
	}

	Object.assign(rule, {port: appPort, protocol: appProtocol, app: text});
};

/** Reads `ACTION [in|out] [on IFACE] TARGET | [from A] [to B] [port P] [proto X] [comment C]`. */
export const parseRule = (machine: Machine, words: readonly string[]): {v4: Rule | undefined; v6: Rule | undefined} => {
	const [action = '', ...rest] = words;
	const rule: Rule = {
		action, protocol: 'any', port: 'any', to: 'any', fromPort: 'any', from: 'any', direction: 'in', interface: '', app: '', comment: '', v6: false,
	};
	let side = 'to';
	let isSimple = rest.length === 1;
	const value = () => rest.shift() ?? '';
	const clauses: Readonly<Record<string, (word: string) => void>> = {
		in() {
			rule.direction = 'in';
			isSimple = rest.length === 1;
		},
		out() {
			rule.direction = 'out';
			isSimple = rest.length === 1;
		},
		on() {
			rule.interface = value();
		},
		from() {
			side = 'from';
			rule.from = value();
		},
		to() {
			side = 'to';
			rule.to = value();
		},
		port() {
			const port = value();
			checkPort(port);
			rule[side === 'to' ? 'port' : 'fromPort'] = port;
		},
		proto() {
			rule.protocol = value();
		},
		comment() {
			rule.comment = value();
		},
	};
	const alone = (word: string): void => {
		if (!isSimple && rest[0] !== 'comment') {
			throw new NotModelled(`'ufw ${words.join(' ')}'`);
		}

		target(machine, rule, word);
	};

	while (rest.length > 0) {
		const word = rest.shift()!;
		(Object.hasOwn(clauses, word) ? clauses[word]! : alone)(word);
	}

	const about = [rule.from, rule.to].filter(address => address !== 'any');
	const six = about.some(address => address.includes(':'));
	const four = about.some(address => !address.includes(':'));
	const as = (v6: boolean): Rule => ({
		...rule, v6, from: rule.from === 'any' ? anywhere(v6) : rule.from, to: rule.to === 'any' ? anywhere(v6) : rule.to,
	});
	return {v4: six ? undefined : as(false), v6: four ? undefined : as(true)};
};

/** Whether two rules are about the same traffic. */
export const sameTraffic = (a: Rule, b: Rule): boolean => (['protocol', 'port', 'to', 'fromPort', 'from', 'direction', 'interface', 'app', 'v6'] as const).every(key => a[key] === b[key]);
