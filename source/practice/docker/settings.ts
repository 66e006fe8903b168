import {contentOf} from '../file-tree.js';
import {NotModelled, type Machine} from '../state.js';

/** What Docker's daemon goes by: what it read when it started. */
export type Settings = {readonly keeps: boolean; readonly logs: string; /** Whether it writes rules for the packet filter: it does unless told not to. */ readonly filters?: boolean};

const known = new Set(['live-restore', 'log-driver', 'log-opts', 'iptables', 'ip6tables']);

/** Reads /etc/docker/daemon.json; undefined where Docker would refuse it. A setting that is not modelled is a gap. */
export const readSettings = (machine: Machine): Settings | undefined => {
	let parsed: unknown;
	try {
		parsed = JSON.parse(contentOf(machine, '/etc/docker/daemon.json')?.trim() || '{}');
	} catch {
		return undefined;
	}

	if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
		return undefined;
	}

	const gap = Object.keys(parsed).find(key => !known.has(key));
	if (gap !== undefined) {
		throw new NotModelled(`Docker's setting ${gap}`);
	}

	const {'live-restore': keeps = false, 'log-driver': logs = 'json-file', iptables: filters = true, ip6tables: filters6 = false} = parsed as Readonly<Record<string, unknown>>;
	// Version 26 handles IPv6 only as an experiment.
	if (filters6 === true) {
		throw new NotModelled('Docker\'s setting ip6tables');
	}

	return typeof keeps === 'boolean' && typeof logs === 'string' && typeof filters === 'boolean' ? {keeps, logs, filters} : undefined;
};
