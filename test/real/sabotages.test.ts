/** What people do to a server whose containers run, on real droplets: named, mended, and nobody interrupted who need not be. On a trixie it comes out as on the practice droplet. */
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {practiceWorld} from '../contract/practice-world.js';
import {sufferWithContainers, type Suffered, type Watch} from '../contract/sabotages-with-containers.js';
import {up, type Droplet, type Release} from '../lab/lab.js';
import {likePractice} from './like-practice.js';
import {forgiving, realWorld} from './real-world.js';

/** Somebody who visits a site over and over. */
const visitor = ({address}: Droplet): Watch => async () => {
	const stop = new AbortController();
	let failures = 0;
	const visiting = (async () => {
		while (!stop.signal.aborted) {
			const isAnswered = await fetch(`http://${address}/`, {signal: AbortSignal.timeout(2000)}).then(async response => response.text(), () => undefined);
			failures += isAnswered === undefined ? 1 : 0;
			await sleep(50);
		}
	})();
	return {
		async failed() {
			stop.abort();
			await visiting;
			return failures;
		},
	};
};

/** What is called by chance: Docker's names for bridges, and the addresses of containers. */
const alike = (seen: ReadonlyMap<string, Suffered>): ReadonlyArray<readonly [string, unknown]> => [...seen].map(([what, {tried, red, did}]) => [what, {
	tried, red, did: did.map(line => line.replaceAll(/br-[\da-f]{12}/g, 'br-ID').replaceAll(/172\.1[78]\.0\.\d/g, 'CONTAINER')).toSorted(),
}]);

for (const release of ['trixie', 'bookworm'] as readonly Release[]) {
	for (const recipe of ['docker-user', 'iptables-off'] as const) {
		test.serial(`${release}, ${recipe}: what people do to a server whose containers run is named and mended, and interrupts none of them`, async t => {
			t.timeout(1_200_000);
			const droplet = await up({release});
			t.teardown(async () => droplet.down());
			const isCompared = release === 'trixie';
			if (isCompared) {
				await likePractice(droplet);
			}

			const world = {...await realWorld(droplet, droplet.address, isCompared ? [8080] : []), recipe};
			await forgiving(world);
			const really = await sufferWithContainers(t, world, visitor(droplet));
			if (isCompared) {
				const practice = {...await practiceWorld('debian-13'), recipe};
				t.teardown(async () => practice.close());
				t.deepEqual(alike(really), alike(await sufferWithContainers(t, practice)));
			}
		});
	}
}
