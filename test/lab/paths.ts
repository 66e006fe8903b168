import path from 'node:path';

/** Base trees, images and downloaded packages: kept across runs, safe to delete when nothing runs. */
export const cache = '/var/cache/dropwise-lab';

/** The droplets there are now, one folder each. On disk, because a droplet's upper layer may grow by gigabytes. */
export const droplets = '/var/lib/dropwise-lab';

/** Locks, and what stands on the gateway. */
export const runtime = '/run/dropwise-lab';

export const folderOf = (name: string) => {
	const folder = path.join(droplets, name);
	return {
		folder,
		record: path.join(folder, 'record.json'),
		state: path.join(folder, 'state.json'),
		/** The merged file system, as the droplet sees it. */
		root: path.join(folder, 'root'),
		upper: path.join(folder, 'upper'),
		work: path.join(folder, 'work'),
		/** Plain folders for what does not work on an overlay. */
		plain: path.join(folder, 'plain'),
		key: path.join(folder, 'key'),
		console: path.join(folder, 'console.log'),
		keeperLog: path.join(folder, 'keeper.log'),
		image: path.join(folder, 'disk.img'),
		agent: path.join(folder, 'agent.sock'),
	};
};
