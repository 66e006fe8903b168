import {remove, writeFile} from '../file-tree.js';
import type {Machine} from '../state.js';
import {writeChains} from './chains.js';
import {
	running, startContainers, stopContainer, takeUpContainers, clearPassing,
} from './containers.js';
import {isDefault, newDocker, plugIn} from './networks.js';
import {readSettings} from './settings.js';

/** Docker's daemon: starting, stopping, reading its settings again, and what becomes of containers then. */
const pidFile = '/run/docker.pid';

/** systemd starts it three times in a minute, and then refuses. Noted before each start. */
export const mayStart = ({droplet, now}: Machine): boolean => {
	droplet.docker ??= newDocker();
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

	const docker = droplet.docker!;
	// Containers that went on without it end, where it was told meanwhile not to have them go on.
	const goingOn = running(droplet);
	const isKept = settings.keeps && goingOn.length > 0;
	docker.settings = settings;
	for (const container of settings.keeps ? [] : goingOn) {
		stopContainer(droplet, container, now, {byHand: false, code: 137});
	}

	writeFile(machine, pidFile, String(pid));
	const filters = settings.filters ?? true;
	// Where it has to let the kernel forward, it also forbids everything else to be.
	if (!droplet.forwarding) {
		droplet.forwarding = true;
		droplet.netfilter.v4.filter.policies.FORWARD = filters ? 'DROP' : droplet.netfilter.v4.filter.policies.FORWARD!;
	}

	// Its own network is made last where none has a bridge yet.
	for (const network of docker.networks.toSorted((a, b) => Number(isDefault(a)) - Number(isDefault(b)))) {
		plugIn(droplet, network);
	}

	// Made while it writes no rules, its own network is one without this one for as long as containers keep it (L).
	if (!isKept) {
		docker.networks[0]!.masks = filters;
	}

	// Told to write no rules it leaves alone what it wrote before.
	if (filters) {
		writeChains(droplet.netfilter.v4, docker.networks, isKept);
	}

	clearPassing(droplet);
	takeUpContainers(droplet);
	startContainers(droplet, now);
	return true;
};

/** Its rules and its bridges stay; so do its containers, where it was told so. */
export const stopDaemon = ({droplet, now}: Machine): void => {
	for (const container of droplet.docker?.settings?.keeps ? [] : running(droplet)) {
		stopContainer(droplet, container, now, {byHand: false});
	}

	remove(droplet, pidFile);
};

/** The machine goes down: nothing runs, and the kernel forgets its bridges. */
export const endDocker = ({droplet, now}: Machine): void => {
	const {docker} = droplet;
	if (docker) {
		for (const container of running(droplet)) {
			stopContainer(droplet, container, now, {byHand: false});
		}

		for (const network of docker.networks) {
			delete network.link;
		}

		docker.starts = [];
		delete docker.settings;
	}
};

/** Told to read its settings again, it takes from them whether containers go on without it; what it cannot read it leaves. */
export const reloadDaemon = (machine: Machine): void => {
	const {docker} = machine.droplet;
	const settings = readSettings(machine);
	if (docker?.settings && settings) {
		docker.settings = {...docker.settings, keeps: settings.keeps};
	}
};
