import {must} from './command.js';
import {type Machine} from './machine.js';
import {
	address6Of,
	addressOf,
	bridge,
	interfaceOf,
} from './network.js';
import {commandOf} from './processes.js';
import {type DropletRecord} from './record.js';

/** Another host on the network, to look at a droplet from: a network namespace with the host's own files and tools. It ends with the process that holds it. */
export const namespace = ({number}: DropletRecord): Machine => ({
	async prepare() {
		// It has no disk.
	},
	argv: ['unshare', '--net', 'sleep', 'infinity'],
	environment: {},
	async init(pid) {
		// Before its exec it is still in the host's network.
		return await commandOf(pid) === 'sleep' ? pid : undefined;
	},
	async booted(pid) {
		const device = interfaceOf(number);
		const inside = ['nsenter', '--target', String(pid), '--net'];
		await must(['ip', 'link', 'add', device, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(pid)]);
		await must(['ip', 'link', 'set', device, 'master', bridge, 'up']);
		await must([...inside, 'ip', 'link', 'set', 'lo', 'up']);
		await must([...inside, 'ip', 'address', 'add', `${addressOf(number)}/24`, 'dev', 'eth0']);
		await must([...inside, 'ip', '-6', 'address', 'add', `${address6Of(number)}/64`, 'dev', 'eth0', 'nodad']);
		await must([...inside, 'ip', 'link', 'set', 'eth0', 'up']);
	},
});
