/** What people do to a server whose containers run, on real droplets: named, mended, and nobody interrupted who need not be. On a trixie it comes out as on the practice droplet. */
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {practiceWorld} from '../contract/practice-world.js';
import {sufferWithContainers, type Suffered, type Watch} from '../contract/sabotages-with-containers.js';
import {up, type Droplet, type Release} from '../lab/lab.js';
import {note} from '../lab/measured.js';
import {likePractice} from './like-practice.js';
import {columnOf} from './containers.js';
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

const inShort = ({red, did, failed}: Suffered): string => (red.length === 0 && did.length === 0
	? 'nothing is wrong'
	: `${red.length} red, ${did.length} ${did.length === 1 ? 'command' : 'commands'}${failed === undefined ? '' : `, ${failed} ${failed === 1 ? 'visit' : 'visits'} lost`}`);

for (const release of ['trixie', 'bookworm'] as readonly Release[]) {
	test.serial(`${release}: what people do to a server whose containers run is named and mended by either recipe, and interrupts none of them`, async t => {
		t.timeout(1_200_000);
		// The practice droplet is Debian 13: on a trixie it comes out alike.
		const isCompared = release === 'trixie';
		const both = await Promise.all((['docker-user', 'iptables-off'] as const).map(async recipe => {
			const droplet = await up({release});
			t.teardown(async () => droplet.down());
			const world = {...await realWorld(droplet, droplet.address, isCompared ? [8080] : []), recipe};
			if (isCompared) {
				await likePractice(droplet);
				await forgiving(world);
			}

			const seen = await sufferWithContainers(t, world, visitor(droplet));
			return {recipe, seen, column: await columnOf(droplet, recipe)};
		}));
		for (const {column, seen} of both) {
			await note('sabotages', column, Object.fromEntries([...seen].map(([what, one]) => [what, inShort(one)])));
		}

		for (const {recipe, seen} of isCompared ? both : []) {
			const practice = {...await practiceWorld('debian-13'), recipe};
			t.teardown(async () => practice.close());
			t.deepEqual(alike(seen), alike(await sufferWithContainers(t, practice)), recipe);
		}
	});
}
