import {randomUUID} from 'node:crypto';
import {endDocker} from './docker/daemon.js';
import {noRules} from './netfilter/ruleset.js';
import {makeFolder, remove} from './file-tree.js';
import {startCommands} from './rc-local.js';
import {isManual, startService} from './services.js';
import {carryOutRevert} from './guard.js';
import type {Machine} from './state.js';

/**
What a start of the machine does: memory is empty, an armed guard puts things back first, then services start from their files, and last what somebody wants run. `run` carries out a command.
*/
export const reboot = (machine: Machine, run: (argv: readonly string[]) => unknown): void => {
	const {droplet, now} = machine;
	// What orders said stands in /run, which is memory.
	droplet.orders = {};
	droplet.boot = {id: randomUUID(), at: now, count: droplet.boot.count + 1};
	droplet.lease = undefined;
	droplet.nextPid = 200 + (droplet.boot.count * 3);
	droplet.netfilter = {v4: noRules(), v6: noRules()};
	delete droplet.legacy;
	droplet.forwarding = false;
	endDocker(machine);
	remove(droplet, '/run');
	makeFolder(machine, '/run');
	makeFolder(machine, '/proc', 0o555);
	for (const service of Object.values(droplet.services)) {
		service.state = 'stopped';
		delete service.pid;
		delete service.loaded;
	}

	if (droplet.guard?.state === 'armed') {
		carryOutRevert(machine, 'boot');
	}

	// ufw stands before the network, sshd after it.
	for (const [name, service] of Object.entries(droplet.services)) {
		if (service.atBoot && service.state === 'stopped' && !isManual(machine, name)) {
			startService(machine, name);
		}
	}

	for (const argv of startCommands(machine)) {
		run(argv);
	}
};

/** How long a restart takes, from going down to answering again. */
const bootSeconds = 12;

/** A restart begins that somebody asked for: the droplet cannot be reached before it is through. `pace`: 1 as long as a real one takes, 0 at once. */
export const switchedOn = ({droplet, now}: Machine, pace: number): void => {
	droplet.boot.at = now + (bootSeconds * 1000 * pace);
};
