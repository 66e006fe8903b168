/** The same scenarios on a real trixie and on the practice droplet, every fact of every step compared stage by stage: fresh, finished, after each sabotage. Where they differ the model is wrong. */
import test from 'ava';
import {factsOf, factsThatDiffer, type FactTable} from '../contract/facts.js';
import {practiceWorld} from '../contract/practice-world.js';
import {finish, sufferAll, type Stage} from '../contract/suite.js';
import type {World} from '../contract/world.js';
import {type Droplet, up} from '../lab/lab.js';
import {listensForAll, listensForItself} from './listeners.js';
import {forgiving, realWorld} from './real-world.js';

/** Makes of the lab's droplet what the practice droplet models: a provider's image, before anybody installed anything, and what somebody left running. */
const likePractice = async (droplet: Droplet): Promise<void> => {
	await droplet.must(['dpkg', '--purge', '--force-depends', 'iptables']);
	await droplet.write('/etc/ssh/sshd_config.d/50-cloud-init.conf', 'PasswordAuthentication yes\n', '0600');
	await listensForAll(droplet, 'python3', 8080);
	await listensForItself(droplet, 'redis-server', 6379);
};

test('trixie and practice debian-13 are alike in every fact', async t => {
	// Two minutes on two idle cores; other work there makes it many more.
	t.timeout(1_500_000);
	const droplet = await up({release: 'trixie'});
	const practice = await practiceWorld('debian-13');
	t.teardown(async () => Promise.all([droplet.down(), practice.close()]));
	await likePractice(droplet);
	const real = await realWorld(droplet, droplet.address, [8080]);

	const run = async (world: World): Promise<ReadonlyMap<string, FactTable>> => {
		await forgiving(world);
		const tables = new Map<string, FactTable>();
		const stage: Stage = async (name, server) => {
			tables.set(name, await factsOf(world, server));
		};

		await sufferAll(t, await finish(t, world, stage), {stage, startSeconds: 45});
		return tables;
	};

	// One after the other: AVA allows one attempt at a time.
	const practised = await run(practice);
	const really = await run(real);
	const lines = new Map<string, string[]>();
	for (const [stage, facts] of really) {
		for (const line of factsThatDiffer(facts, practised.get(stage) ?? new Map())) {
			lines.set(line, [...lines.get(line) ?? [], stage]);
		}
	}

	t.log(`${really.size} stages, ${[...really.values()].flatMap(facts => [...facts]).length} facts compared, ${lines.size} differ`);
	t.deepEqual([...lines].map(([line, stages]) => `${line} (${stages.length === really.size ? 'always' : stages.join(', ')})`), []);
});
