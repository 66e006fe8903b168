import {contentOf} from '../file-tree.js';
import {NotModelled, type Machine} from '../state.js';

/** What Docker's daemon goes by: what it read when it started. */
export type Settings = {readonly keeps: boolean; readonly logs: string};

const known = new Set(['live-restore', 'log-driver', 'log-opts']);

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

	const {'live-restore': keeps = false, 'log-driver': logs = 'json-file'} = parsed as {'live-restore'?: unknown; 'log-driver'?: unknown};
	return typeof keeps === 'boolean' && typeof logs === 'string' ? {keeps, logs} : undefined;
};
