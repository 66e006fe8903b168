import type {Family} from '../../step.js';
import {contentOf} from '../file-tree.js';
import {BadRule, canonical} from '../netfilter/canonical.js';
import {
	changeRules,
	dropChain,
	isBuiltIn,
	listRules,
	noRules,
	restoreRules,
	saveRules,
	isTable,
} from '../netfilter/ruleset.js';
import type {Netfilter, Ruleset} from '../state.js';
import {
	fails,
	notModelled,
	says,
	type Answer,
	type Call,
	type CommandSet,
} from './command.js';

/** The kernel's rules by hand. Tables other than filter and nat are a gap. */
const old = ({droplet}: Call): boolean => droplet.level === 'ubuntu-14.04';
const label = (call: Call): string => old(call) ? '1.4.21' : '1.8.11';
const full = (call: Call): string => old(call) ? `v${label(call)}` : `v${label(call)} (nf_tables)`;

/** Those of the older kind, of which there are none before somebody asks. */
const legacyOf = ({droplet}: Call): {v4: Netfilter; v6: Netfilter} => (droplet.legacy ??= {v4: noRules(), v6: noRules()});
type Kind = 'own' | 'legacy';
const tablesFor = (call: Call, family: Family, kind: Kind): Netfilter => (kind === 'own' ? call.droplet.netfilter : legacyOf(call))[family];

/** What the tools of today say on the way where there are rules of the older kind. */
const beside = (answer: Answer, call: Call, family: Family): Answer => {
	const {legacy} = call.droplet;
	const program = family === 'v4' ? 'iptables-legacy' : 'ip6tables-legacy';
	return legacy && (legacy[family].filter.touched || legacy[family].nat.touched)
		? {...answer, said: [...answer.said, {stream: 'err', text: `# Warning: ${program} tables present, use ${program}${call.name.endsWith('-save') ? '-save' : ''} to see them\n`}]}
		: answer;
};

const oneRule = (call: Call, rules: Ruleset, family: Family, words: readonly string[]): Answer => {
	const [verb = '', chain = '', ...rest] = words;
	try {
		switch (verb) {
			case '-C': {
				if (!Object.hasOwn(rules.chains, chain)) {
					throw new BadRule('No chain/target/match by that name.');
				}

				return rules.chains[chain]!.includes(canonical(rest, family)) ? says('') : fails(1, `${call.name}: Bad rule (does a matching rule exist in that chain?).\n`);
			}

			case '-A': case '-I': case '-D': {
				changeRules(rules, family, words);
				return says('');
			}

			case '-P': {
				if (!isBuiltIn(rules, chain)) {
					throw new BadRule('Bad built-in chain name.');
				}

				rules.policies[chain] = rest[0] ?? '';
				rules.touched = true;
				return says('');
			}

			case '-N': {
				if (Object.hasOwn(rules.chains, chain)) {
					return fails(1, `${call.name}: Chain already exists.\n`);
				}

				rules.chains[chain] = [];
				rules.touched = true;
				return says('');
			}

			case '-X': {
				if (chain === '') {
					for (const name of Object.keys(rules.chains).filter(one => !isBuiltIn(rules, one))) {
						dropChain(rules, name);
					}

					return says('');
				}

				return dropChain(rules, chain) ? says('') : fails(old(call) ? 1 : 4, old(call) ? `${call.name}: Too many links.\n` : `${call.name} ${full(call)}: CHAIN_DEL failed (Device or resource busy): chain ${chain}\n`);
			}

			case '-F': {
				if (chain !== '' && !Object.hasOwn(rules.chains, chain)) {
					throw new BadRule('No chain/target/match by that name.');
				}

				for (const name of chain === '' ? Object.keys(rules.chains) : [chain]) {
					rules.chains[name] = [];
				}

				return says('');
			}

			default: {
				return notModelled(call);
			}
		}
	} catch (error) {
		if (error instanceof BadRule) {
			return /^(?:No chain|Bad)/v.test(error.message)
				? fails(1, `${call.name}: ${error.message}\n`)
				: fails(2, `${call.name} ${full(call)}: ${error.message}\nTry \`${call.name} -h' or '${call.name} --help' for more information.\n`);
		}

		throw error;
	}
};

