import {mayStart, reloadDaemon, startDaemon, stopDaemon} from './docker/daemon.js';
import {effective} from './sshd/effective.js';
import {parseConfig} from './sshd/parse-config.js';
import {
	contentOf,
	entryOf,
	makeFolder,
	remove,
} from './file-tree.js';
import type {
	Droplet,
	Machine,
	Service,
} from './state.js';
import * as ufw from './ufw/framework.js';

/** Starting, stopping and reloading, whatever the init system calls it. What a service reads from its files it reads here and nowhere else. */
export const serviceNamed = (droplet: Droplet, name: string): Service | undefined => droplet.services[name];

/** Whether upstart is told not to start a job by itself. */
export const isManual = (machine: Machine, name: string): boolean =>
	machine.droplet.level === 'ubuntu-14.04' && /^[ \t]*manual\b/mv.test(contentOf(machine, `/etc/init/${name}.override`) ?? '');

const run = (droplet: Droplet, service: Service): void => {
	service.state = 'running';
	service.pid = droplet.nextPid;
	droplet.nextPid += 7;
};

const hostKeys = (droplet: Droplet, settings: ReadonlyMap<string, readonly string[]>): boolean => settings.get('hostkey')!.some(file => entryOf(droplet, file));

/** What sshd says of its files before it does anything: nothing, or why not. */
export const sshdComplains = (droplet: Droplet): {said: string; code: number} => {
	const parsed = parseConfig(droplet);
	if (parsed.code !== 0) {
		return parsed;
	}

	// Without its folder in memory sshd does not start; a service that starts makes it first.
	return hostKeys(droplet, effective(droplet, parsed.directives)) ? {said: parsed.said, code: 0} : {said: `${parsed.said}sshd: no hostkeys available -- exiting.\n`, code: 1};
};

const loadSshd = (droplet: Droplet, service: Service): void => {
	service.loaded = parseConfig(droplet).directives;
};

/** Docker's daemon wants its socket, and starts three times in a minute. */
const startDocker = (machine: Machine, service: Service): boolean => {
	const {droplet} = machine;
	droplet.services['docker.socket']!.state = 'running';
	if (mayStart(machine) && startDaemon(machine, droplet.nextPid)) {
		return true;
	}

	service.state = 'failed';
	delete service.pid;
	return false;
};

/** Starts a service that does not run. Returns false: it would not. */
export const startService = (machine: Machine, name: string): boolean => {
	const {droplet} = machine;
	const service = droplet.services[name]!;
	// Five starts in ten seconds are enough: until they are over systemd refuses, even with a file that is good again (L).
	if (service.failedAt !== undefined && machine.now < service.failedAt + 10_000) {
		service.state = 'failed';
		return false;
	}

	delete service.failedAt;
	service.manual = isManual(machine, name);
	if (name === 'ssh') {
		if (sshdComplains(droplet).code !== 0) {
			delete service.pid;
			if (droplet.level === 'ubuntu-14.04') {
				// upstart starts it, sees it die, starts it again, and loses sight of it (T, verified.md 2).
				service.state = 'lost';
				return true;
			}

			service.state = 'failed';
			service.failedAt = machine.now;
			return false;
		}

		makeFolder(machine, '/run/sshd');
		loadSshd(droplet, service);
	} else if (name === 'docker.socket') {
		// systemd itself listens.
		service.state = 'running';
		return true;
	} else if (name === 'docker' && !startDocker(machine, service)) {
		return false;
	} else if (name === 'ufw') {
		if (ufw.enabled(machine)) {
			ufw.start(machine);
		}

		service.state = droplet.level === 'ubuntu-14.04' ? 'running' : 'exited';
		return true;
	}

	run(droplet, service);
	return true;
};

export const stopService = (machine: Machine, name: string): void => {
	const {droplet} = machine;
	const service = droplet.services[name]!;
	service.state = 'stopped';
	delete service.pid;
	// systemd makes this folder when sshd starts and takes it away when it ends; without it even `sshd -T` refuses (L).
	if (name === 'ssh' && droplet.level === 'debian-13') {
		remove(droplet, '/run/sshd');
	}

	if (name === 'docker') {
		stopDaemon(machine);
	} else if (name === 'docker.socket' && droplet.services.docker) {
		// The daemon cannot be without it.
		stopService(machine, 'docker');
	}
};

/** Tells a running service to read its files again. Returns false: refused, and it goes on with what it has. */
export const reloadService = (machine: Machine, name: string): boolean => {
	if (name === 'docker') {
		reloadDaemon(machine);
	}

	if (name !== 'ssh') {
		return true;
	}

	const {droplet} = machine;
	const service = droplet.services[name]!;
	if (sshdComplains(droplet).code === 0) {
		loadSshd(droplet, service);
		return true;
	}

	// systemd asks sshd first. upstart sends the signal, and sshd dies of its file (T, verified.md 2).
	if (droplet.level === 'ubuntu-14.04') {
		service.state = 'lost';
		delete service.pid;
		return true;
	}

	return false;
};
