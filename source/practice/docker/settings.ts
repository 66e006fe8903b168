import {contentOf} from '../file-tree.js';
import {NotModelled, type DaemonSettings, type Machine} from '../state.js';

const known = new Set(['live-restore', 'log-driver', 'log-opts', 'iptables', 'ip6tables']);

/** Reads /etc/docker/daemon.json; undefined where Docker would refuse it. A setting that is not modelled is a gap. */
export const readSettings = (machine: Machine): DaemonSettings | undefined => {
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
