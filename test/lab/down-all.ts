import {Droplet} from './droplet.js';
import {gatewayDownIfUnused} from './gateway.js';
import {locked} from './lock.js';
import {names, readRecord} from './record.js';
import {takeDown} from './take-down.js';

/** Takes every droplet down, whoever made it, and the network with them. Base trees stay cached. */
export const downAll = async (): Promise<void> => {
	const all = await names();
	await Promise.all(all.map(async name => {
		const record = await readRecord(name);
		await (record ? new Droplet(record).down() : takeDown(name));
	}));
	await locked('lab', gatewayDownIfUnused);
};
