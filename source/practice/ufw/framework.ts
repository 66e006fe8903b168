import type {Machine, Ruleset} from '../state.js';
import {contentOf, textOf, writeFile} from '../file-tree.js';
import {isBuiltIn, restoreRules} from '../netfilter/ruleset.js';
import type {Family} from '../../step.js';
import {runHook} from './hook.js';
import {
	readRules,
	rulesFile,
	writeRules,
	type Version,
} from './rules.js';

/** What ufw-init does with the kernel: start, stop, and loading the people's rules anew. */
export const ufwSetting = ({droplet}: Machine, file: string, name: string): string => new RegExp(String.raw`^${name}=["']?([^"'\n]*)`, 'mv').exec(textOf(droplet, file))?.[1] ?? '';

export const setUfwSetting = (machine: Machine, file: string, name: string, value: string): void => {
	writeFile(machine, file, textOf(machine.droplet, file).replace(new RegExp(`^${name}=.*$`, 'mv'), () => `${name}=${value}`));
};

export const enabled = (machine: Machine): boolean => ufwSetting(machine, '/etc/ufw/ufw.conf', 'ENABLED').toLowerCase() === 'yes';
export const usesV6 = (machine: Machine): boolean => ufwSetting(machine, '/etc/default/ufw', 'IPV6').toLowerCase() === 'yes';

/** ufw's word for whether it runs: its chain is in the kernel, whatever its files say. */
export const isRunning = ({droplet}: Machine): boolean => droplet.netfilter.v4.filter.chains['ufw-user-input'] !== undefined;

const ways = ['input', 'output', 'forward'] as const;
const primary = ['before-logging', 'before', 'after', 'after-logging', 'reject', 'track'];
const secondary = ['logging-deny', 'logging-allow', 'not-local', ...ways.map(way => `user-logging-${way}`), 'user-limit-accept', 'user-limit', ...ways.map(way => `user-${way}`), ...ways.map(way => `skip-to-policy-${way}`)];

/** Empties ufw's chains and drops those that nothing built in leads to. */
const deleteChains = (rules: Ruleset, prefix: string): void => {
	for (const name of primary.flatMap(place => ways.map(way => `${prefix}-${place}-${way}`))) {
		if (Object.hasOwn(rules.chains, name)) {
			rules.chains[name] = [];
		}
	}

	for (const name of secondary) {
		Reflect.deleteProperty(rules.chains, `${prefix}-${name}`);
	}
};

const managesBuiltins = (machine: Machine): boolean => ufwSetting(machine, '/etc/default/ufw', 'MANAGE_BUILTINS') === 'yes';

/** All of it, whoever wrote it; of the translations those in the chains that are built in, over IPv4 alone. */
const flushBuiltins = ({droplet: {netfilter}}: Machine): void => {
	for (const {filter} of [netfilter.v4, netfilter.v6]) {
		filter.chains = Object.fromEntries(Object.keys(filter.chains).filter(name => isBuiltIn(filter, name)).map(name => [name, []]));
		filter.policies = {INPUT: 'ACCEPT', FORWARD: 'ACCEPT', OUTPUT: 'ACCEPT'};
	}

	for (const name of ['OUTPUT', 'PREROUTING', 'POSTROUTING']) {
		netfilter.v4.nat.chains[name] = [];
	}
};

const families = (machine: Machine): Array<{family: Family; six: Version}> => [{family: 'v4', six: ''}, ...(usesV6(machine) ? [{family: 'v6', six: '6'} as const] : [])];

