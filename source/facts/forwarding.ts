/** Whether the server passes on packets that are for others, and whether it asks its rules about what a bridge passes on. */
import type {
	Argv, Fact, Family, FileFact,
} from '../step.js';
import {Unreadable} from './files.js';
import {wordsOf} from './packet-filter/rule.js';
import {inChain, type Tables} from './packet-filter/tables.js';

const name = 'net.ipv4.ip_forward';

export const forwarding: Fact<boolean> = {
	argv: ['sysctl', '-n', name],
	parse({outcome, code, out, err}) {
		if (outcome !== 'ran' || code !== 0) {
			throw new Unreadable(`whether the server passes packets on could not be read: ${err.trim() || outcome}`);
		}

		return out.trim() === '1';
	},
};

/** Whether what containers of one network send each other meets the packet filter: their bridge passes it on without asking, unless the kernel's part for that (br_netfilter) is loaded and on. Docker loads it where it writes rules (seen on a trixie with a kernel of its own). */
export const asksForBridges: Fact<boolean> = {
	argv: ['sysctl', '-e', '-n', 'net.bridge.bridge-nf-call-iptables'],
	parse({outcome, code, out, err}) {
		if (outcome !== 'ran' || code !== 0) {
			throw new Unreadable(`whether bridges ask the firewall could not be read: ${err.trim() || outcome}`);
		}

		return out.trim() === '1';
	},
};

export const forwards = (on: boolean): Argv => ['sysctl', '-w', `${name}=${on ? 1 : 0}`];

type Policy = 'ACCEPT' | 'DROP';

/** What becomes of packets for others that no rule speaks of: the policy of the kernel's chain, or that of ufw's rules which let in all that is new, where ufw was told so when it was loaded. `sets` makes it another, with the way back of each command. */
export const forwardedBy = (family: Family, {filter}: Tables): {readonly now: string | undefined; readonly sets: (policy: Policy) => ReadonlyArray<{readonly argv: Argv; readonly undo: readonly Argv[]; /** Where the policy alone does not say why. */ readonly because?: string}>} => {
	const command = family === 'v4' ? 'iptables' : 'ip6tables';
	const tracking = `${family === 'v4' ? 'ufw' : 'ufw6'}-track-forward`;
	const letting = inChain(filter, tracking);
	const policy = filter?.policies.get('FORWARD');
	const policing = (to: string): Argv => [command, '-P', 'FORWARD', to];
	return {
		now: letting.length > 0 ? 'ACCEPT' : policy,
		sets: wanted => [
			...wanted === 'DROP' && letting.length > 0
				? [{
					argv: [command, '-F', tracking] as const, undo: letting.map((rule): Argv => [command, ...wordsOf(rule)] as unknown as Argv), because: 'ufw still lets everything through by what stands there, as it was told when it was loaded',
				}]
				: [],
			...policy === undefined || policy === wanted ? [] : [{argv: policing(wanted), undo: [policing(policy)]}],
		],
	};
};

/** A setting in ufw's own file, with slashes or with dots. */
const line = /^[ \t]*net[/.]ipv4[/.]ip_forward[ \t]*=[ \t]*(\S).*$/gm;

/** What ufw sets it to whenever it starts; undefined where it does not. What stands last counts. */
export const forwardsAtStart = ({content = ''}: FileFact): string | undefined => [...content.matchAll(line)].at(-1)?.[1];

/** ufw's file by which it is on after each start. */
export const withForwarding = ({content = ''}: FileFact): string => {
	const wanted = 'net/ipv4/ip_forward=1';
	return forwardsAtStart({content} as FileFact) === undefined
		? `${content}${content === '' || content.endsWith('\n') ? '' : '\n'}${wanted}\n`
		: content.replaceAll(line, wanted);
};
