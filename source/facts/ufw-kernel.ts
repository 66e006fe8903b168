/** What the kernel makes of ufw's list: which of its ports are shut all the same, and what gets in past it. */
import type {Argv, Family, ServerInfo} from '../step.js';
import {familyOf, interfaceOf, type InterfaceAddress} from './addresses.js';
import {
	knock,
	openings,
	unspoken,
	type Door,
	type Opening,
} from './packet-filter/strangers.js';
import {takesOut, without, type Tables} from './packet-filter/tables.js';
import {listsPort, type UfwRule} from './ufw.js';

/** The door that a family's packets come in by: the address we came by, or another of the server's. */
export const doorOf = (family: Family, {at, addresses}: Pick<ServerInfo, 'addresses' | 'at'>, all: readonly InterfaceAddress[]): Door => {
	const address = [at, ...addresses].find(one => familyOf(one) === family) ?? (family === 'v4' ? '127.0.0.1' : '::1');
	return {family, at: address, interface: interfaceOf(all, address) ?? interfaceOf(all, at)};
};

/** Whose a rule is: ufw's list has it, ufw brings it for all else (as does a chain's policy), or somebody put it there. */
const whose = (rule: string): 'list' | 'ufw' | 'others' => (/^-A ufw6?-user-input /.test(rule) ? 'list' : /^-A (?!ufw6?-)/.test(rule) ? 'others' : 'ufw');

/** Why a port that should be open is not. */
export type Shut = {readonly by: string; readonly whose: ReturnType<typeof whose>} | {readonly unknown: string};

/** Whether a port is shut to strangers, or to who comes `from` an address. */
export const shutAt = (tables: Tables, door: Door, port: number, from?: string): Shut | undefined => {
	const fate = knock(tables, door, 'tcp', port, from);
	return 'unknown' in fate ? fate : fate.end === 'in' ? undefined : {by: fate.by, whose: whose(fate.by)};
};

export const isShutByOthers = (shut: Shut | undefined): boolean => shut !== undefined && 'by' in shut && shut.whose === 'others';

/** Whether what nobody listed is refused, and by which rule it is not. */
export type Bars = {readonly holds: true} | {readonly holds: false; readonly by: string} | {readonly unknown: string};

export const barsUnlisted = (tables: Tables, door: Door): Bars => {
	const fate = unspoken(tables, door);
	return 'unknown' in fate ? fate : fate.end === 'in' ? {holds: false, by: fate.by} : {holds: true};
};

/** What a stranger gets in to though ufw's list does not have it, or that cannot be judged. */
export const pastList = (tables: Tables, door: Door, rules: readonly UfwRule[]): readonly Opening[] =>
	openings(tables, door).filter(({protocol, first}) => !rules.some(rule => rule.family === door.family && listsPort(rule, protocol, first, door)));

/** Rules that keep the kernel from going by ufw's list and are not ufw's, in the order in which they can go: what refuses goes first, for what lets in may be all that keeps our line alive until then. */
export const othersInTheWay = (tables: Tables, door: Door, ports: readonly number[], rules: readonly UfwRule[]): ReadonlyArray<{readonly rule: string; readonly isShutting: boolean; readonly argv: Argv; readonly undo: Argv}> => {
	const shutting = ports.map(port => shutAt(tables, door, port)).find(one => isShutByOthers(one));
	const opening = pastList(tables, door, rules).find(one => 'by' in one && whose(one.by) === 'others');
	const [rule, isShutting] = shutting && 'by' in shutting ? [shutting.by, true] : [opening && 'by' in opening ? opening.by : undefined, false];
	// What stands in another table is told, and left to who put it there.
	return rule === undefined || !tables.filter?.rules.includes(rule)
		? []
		: [{rule, isShutting, ...takesOut(door.family, tables.filter, rule)}, ...othersInTheWay({...tables, filter: without(tables.filter, rule)}, door, ports, rules)];
};

/** Whether loading the list again would change what strangers get in to. */
export const isStale = (tables: Tables, door: Door, ports: readonly number[], rules: readonly UfwRule[]): boolean =>
	ports.some(port => {
		const shut = shutAt(tables, door, port);
		return shut !== undefined && 'by' in shut && shut.whose === 'ufw';
	})
	|| pastList(tables, door, rules).some(one => 'by' in one && whose(one.by) !== 'others');
