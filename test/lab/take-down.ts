import {removeCgroup} from './cgroup.js';
import {removeDisk} from './disk.js';
import {gatewayDownIfUnused} from './gateway.js';
import {locked} from './lock.js';
import {deleteInterface, machineOf, setPlug} from './network.js';
import {end} from './processes.js';
import {readPlug, readRecord, readState} from './record.js';

/**
Ends a droplet and leaves nothing of it, nor, with the last one, of the network.

Works from what is on disk, so it does not matter who calls it: the droplet's keeper, or somebody who finds the keeper dead.
*/
export const takeDown = async (name: string): Promise<void> => {
	const record = await readRecord(name);
	const state = await readState(name);
	// Its init first: killing systemd-nspawn would leave what is inside running.
	await end(state?.init);
	await end(state?.machine);
	if (record) {
		const {plugged, ipv6} = await readPlug(name);
		if (!plugged || !ipv6) {
			await setPlug(record.number, {plugged: true, ipv6: true});
		}

		await deleteInterface(record.number);
		await removeCgroup(machineOf(record.number));
	}

	await locked('lab', async () => {
		await removeDisk(name);
		await gatewayDownIfUnused();
	});
};
