/** Whether the server passes on packets that are for others, and whether it asks its rules about what a bridge passes on. */
import type {Argv, Fact, FileFact} from '../step.js';
import {Unreadable} from './files.js';

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