const iptables = (family: Family, kind: Kind = 'own') => (call: Call): Answer => {
	const words = call.args.filter(word => word !== '-w');
	const at = words.indexOf('-t');
	const table = at === -1 ? 'filter' : words.splice(at, 2)[1] ?? '';
	if (!isTable(table)) {
		return notModelled(call);
	}

	const [verb, chain] = words;
	if (verb === '-V' || verb === '--version') {
		return says(kind === 'own' ? `${call.name} ${full(call)}\n` : `${family === 'v4' ? 'iptables' : 'ip6tables'} v${label(call)} (legacy)\n`);
	}

	const rules = tablesFor(call, family, kind)[table];
	if (verb === '-S' && words.length <= 2) {
		return chain === undefined || Object.hasOwn(rules.chains, chain) ? (kind === 'own' ? beside(says(listRules(rules, chain)), call, family) : says(listRules(rules, chain))) : fails(1, `${call.name}: No chain/target/match by that name.\n`);
	}

	if (verb === '-L') {
		// Only whether the chain is there: counters and columns are not modelled.
		return chain !== undefined && !chain.startsWith('-') && !Object.hasOwn(rules.chains, chain) ? fails(1, `${call.name}: No chain/target/match by that name.\n`) : notModelled(call);
	}

	return oneRule(call, rules, family, words);
};

const stamp = (call: Call): string => {
	const parts = /^(?<day>\w+), (?<date>\d+) (?<month>\w+) (?<year>\d+) (?<time>[\d:]+)/v.exec(new Date(call.now).toUTCString())!.groups!;
	return `${parts.day!} ${parts.month!} ${String(Number(parts.date)).padStart(2)} ${parts.time!} ${parts.year!}`;
};

const iptablesSave = (family: Family, kind: Kind = 'own') => (call: Call): Answer => {
	const [option, wanted = ''] = call.args;
	if (call.args.length > 0 && !(call.args.length === 2 && option === '-t' && isTable(wanted))) {
		return notModelled(call);
	}

	const tables = tablesFor(call, family, kind);
	const by = kind === 'own' ? `${call.name} ${full(call)}` : `${family === 'v4' ? 'iptables' : 'ip6tables'}-save v${label(call)}`;
	const saved = says((['filter', 'nat'] as const).filter(name => tables[name].touched && (wanted === '' || name === wanted)).map(name => `# Generated by ${by} on ${stamp(call)}\n${saveRules(name, tables[name])}# Completed on ${stamp(call)}\n`).join(''));
	return kind === 'own' ? beside(saved, call, family) : saved;
};

const iptablesRestore = (family: Family) => (call: Call): Answer => {
	const words = new Set(call.args.filter(word => word.startsWith('-')));
	const files = call.args.filter(word => !word.startsWith('-'));
	const text = files.length === 0 ? call.stdin : contentOf(call, files[0]!);
	if ([...words].some(word => !['-n', '--noflush', '--test', '-w'].includes(word)) || !(words.has('-n') || words.has('--noflush')) || files.length > 1 || text === undefined) {
		return notModelled(call);
	}

	const tables = call.droplet.netfilter[family];
	const bad = restoreRules(words.has('--test') ? structuredClone(tables) : tables, family, text);
	// 1.4.21 does not know -w, says so, and goes on (T, verified.md 4).
	const complaint = old(call) && words.has('-w') ? `${call.name}: invalid option -- 'w'\n` : '';
	return bad ? fails(bad.why.startsWith('No chain') ? 1 : 2, `${complaint}${call.name}${old(call) && bad.why.startsWith('No chain') ? '' : ` ${full(call)}`}: ${bad.why}\nError occurred at line: ${bad.line}\nTry \`${call.name} -h' or '${call.name} --help' for more information.\n`) : fails(0, complaint);
};

/** There beside today's where those are kept with nftables. */
export const legacyCommands: CommandSet = {
	package: 'iptables',
	only: 'debian-13',
	commands: {
		'iptables-legacy': iptables('v4', 'legacy'), 'ip6tables-legacy': iptables('v6', 'legacy'),
		'iptables-legacy-save': iptablesSave('v4', 'legacy'), 'ip6tables-legacy-save': iptablesSave('v6', 'legacy'),
	},
};

export const iptablesCommands: CommandSet = {
	package: 'iptables',
	commands: {
		iptables: iptables('v4'), ip6tables: iptables('v6'),
		'iptables-save': iptablesSave('v4'), 'ip6tables-save': iptablesSave('v6'),
		'iptables-restore': iptablesRestore('v4'), 'ip6tables-restore': iptablesRestore('v6'),
	},
};