const startFamily = (machine: Machine, family: Family, six: Version): string[] => {
	const tables = machine.droplet.netfilter[family];
	const rules = tables.filter;
	const prefix = `ufw${six}`;
	const problems: string[] = [];
	const said: string[] = [];
	if (Object.hasOwn(rules.chains, `${prefix}-before-logging-input`)) {
		deleteChains(rules, prefix);
	} else {
		for (const way of ways) {
			for (const place of primary) {
				rules.chains[`${prefix}-${place}-${way}`] = [];
				rules.chains[way.toUpperCase()]!.push(`-j ${prefix}-${place}-${way}`);
			}
		}
	}

	const policies = ways.map(way => [way, ufwSetting(machine, '/etc/default/ufw', `DEFAULT_${way.toUpperCase()}_POLICY`)] as const);
	for (const [way, policy] of policies) {
		if (policy === 'REJECT') {
			rules.chains[`${prefix}-reject-${way}`]!.push(`-j REJECT --reject-with ${family === 'v4' ? 'icmp' : 'icmp6'}-port-unreachable`);
		} else if (policy === 'ACCEPT') {
			rules.chains[`${prefix}-track-${way}`]!.push('-p tcp -m conntrack --ctstate NEW -j ACCEPT', '-p udp -m conntrack --ctstate NEW -j ACCEPT');
		}

		rules.chains[`${prefix}-skip-to-policy-${way}`] = [policy === 'REJECT' ? `-j REJECT --reject-with ${family === 'v4' ? 'icmp' : 'icmp6'}-port-unreachable` : `-j ${policy}`];
	}

	rules.chains[`${prefix}-logging-deny`] = [];
	rules.chains[`${prefix}-logging-allow`] = [];
	const load = (file: string): void => {
		const content = contentOf(machine, file);
		if (content) {
			const bad = restoreRules(tables, family, content);
			const program = family === 'v4' ? 'iptables-restore' : 'ip6tables-restore';
			said.push(...(bad ? [`${program} ${machine.droplet.level === 'ubuntu-14.04' ? 'v1.4.21' : 'v1.8.11 (nf_tables)'}: ${bad.why}`, `Error occurred at line: ${bad.line}`, `Try \`${program} -h' or '${program} --help' for more information.`] : []));
			problems.push(...(bad ? [`Problem running '${file}'`] : []));
		} else {
			problems.push(`Couldn't find '${file}'`);
		}
	};

	load(`/etc/ufw/before${six}.rules`);
	load(`/etc/ufw/after${six}.rules`);
	for (const name of [...ways.map(way => `user-${way}`), ...ways.map(way => `user-logging-${way}`), 'user-limit', 'user-limit-accept']) {
		rules.chains[`${prefix}-${name}`] ??= [];
	}

	load(rulesFile(machine, six));
	for (const way of ways) {
		rules.chains[`${prefix}-before-${way}`]?.push(`-j ${prefix}-user-${way}`);
	}

	for (const [way, policy] of policies) {
		rules.policies[way.toUpperCase()] = policy === 'REJECT' ? 'DROP' : policy;
	}

	rules.touched = true;
	return problems.length === 0 ? [] : [...said, '', ...problems];
};

/** Loads everything, unless it is loaded already. Returns what went wrong. */
export const start = (machine: Machine): string[] => {
	if (isRunning(machine)) {
		return [];
	}

	if (managesBuiltins(machine)) {
		flushBuiltins(machine);
	}

	runHook(machine);
	const [, forwards] = [...textOf(machine.droplet, ufwSetting(machine, '/etc/default/ufw', 'IPT_SYSCTL')).matchAll(/^net[\/.]ipv4[\/.]ip_forward\s*=\s*([01])/gmv)].at(-1) ?? [];
	machine.droplet.forwarding = forwards === undefined ? machine.droplet.forwarding : forwards === '1';
	return families(machine).flatMap(({family, six}) => startFamily(machine, family, six));
};

/** Lets everything through. ufw's first chains stay in the kernel, empty, until the next boot. */
export const stop = (machine: Machine): void => {
	if (managesBuiltins(machine)) {
		flushBuiltins(machine);
		return;
	}

	const {droplet} = machine;
	for (const [family, prefix] of [['v4', 'ufw'], ['v6', 'ufw6']] as const) {
		const rules = droplet.netfilter[family].filter;
		deleteChains(rules, prefix);
		rules.policies = {INPUT: 'ACCEPT', FORWARD: 'ACCEPT', OUTPUT: 'ACCEPT'};
	}
};

/** After a change of the people's rules: only their chains are loaded anew. */
export const reloadRules = (machine: Machine): void => {
	for (const {family, six} of families(machine)) {
		restoreRules(machine.droplet.netfilter[family], family, contentOf(machine, rulesFile(machine, six)) ?? '');
	}
};

/** Starting by `ufw enable` also writes the rules files in today's form. */
export const rewrite = (machine: Machine): void => {
	for (const {six} of families(machine)) {
		writeRules(machine, six, readRules(machine, six));
	}
};
