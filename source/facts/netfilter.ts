import type {Family, Fact} from '../step.js';
import {Unreadable} from './files.js';

/** The kernel's filter table: what really decides, whatever files say. Undefined where there is no iptables. */
export type Filter = {readonly policies: ReadonlyMap<string, string>; /** The chains that are not built in. */ readonly chains: readonly string[]; readonly rules: readonly string[]} | undefined;

/**
`iptables-save` or `ip6tables-save`. Not `-S`: that takes a lock in 1.4.21, without `-w` it gives up where another program holds it, and with `-w` the other one does, such as a `ufw reload` that then leaves the firewall off.

Nothing is printed of a table that was never used.
*/
export const filter = (family: Family): Fact<Filter> => ({
	argv: [family === 'v4' ? 'iptables-save' : 'ip6tables-save', '-t', 'filter'],
	parse({outcome, code, out, err}) {
		if (outcome === 'no-such-command') {
			return undefined;
		}

		if (outcome !== 'ran' || code !== 0) {
			throw new Unreadable(`the kernel's rules could not be listed: ${err.trim() || outcome}`);
		}

		const chainLines = [...out.matchAll(/^:(\S+) (\S+)/gm)].map(([, name = '', policy = '']) => ({name, policy}));
		return {
			policies: new Map(chainLines.filter(({policy}) => policy !== '-').map(({name, policy}) => [name, policy])),
			chains: chainLines.filter(({policy}) => policy === '-').map(({name}) => name),
			rules: out.split('\n').filter(line => line.startsWith('-A ')),
		};
	},
});

const chains = {v4: 'ufw', v6: 'ufw6'} as const;

/** Whether the kernel refuses what comes in unless ufw's rules let it in. */
export const guardsIncoming = (family: Family, table: Filter): boolean => {
	const prefix = chains[family];
	return table?.policies.get('INPUT') === 'DROP'
		&& table.rules.includes(`-A INPUT -j ${prefix}-before-input`)
		&& table.rules.includes(`-A ${prefix}-before-input -j ${prefix}-user-input`);
};

const portsIn = (rule: string): readonly string[] => /--dports? (\S+) /.exec(rule)?.[1]?.split(',') ?? [];

/** Whether the kernel lets everybody in to a TCP port, by ufw's own chain. */
export const letsPortIn = (family: Family, table: Filter, port: number): boolean =>
	table?.rules.some(rule => rule.startsWith(`-A ${chains[family]}-user-input -p tcp `) && !/ -[sdi] /.test(rule) && portsIn(rule).includes(String(port)) && /-j (?:ACCEPT|ufw6?-user-limit-accept)$/.test(rule)) ?? false;

const protocolIn = (rule: string): string => / -p (\S+) /.exec(rule)?.[1] ?? 'any';

/** Rules in ufw's own chain that let everybody in to what its list does not have: put there by hand, gone after a reboot, unseen by `ufw status`. `listed` are protocols and ports such as `tcp/80`, `tcp/6000:6007` or `any/any`. */
export const unlisted = (family: Family, table: Filter, listed: ReadonlySet<string>): readonly string[] =>
	table?.rules.filter(rule => rule.startsWith(`-A ${chains[family]}-user-input `) && !/ -[sd] /.test(rule) && /-j (?:ACCEPT|ufw6?-user-limit-accept)$/.test(rule) && !(portsIn(rule).length > 0 ? portsIn(rule) : ['any']).every(port => listed.has(`${protocolIn(rule)}/${port}`))) ?? [];

/** Rules that let something in past ufw, as somebody put them straight into the kernel. */
export const pastUfw = (table: Filter): readonly string[] =>
	table?.rules.filter(rule => rule.startsWith('-A INPUT ') && rule.endsWith('-j ACCEPT')) ?? [];

/** The words of a rule as `iptables-save` prints it: those with blanks stand in quotes there. */
export const wordsOf = (rule: string): readonly string[] =>
	rule.match(/"(?:[^"\\]|\\.)*"|\S+/g)?.map(word => (word.startsWith('"') ? word.slice(1, -1).replaceAll(/\\(.)/g, '$1') : word)) ?? [];
