/** The kernel's packet filter as `iptables-save` prints it: what really decides, whatever files say. */
import type {Argv, Fact, Family} from '../../step.js';
import {Unreadable} from '../files.js';
import {readRule, type KernelRule} from './rule.js';

/** One table. `policies` are those of its built-in chains; `rules` are as printed, such as `-A INPUT -i lo -j ACCEPT`, in their order. */
export type Table = {
	readonly policies: ReadonlyMap<string, string>;
	/** The chains that are not built in. */
	readonly chains: readonly string[];
	readonly rules: readonly string[];
};

/** The tables of one family. One that was never used is not there: it lets everything through. */
export type Tables = {
	readonly filter: Table | undefined;
	readonly nat: Table | undefined;
	/** Asked before the others, where somebody uses them. */
	readonly raw: Table | undefined;
	readonly mangle: Table | undefined;
	/** Why they could not be listed, of a family that a server can do without. */
	readonly broken?: string;
};

/** Of the kernel's rules as steps look them up, those of one family. */
export const tablesOf = ({kernel4, kernel6}: {readonly kernel4: Tables; readonly kernel6: Tables}, family: Family): Tables => (family === 'v4' ? kernel4 : kernel6);

export const noTables: Tables = {
	filter: undefined, nat: undefined, raw: undefined, mangle: undefined,
};

const tableIn = (saved: string): Table => {
	const chains = [...saved.matchAll(/^:(\S+) (\S+)/gm)].map(([, name = '', policy = '']) => ({name, policy}));
	return {
		policies: new Map(chains.filter(({policy}) => policy !== '-').map(({name, policy}) => [name, policy])),
		chains: chains.filter(({policy}) => policy === '-').map(({name}) => name),
		rules: saved.split('\n').filter(line => line.startsWith('-A ')),
	};
};

/** What `iptables-save` printed. */
export const tablesIn = (saved: string): Tables => {
	const found = new Map([...saved.matchAll(/^\*(\w+)\n([\s\S]*?)^COMMIT$/gm)].map(([, name = '', body = '']) => [name, tableIn(body)]));
	return {
		filter: found.get('filter'), nat: found.get('nat'), raw: found.get('raw'), mangle: found.get('mangle'),
	};
};

/**
All tables of a family. Not `iptables -S`: that takes a lock in 1.4.21, without `-w` it gives up where another program holds it, and with `-w` the other one does, such as a `ufw reload` that then leaves the firewall off.
*/
export const packetFilter = (family: Family): Fact<Tables> => ({
	argv: [family === 'v4' ? 'iptables-save' : 'ip6tables-save'],
	parse({outcome, code, out, err}) {
		if (outcome === 'no-such-command') {
			return noTables;
		}

		if (outcome !== 'ran' || code !== 0) {
			const broken = `the kernel's rules could not be listed: ${err.trim() || outcome}`;
			if (family === 'v6') {
				return {...noTables, broken};
			}

			throw new Unreadable(broken);
		}

		return tablesIn(out);
	},
});

/** Why the kernel's IPv6 rules cannot be changed, however well they are listed: ufw gives up altogether then, unless it is told to leave IPv6 alone. `--version` needs neither kernel nor lock. */
export const ip6tablesErrs: Fact<string | undefined> = {
	argv: ['ip6tables', '--version'],
	parse: ({outcome, code, err}) => (outcome === 'no-such-command' || code === 0 ? undefined : `ip6tables does not work: ${err.trim() || outcome}`),
};

/** The rules of a chain as they were printed. */
export const inChain = (table: Table | undefined, chain: string): readonly string[] => table?.rules.filter(rule => rule.startsWith(`-A ${chain} `)) ?? [];

const read = new WeakMap<Table, ReadonlyMap<string, readonly KernelRule[]>>();

/** The rules of a table by chain, each read once. */
export const rulesByChain = (table: Table): ReadonlyMap<string, readonly KernelRule[]> => {
	const known = read.get(table) ?? Map.groupBy(table.rules.map(text => readRule(text)), ({chain}) => chain);
	read.set(table, known);
	return known;
};

/** The table without one of its rules: the first that reads so. */
export const without = (table: Table, rule: string): Table => ({...table, rules: table.rules.toSpliced(table.rules.indexOf(rule), table.rules.includes(rule) ? 1 : 0)});

/** The command that takes a rule out of its chain, and the one that puts it back where it was. */
export const takesOut = (family: Family, table: Table, rule: string, name: 'filter' | 'nat' = 'filter'): {readonly argv: Argv; readonly undo: Argv} => {
	const command = [family === 'v4' ? 'iptables' : 'ip6tables', ...(name === 'filter' ? [] : ['-t', name])] as unknown as Argv;
	const {chain, words} = readRule(rule);
	const all = inChain(table, chain);
	const at = all.indexOf(rule);
	// Behind ufw's own, what a number means may have changed until it is put back.
	const isBehind = all.slice(0, at).some(one => / -j ufw6?-/.test(one));
	return {argv: [...command, '-D', chain, ...words], undo: isBehind ? [...command, '-A', chain, ...words] : [...command, '-I', chain, String(at + 1), ...words]};
};
