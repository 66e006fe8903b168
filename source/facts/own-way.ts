/** SSH's place on the firewall's list as it is for who sits here: somebody may have opened it for some addresses alone. */
import type {Family, ServerInfo} from '../step.js';
import {covers, familyOf} from './addresses.js';
import {opens, opensFor, type UfwRule} from './ufw.js';

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
