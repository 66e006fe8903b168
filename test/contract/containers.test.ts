/** The story of the containers on the practice droplet: as on the real one of the lab. */
import test from 'ava';
import {practiceWorld} from './practice-world.js';
import {closed, cutOff, trapped} from './containers-scene.js';
import {sufferWithContainers} from './sabotages-with-containers.js';
import {tellOfContainers} from './with-containers.js';

test('debian-13: what is published is open to all, then closed; a restart cuts containers off, and it is mended', async t => {
	t.timeout(120_000);
	const world = await practiceWorld('debian-13');
	t.teardown(async () => world.close());
	const story = await tellOfContainers(t, world, {startSeconds: 1});
	const told = (stage: string) => story.get(stage)!;
	t.deepEqual(told('trapped').tried, trapped);
	t.true(['seen-from-outside/port-9000-v4', 'docker-behind-firewall/port-9000-v4', 'seen-from-outside/one-list'].every(id => told('trapped').red.includes(id)), told('trapped').red.join(', '));
	for (const stage of ['closed', 'and started again', 'Docker restarted', 'a network made later', 'restarted', 'by rules of our own', 'by rules of our own, and restarted', 'by the list again']) {
		t.deepEqual(told(stage), {tried: closed, red: []}, stage);
	}

	// All seems well, and is not.
	t.deepEqual(told('told to write no rules').tried, closed);
	t.true(['docker-behind-firewall/docker-rules', 'containers-reach-out/ours'].every(id => told('told to write no rules').red.includes(id)));
	t.deepEqual(told('told so, and restarted').tried, cutOff);
	t.true(['containers-reach-out/out', 'containers-reach-out/within'].every(id => told('told so, and restarted').red.includes(id)));
});

for (const recipe of ['docker-user', 'iptables-off'] as const) {
	test(`debian-13, ${recipe}: what people do to a server whose containers run is named and mended, and interrupts none of them`, async t => {
		t.timeout(120_000);
		const world = {...await practiceWorld('debian-13'), recipe};
		t.teardown(async () => world.close());
		await sufferWithContainers(t, world);
	});
}
