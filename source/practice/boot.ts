import {randomUUID} from 'node:crypto';
import {emptyRuleset} from './netfilter/ruleset.js';
import {makeFolder, remove} from './files.js';
import {startService} from './services.js';
import {revert} from './guard.js';
import type {Moment} from './state.js';

/**
What a start of the machine does: memory is empty, an armed guard puts things back first, then services start from their files.

An order that was under way is cut off where it was.
*/
export const reboot = (moment: Moment, id: string = randomUUID()): void => {
	const {droplet, now} = moment;
	for (const order of Object.values(droplet.orders)) {
		if (!(order.endsAt > now)) {
			continue;
		}

		order.pieces = order.pieces.filter(({at}) => order.begunAt + at <= now);
		order.endsAt = now;
	}

	droplet.boot = {id, at: now, count: droplet.boot.count + 1};
	droplet.lease = undefined;
	droplet.nextPid = 200 + (droplet.boot.count * 3);
	droplet.netfilter = {v4: emptyRuleset(), v6: emptyRuleset()};
	droplet.forwarding = false;
	remove(droplet, '/run/sshd');
	makeFolder(moment, '/run');
	for (const service of Object.values(droplet.services)) {
		service.state = 'stopped';
		delete service.pid;
		delete service.loaded;
	}

	if (droplet.guard?.state === 'armed') {
		revert(moment, 'boot');
	}

	// ufw stands before the network, sshd after it.
	for (const [name, service] of Object.entries(droplet.services)) {
		if (service.atBoot && service.state === 'stopped') {
			startService(moment, name);
		}
	}
};
