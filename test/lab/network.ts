import {access} from 'node:fs/promises';
import {must, run} from './command.js';

/** The one network of the lab. The host is its gateway, forwards nothing and translates nothing: there is no way out. */
export const bridge = 'dropwise0';
export const gateway = '10.79.0.1';
export const gateway6 = 'fd79::1';

export const addressOf = (number: number) => `10.79.0.${number}`;
export const address6Of = (number: number) => `fd79::${number}`;

/** The machine's name for systemd-nspawn, and so `vb-NAME` for its interface. Short, because interface names are. */
export const machineOf = (number: number) => `dw${number}`;
export const interfaceOf = (number: number) => `vb-${machineOf(number)}`;

export const hasInterface = async (name: string): Promise<boolean> => {
	try {
		await access(`/sys/class/net/${name}`);
		return true;
	} catch {
		return false;
	}
};

export const bridgeUp = async (): Promise<void> => {
	if (await hasInterface(bridge)) {
		return;
	}

	await must(['ip', 'link', 'add', bridge, 'type', 'bridge', 'forward_delay', '0', 'mcast_snooping', '0']);
	await must(['ip', 'address', 'add', `${gateway}/24`, 'dev', bridge]);
	await must(['ip', '-6', 'address', 'add', `${gateway6}/64`, 'dev', bridge, 'nodad']);
	await must(['ip', 'link', 'set', bridge, 'up']);
};

export const bridgeDown = async (): Promise<void> => {
	await run(['ip', 'link', 'delete', bridge]);
};

/**
Stops or lets through everything at a droplet's port of the bridge.

The port is disabled, not taken down: the droplet keeps its carrier and its packets go nowhere, as in a cloud whose network fails.
*/
export const setPlugged = async (number: number, plugged: boolean): Promise<void> => {
	await must(['bridge', 'link', 'set', 'dev', interfaceOf(number), 'state', plugged ? '3' : '0']);
};

/** Drops or lets through IPv6 at a droplet's port. The droplet keeps its address and does not notice. */
export const setIpv6 = async (number: number, through: boolean): Promise<void> => {
	const device = interfaceOf(number);
	for (const [chain, direction] of [['INPUT', '-i'], ['OUTPUT', '-o'], ['FORWARD', '-i'], ['FORWARD', '-o']] as const) {
		const rule = [chain, direction, device, '-p', 'IPv6', '-j', 'DROP'];
		await run(['ebtables', '--concurrent', '-D', ...rule]); // eslint-disable-line no-await-in-loop
		if (!through) {
			await must(['ebtables', '--concurrent', '-A', ...rule]); // eslint-disable-line no-await-in-loop
		}
	}
};
