import type {Argv, Family, Fact} from '../step.js';
import {Unreadable} from './files.js';

/** The kernel's filter table: what really decides, whatever files say. Undefined where there is no iptables. */
export type Filter = {readonly policies: ReadonlyMap<string, string>; /** The chains that are not built in. */ readonly chains: readonly string[]; readonly rules: readonly string[]; /** Why they could not be listed, of a family that a server can do without. */ readonly broken?: string} | undefined;

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
			const broken = `the kernel's rules could not be listed: ${err.trim() || outcome}`;
			if (family === 'v6') {
				return {
					policies: new Map(), chains: [], rules: [], broken,
				};
			}

			throw new Unreadable(broken);
		}

		const chainLines = [...out.matchAll(/^:(\S+) (\S+)/gm)].map(([, name = '', policy = '']) => ({name, policy}));
		return {
			policies: new Map(chainLines.filter(({policy}) => policy !== '-').map(({name, policy}) => [name, policy])),
			chains: chainLines.filter(({policy}) => policy === '-').map(({name}) => name),
			rules: out.split('\n').filter(line => line.startsWith('-A ')),
		};
	},
});

/** Why the kernel's IPv6 rules cannot be changed, however well they are listed: ufw gives up altogether then, unless it is told to leave IPv6 alone. `--version` needs neither kernel nor lock. */
export const ip6tablesErrs: Fact<string | undefined> = {
	argv: ['ip6tables', '--version'],
	parse: ({outcome, code, err}) => (outcome === 'no-such-command' || code === 0 ? undefined : `ip6tables does not work: ${err.trim() || outcome}`),
};

const chains = {v4: 'ufw', v6: 'ufw6'} as const;

/** Whether the kernel refuses what comes in unless ufw's rules let it in. */
export const guardsIncoming = (family: Family, table: Filter): boolean => {
	const prefix = chains[family];
	return table?.policies.get('INPUT') === 'DROP'
		&& table.rules.includes(`-A INPUT -j ${prefix}-before-input`)
		&& table.rules.includes(`-A ${prefix}-before-input -j ${prefix}-user-input`);
};

const portsIn = (rule: string): readonly string[] => /--dports? (\S+) /.exec(rule)?.[1]?.split(',') ?? [];

/** Whether the kernel lets in to a TCP port by ufw's own chain: everybody, or those from a range such as `203.0.113.7/32`. */
export const letsPortIn = (family: Family, table: Filter, port: number, range?: string): boolean =>
	table?.rules.some(rule => rule.startsWith(`-A ${chains[family]}-user-input `) && rule.includes(' -p tcp ') && !(range === undefined ? / -[di] / : / -i /).test(rule) && / -s (\S+) /.exec(rule)?.[1]?.replace(/\/(?:32|128)$/, '') === range?.replace(/\/(?:32|128)$/, '') && portsIn(rule).includes(String(port)) && /-j (?:ACCEPT|ufw6?-user-limit-accept)$/.test(rule)) ?? false;

const protocolIn = (rule: string): string => / -p (\S+) /.exec(rule)?.[1] ?? 'any';

/** Rules in ufw's own chain that let everybody in to what its list does not have: put there by hand, gone after a reboot, unseen by `ufw status`. `listed` are protocols and ports such as `tcp/80`, `tcp/6000:6007` or `any/any`. */
export const unlisted = (family: Family, table: Filter, listed: ReadonlySet<string>): readonly string[] =>
	table?.rules.filter(rule => rule.startsWith(`-A ${chains[family]}-user-input `) && !/ -[sd] /.test(rule) && /-j (?:ACCEPT|ufw6?-user-limit-accept)$/.test(rule) && !(portsIn(rule).length > 0 ? portsIn(rule) : ['any']).every(port => listed.has(`${protocolIn(rule)}/${port}`))) ?? [];

/** Rules that let something in past ufw, as somebody put them straight into the kernel. */
export const pastUfw = (table: Filter): readonly string[] =>
	table?.rules.filter(rule => rule.startsWith('-A INPUT ') && rule.endsWith('-j ACCEPT')) ?? [];

/** What a rule may ask for and still be about every new connection: the protocol, the port, its state; a comment says nothing. */
const harmlessMatches = / (?:-p tcp|-m (?:tcp|multiport|state|conntrack|comment)|--dports? \S+|--(?:ct)?state \S*NEW\S*|--comment (?:"[^"]*"|\S+)|--reject-with \S+)(?= |$)/g;
const isAboutAll = (rule: string): boolean => /^-A INPUT -j (?:DROP|REJECT)$/.test(rule.replaceAll(harmlessMatches, ''));

/** Rules that refuse everybody at a port, or at all ports, before ufw is asked: whatever its list says, nobody gets there. */
export const refusedBefore = (family: Family, table: Filter, port: number): readonly string[] => {
	const input = table?.rules.filter(rule => rule.startsWith('-A INPUT ')) ?? [];
	const jump = input.indexOf(`-A INPUT -j ${chains[family]}-before-input`);
	return input.slice(0, jump === -1 ? undefined : jump).filter(rule => isAboutAll(rule) && (portsIn(rule).length === 0 || portsIn(rule).includes(String(port))));
};

/** The commands that take rules out of INPUT one after another, each with the one that puts it back where it was. */
export const takenOut = (family: Family, table: Filter, rules: readonly string[]): ReadonlyArray<{readonly rule: string; readonly argv: Argv; readonly undo: Argv}> => {
	const command = family === 'v4' ? 'iptables' : 'ip6tables';
	const left = (table?.rules ?? []).filter(rule => rule.startsWith('-A INPUT '));
	return rules.map(rule => {
		const [, ...words] = wordsOf(rule);
		const at = left.indexOf(rule);
		const jump = left.indexOf(`-A INPUT -j ${chains[family]}-before-input`);
		left.splice(at, 1);
		// Behind ufw's own what a number means may have changed since.
		return {rule, argv: [command, '-D', ...words], undo: jump !== -1 && at > jump ? [command, '-A', ...words] : [command, '-I', 'INPUT', String(at + 1), ...words.slice(1)]};
	});
};

/** The words of a rule as `iptables-save` prints it: those with blanks stand in quotes there. */
export const wordsOf = (rule: string): readonly string[] =>
	rule.match(/"(?:[^"\\]|\\.)*"|\S+/g)?.map(word => (word.startsWith('"') ? word.slice(1, -1).replaceAll(/\\(.)/g, '$1') : word)) ?? [];
