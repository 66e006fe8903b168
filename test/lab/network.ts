import {access, readdir} from 'node:fs/promises';
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

/** Deletes a droplet's port, where it did not go with the droplet. */
export const deleteInterface = async (number: number): Promise<void> => {
	if (await hasInterface(interfaceOf(number))) {
		await run(['ip', 'link', 'delete', interfaceOf(number)]);
	}
};

/** What passes at a droplet's port of the bridge. */
export type Plug = {plugged: boolean; ipv6: boolean};

/**
Drops or lets through what comes from and goes to a droplet, as `plug` says.

The bridge drops it, by the name of the port: the droplet keeps its carrier and its addresses and does not notice, as in a cloud whose network fails, and it holds over a reboot, which makes a new port of the same name. (Disabling the port would not do: it enables itself when the droplet's interface comes up.)
*/
export const setPlug = async (number: number, plug: Plug): Promise<void> => {
	const device = interfaceOf(number);
	for (const [chain, direction] of [['INPUT', '-i'], ['OUTPUT', '-o'], ['FORWARD', '-i'], ['FORWARD', '-o']] as const) {
		for (const [passes, protocol] of [[plug.plugged, []], [plug.ipv6, ['-p', 'IPv6']]] as const) {
			const rule = [chain, direction, device, ...protocol, '-j', 'DROP'];
			await run(['ebtables', '--concurrent', '-D', ...rule]);
			if (!passes) {
				await must(['ebtables', '--concurrent', '-A', ...rule]);
			}
		}
	}
};

/** The numbers whose ports are there, or dropped at the bridge. */
export const numbersInUse = async (): Promise<readonly number[]> => {
	const [ports, rules] = await Promise.all([readdir('/sys/class/net'), run(['ebtables-save'])]);
	return [...new Set([...ports, ...rules.out.split(/\s+/v)].map(word => /^vb-dw(?<number>\d+)$/v.exec(word)?.groups?.number).filter(number => number !== undefined).map(Number))];
};
