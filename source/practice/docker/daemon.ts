import {remove, writeFile} from '../file-tree.js';
import type {Machine} from '../state.js';
import {writeChains} from './chains.js';
import {readSettings} from './settings.js';

/** Docker's daemon: starting, stopping, reading its settings again. No container can be run on the practice droplet. */
const pidFile = '/run/docker.pid';

/** systemd starts it three times in a minute, and then refuses. Noted before each start. */
export const mayStart = ({droplet, now}: Machine): boolean => {
	droplet.docker ??= {starts: []};
	const recent = droplet.docker.starts.filter(at => at > now - 60_000);
	const may = recent.length < 3;
	droplet.docker.starts = may ? [...recent, now] : recent;
	return may;
};

/** As `systemctl reset-failed` does it. */
export const forgetStarts = ({droplet}: Machine): void => {
	if (droplet.docker) {
		droplet.docker.starts = [];
	}
};

/** Returns false: it refuses its settings, and systemd tries twice more. */
export const startDaemon = (machine: Machine, pid: number): boolean => {
	const {droplet, now} = machine;
	const settings = readSettings(machine);
	if (!settings) {
		droplet.docker!.starts = [now, now, now];
		return false;
	}

	droplet.docker!.settings = settings;
	writeFile(machine, pidFile, String(pid));
	const filters = settings.filters ?? true;
	// Where it has to let the kernel forward, it also forbids everything else to be.
	if (!droplet.forwarding) {
		droplet.forwarding = true;
		droplet.netfilter.v4.filter.policies.FORWARD = filters ? 'DROP' : droplet.netfilter.v4.filter.policies.FORWARD!;
	}

	// Told to write no rules it leaves alone what it wrote before.
	if (filters) {
		writeChains(droplet.netfilter.v4);
	}

	return true;
};

/** Its rules and its bridge stay. */
export const stopDaemon = ({droplet}: Machine): void => {
	remove(droplet, pidFile);
};

/** Told to read its settings again, it takes from them whether containers go on without it; what it cannot read it leaves. */
export const reloadDaemon = (machine: Machine): void => {
	const {docker} = machine.droplet;
	const settings = readSettings(machine);
	if (docker?.settings && settings) {
		docker.settings = {...docker.settings, keeps: settings.keeps};
	}
};

/** Whether its bridge docker0 is there: from its first start until the machine's next. */
export const hasBridge = ({droplet}: Machine): boolean => droplet.docker?.settings !== undefined;
