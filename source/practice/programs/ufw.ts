import {textOf, writeFile, contentOf} from '../file-tree.js';
import * as framework from '../ufw/framework.js';
import {parseRule, sameTraffic, UfwError} from '../ufw/parse-rule.js';
import {
	readRules,
	writeRules,
	type Rule,
	type Version,
} from '../ufw/rules.js';
import {
	added,
	allRules,
	ruleCommand,
	ufwStatus,
} from '../ufw/status.js';
import {
	fails,
	notModelled,
	says,
	type Answer,
	type Call,
	type CommandSet,
} from './command.js';

/** ufw, 0.34 and 0.36: the same words as far as they go here. */
const conf = '/etc/ufw/ufw.conf';

const error = (message: string): Answer => fails(1, `ERROR: ${message}\n`);

const start = (call: Call): Answer | undefined => {
	const problems = framework.start(call);
	if (problems.length === 0) {
		return undefined;
	}

	// The live rules stay as far as they were loaded, and the firewall is gone after the next boot (firewall.md).
	framework.setUfwSetting(call, conf, 'ENABLED', 'no');
	return error(`problem running ufw-init\n${problems.join('\n')}\n`);
};

const enable = (call: Call): Answer => {
	framework.setUfwSetting(call, conf, 'ENABLED', 'yes');
	const failed = start(call);
	if (failed) {
		return failed;
	}

	framework.rewrite(call);
	framework.reloadRules(call);
	return says('Firewall is active and enabled on system startup\n', 0.8);
};

const disable = (call: Call): Answer => {
	framework.setUfwSetting(call, conf, 'ENABLED', 'no');
	framework.stop(call);
	return says('Firewall stopped and disabled on system startup\n', 0.5);
};

const reload = (call: Call): Answer => {
	if (!framework.enabled(call)) {
		return says('Firewall not enabled (skipping reload)\n');
	}

	framework.stop(call);
	const failed = start(call);
	if (failed) {
		return failed;
	}

	framework.rewrite(call);
	framework.reloadRules(call);
	return says('Firewall reloaded\n', 0.9);
};

const chains: Record<string, string> = {incoming: 'INPUT', outgoing: 'OUTPUT', routed: 'FORWARD'};
const policies: Record<string, string> = {allow: 'ACCEPT', deny: 'DROP', reject: 'REJECT'};

const setDefault = (call: Call, policy: string, direction: string): Answer => {
	if (!Object.hasOwn(policies, policy) || !Object.hasOwn(chains, direction)) {
		return notModelled(call);
	}

	framework.setUfwSetting(call, '/etc/default/ufw', `DEFAULT_${chains[direction]!}_POLICY`, `"${policies[policy]!}"`);
	for (const file of ['/etc/ufw/after.rules', '/etc/ufw/after6.rules']) {
		const [from, to] = policy === 'allow' ? ['UFW BLOCK', 'UFW ALLOW'] : ['UFW ALLOW', 'UFW BLOCK'];
		if (contentOf(call, file)?.includes(from)) {
			writeFile(call, file, textOf(call.droplet, file).replaceAll(from, () => to));
		}
	}

	if (framework.enabled(call)) {
		framework.stop(call);
		const failed = start(call);
		if (failed) {
			return failed;
		}
	}

	return says(`Default ${direction} policy changed to '${policy}'\n(be sure to update your rules accordingly)\n`, 0.5);
};

/** Adds, changes or removes one rule of one family, and says so. */
const setRule = (call: Call, rule: Rule, remove: boolean): string => {
	const six: Version = rule.v6 ? '6' : '';
	const rules = readRules(call, six);
	const label = rule.v6 ? ' (v6)' : '';
	const same = (one: Rule) => sameTraffic(one, rule);
	const live = framework.enabled(call);
	const at = rules.findIndex(one => same(one) && (remove ? one.action === rule.action && (rule.comment === '' || one.comment === rule.comment) : true));
	if (remove) {
		if (at === -1) {
			return `Could not delete non-existent rule${label}\n`;
		}

		rules.splice(at, 1);
	} else if (at === -1) {
		rules.push(rule);
	} else if (rules[at]!.action === rule.action && rules[at]!.comment === rule.comment) {
		return `Skipping adding existing rule${label}\n`;
	} else {
		rules[at] = rule;
	}

	writeRules(call, six, rules);
	if (!live) {
		return `Rules updated${label}\n`;
	}

	framework.reloadRules(call);
	return `${remove ? 'Rule deleted' : (at === -1 ? 'Rule added' : 'Rule updated')}${label}\n`;
};

