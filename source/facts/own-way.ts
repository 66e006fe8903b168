/** SSH's place on the firewall's list as it is for who sits here: somebody may have opened it for some addresses alone. */
import {BlockList, isIP, isIPv6} from 'node:net';
import type {Family, ServerInfo} from '../step.js';
import {opens, opensFor, type UfwRule} from './ufw.js';

/** Whether an address lies in a range such as `203.0.113.0/24`, or is the one named. */
export const covers = (range: string, address: string): boolean => {
	const [network = '', bits] = range.split('/');
	const family = isIPv6(network) ? 'ipv6' : 'ipv4';
	if (isIP(network) === 0 || isIP(address) === 0) {
		return false;
	}

	const list = new BlockList();
	list.addSubnet(network, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
	return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
};

const familyOf = (address: string): Family => (isIPv6(address) ? 'v6' : 'v4');

/** The rule that lets us in and not everybody, where there is one: somebody's own choice. */
export const limitedTo = (rules: readonly UfwRule[], port: number, {from, at}: Pick<ServerInfo, 'at' | 'from'>): UfwRule | undefined =>
	(rules.some(rule => opens(rule, port)) ? undefined : rules.find(rule => opensFor(rule, port, at) && covers(rule.from, from)));

/** What a list makes of SSH's port over a family for who sits here; undefined where that hangs on an address of ours that nobody knows. */
export const listedForUs = (rules: readonly UfwRule[], family: Family, port: number, {from, at}: Pick<ServerInfo, 'at' | 'from'>): 'open' | 'closed' | undefined => {
	const own = rules.filter(rule => rule.family === family);
	if (own.some(rule => opens(rule, port))) {
		return 'open';
	}

	const some = own.filter(rule => opensFor(rule, port, at));
	if (familyOf(from) === family) {
		return some.some(rule => covers(rule.from, from)) ? 'open' : 'closed';
	}

	return some.length > 0 ? undefined : 'closed';
};
