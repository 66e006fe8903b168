/** The same scenarios on a real trixie and on the practice droplet, every fact of every step compared stage by stage: fresh, finished, after each sabotage. Where they differ the model is wrong. */
import test, {type ExecutionContext} from 'ava';
import {factsOf, factsThatDiffer, type FactTable} from '../contract/facts.js';
import {practiceWorld} from '../contract/practice-world.js';
import {finish, sufferAll, type Stage} from '../contract/suite.js';
import {closed} from '../contract/containers-scene.js';
import {tellOfContainers} from '../contract/with-containers.js';
import type {World} from '../contract/world.js';
import {up} from '../lab/lab.js';
import {likePractice} from './like-practice.js';
import {forgiving, realWorld} from './real-world.js';

type Tables = ReadonlyMap<string, FactTable>;

/** Every fact at every stage of a scenario on the two droplets, the practised one first: AVA allows one attempt at a time. */
const compare = async <T>(t: ExecutionContext, scenario: (world: World, stage: Stage) => Promise<T>): Promise<{readonly practised: T; readonly really: T}> => {
	const droplet = await up({release: 'trixie'});
	const practice = await practiceWorld('debian-13');
	t.teardown(async () => Promise.all([droplet.down(), practice.close()]));
	await likePractice(droplet);
	const run = async (world: World): Promise<{readonly came: T; readonly tables: Tables}> => {
		await forgiving(world);
		const tables = new Map<string, FactTable>();
		const came = await scenario(world, async (name, server) => {
			tables.set(name, await factsOf(world, server));
		});
		return {came, tables};
	};

	const practised = await run(practice);
	const really = await run(await realWorld(droplet, droplet.address, [8080]));
	const lines = new Map<string, string[]>();
	for (const [stage, facts] of really.tables) {
		for (const line of factsThatDiffer(facts, practised.tables.get(stage) ?? new Map())) {
			lines.set(line, [...lines.get(line) ?? [], stage]);
		}
	}

	const stages = really.tables.size;
	t.log(`${stages} stages, ${[...really.tables.values()].flatMap(facts => [...facts]).length} facts compared, ${lines.size} differ`);
	t.deepEqual([...lines].map(([line, at]) => `${line} (${at.length === stages ? 'always' : at.join(', ')})`), []);
	return {practised: practised.came, really: really.came};
};

test.serial('trixie and practice debian-13 are alike in every fact', async t => {
	// Two minutes on two idle cores; other work there makes it many more.
	t.timeout(1_500_000);
	await compare(t, async (world, stage) => sufferAll(t, await finish(t, world, stage), {stage, startSeconds: 45}));
});

test.serial('and so they are with containers on them, in what comes through and in what is red', async t => {
	t.timeout(900_000);
	const {practised, really} = await compare(t, async (world, stage) => tellOfContainers(t, world, {stage, startSeconds: 45}));
	t.deepEqual([...really], [...practised]);
	t.deepEqual(really.get('by the list again'), {tried: closed, red: []});
});