const rule = (call: Call, words: readonly string[], remove: boolean): Answer => {
	const {v4, v6} = parseRule(call, words);
	const both = [v4, framework.usesV6(call) ? v6 : undefined].filter(one => one !== undefined);
	return says(both.map(one => setRule(call, one, remove)).join(''), 0.3);
};

/** Asks before it acts, unless it is forced to. Unanswered, that is a no, with exit code 0 (T, verified.md 4). */
const asking = (call: Call, forced: boolean, question: string, act: () => Answer): Answer => {
	if (forced) {
		return act();
	}

	const asked = `${question}Proceed with operation (y|n)? `;
	const {code, said} = /^y(?:es)?$/iv.test(call.stdin.trim()) ? act() : says('Aborted\n');
	return {code, said: [{stream: 'out', text: asked}, ...said], asked};
};

const deleteNumber = (call: Call, number: number, forced: boolean): Answer => {
	const found = allRules(call)[number - 1];
	return found ? asking(call, forced, `Deleting:\n ${ruleCommand(found).replace(/^ufw /v, '')}\n`, () => says(setRule(call, found, true))) : error(`Could not find rule '${number}'`);
};

const version = (call: Call): Answer => says(call.droplet.level === 'ubuntu-14.04' ? 'ufw 0.34~rc-0ubuntu2\nCopyright 2008-2012 Canonical Ltd.\n' : 'ufw 0.36.2\nCopyright 2008-2023 Canonical Ltd.\n');

const actions = new Set(['allow', 'deny', 'reject', 'limit']);

/** What ufw knows and this model does not. */
const others = new Set(['app', 'insert', 'logging', 'prepend', 'reset', 'route', 'rule', 'show']);

const invalid: Answer = {code: 1, said: [{stream: 'err', text: 'ERROR: Invalid syntax\n'}, {stream: 'out', text: '\nUsage: ufw COMMAND\n'}]};

const carryOut = (call: Call, words: readonly string[], forced: boolean): Answer => {
	const [verb = '', ...rest] = words;
	if (actions.has(verb) && rest.length > 0) {
		return rule(call, words, false);
	}

	if (verb === 'delete' && rest.length > 0) {
		return /^\d+$/v.test(rest[0]!) && rest.length === 1 ? deleteNumber(call, Number(rest[0]), forced) : rule(call, rest, true);
	}

	switch (words.join(' ')) {
		case 'version': case '--version': {
			return version(call);
		}

		case 'status': case 'status verbose': case 'status numbered': {
			return says(framework.isRunning(call) ? ufwStatus(call, (rest[0] ?? 'plain') as 'plain') : 'Status: inactive\n');
		}

		case 'show added': {
			return says(added(call));
		}

		case 'enable': {
			return asking(call, forced, 'Command may disrupt existing ssh connections. ', () => enable(call));
		}

		case 'disable': {
			return disable(call);
		}

		case 'reload': {
			return reload(call);
		}

		default: {
			if (verb === 'default' && rest.length === 2) {
				return setDefault(call, rest[0]!, rest[1]!);
			}

			return others.has(verb) || (verb === 'status' && rest.length === 0) ? notModelled(call) : invalid;
		}
	}
};

const ufw = (call: Call): Answer => {
	const forced = call.args[0] === '--force';
	const words = forced ? call.args.slice(1) : call.args;
	try {
		return carryOut(call, words, forced);
	} catch (error_) {
		if (error_ instanceof UfwError) {
			return error(error_.message);
		}

		throw error_;
	}
};

export const ufwCommands: CommandSet = {package: 'ufw', commands: {ufw}};
