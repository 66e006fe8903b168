
import {readdirSync} from 'node:fs';
import test from 'ava';
import {unavailableOn} from '../../source/engine/available.js';
import {serverInfoLookup, serverInfoOf} from '../../source/engine/server-info.js';
import {allowNew, listsStamp} from '../../source/facts/apt.js';
import {ConnectionLost} from '../../source/server/connect-error.js';
import type {Order} from '../../source/server/server.js';
import type {
	Action,
	Ask,
	Context,
	Fact,
	Found,
	Lookup,
	Question,
	Step,
} from '../../source/step.js';
import {
	asAda, asRoot, key, scene, type Scene,
} from './scene.js';

/** Every question and action of every step is one the model covers: on the fresh droplet, after each round, and taken back. */
const folder = new URL('../../steps/', import.meta.url);
const names = readdirSync(folder).filter(name => name.endsWith('.js')).toSorted();
const steps = await Promise.all(names.map(async name => (await import(new URL(name, folder).href) as {default: Step}).default));

const questionOf = (fact: Fact<unknown>): Question => 'file' in fact ? {file: fact.file} : {argv: fact.argv, ...(fact.stdin === undefined ? {} : {stdin: fact.stdin})};

const lookUp = async <L extends Lookup>({server}: Scene, lookup: L): Promise<Found<L>> => {
	const found: Record<string, unknown> = {};
	for (const [name, facts] of Object.entries(lookup)) {
		const list = [facts].flat() as Array<Fact<unknown>>;
		const readings = await server.look(list.map(fact => questionOf(fact)));
		const values = list.map((fact, index) => fact.parse(readings[index]!));
		found[name] = Array.isArray(facts) ? values : values[0];
	}

	return found as Found<L>;
};

const facts = async (here: Scene, step: Step, c: Context) => {
	const first = await lookUp(here, step.look(c));
	return {...first, ...(step.lookDeeper ? await lookUp(here, step.lookDeeper(first, c)) : {})};
};

/** As the engine does it: in several orders. */
const upgrading = [
	['cloud-init', 'status', '--wait'],
	['env', 'DEBIAN_FRONTEND=noninteractive', 'dpkg', '--force-confold', '--configure', '-a'],
	['apt-get', '-q', '-y', 'update'],
	['touch', listsStamp],
	['apt-get', '-q', '-y', '-o', allowNew, 'upgrade'],
] as const;

const ordersOf = (action: Action): ReadonlyArray<Record<string, unknown>> => action.do === 'upgrade' ? upgrading.map(argv => ({do: 'run', argv})) : [orderOf(action)];

const orderOf = (action: Exclude<Action, {do: 'upgrade'}>): Record<string, unknown> => {
	switch (action.do) {
		case 'run': {
			return {
				do: 'run', argv: action.argv, stdin: action.stdin, touches: action.touches, undo: typeof action.undo === 'object' && 'cannot' in action.undo ? [] : action.undo,
			};
		}

		case 'write': {
			return {
				do: 'write', path: action.file.path, expects: action.file.sha256, content: action.content, mode: action.mode, owner: action.owner,
			};
		}

		case 'install': {
			return {do: 'run', argv: ['apt-get', '-q', '-y', 'install', ...action.packages]};
		}

		case 'reboot': {
			return {do: 'run', argv: ['reboot']};
		}
	}
};

for (const level of ['ubuntu-14.04', 'debian-13'] as const) {
	test(`${level}: every step of ${names.join(', ')}`, async t => {
		const here = await scene(level);
		const info = serverInfoOf(await lookUp(here, serverInfoLookup), here.server.me);
		t.is(info.system.id, level);
		for (const step of steps.filter(({id}) => !unavailableOn(info.system, steps).has(id))) {
			const answers = Object.fromEntries(Object.entries(step.asks as Record<string, Ask<unknown>> | undefined ?? {}).map(([name, ask]) => [name, name === 'name' ? 'ada' : (ask.default?.(info) ?? 'none')]));
			let c: Context = {
				info, answers, admin: 'ada', key: {publicKey: key, fingerprint: 'SHA256:none', identity: 'none'}, all: {[step.id]: answers},
			};
			const needed = step.packages?.(await facts(here, step, c), c) ?? [];
			if (needed.length > 0) {
				t.is((await here.run('apt-get', '-q', '-y', 'install', ...needed)).code, 0);
			}

			for (let round = 1; ; round++) {
				const found = await facts(here, step, c);
				const actions = step.plan(found, c);
				if (actions.length === 0) {
					const wrong = step.verify(found, c).filter(claim => !('holds' in claim && claim.holds));
					t.deepEqual(wrong, [], step.id);
					break;
				}

				t.true(round <= 5, `${step.id} is stuck`);
				for (const action of actions) {
					if (action.do === 'reboot') {
						await t.throwsAsync(here.act(orderOf(action)), {instanceOf: ConnectionLost});
						await here.server.reconnect(step.rehearses ? asAda : asRoot);
						await here.server.lock('a test');
						c = step.rehearses
							? {...c, rehearsed: {
								on: '2026-11-01T12:00:00Z', boot: '', held: 1, lost: [], unseen: [], files: {}, since: [],
							}}
							: c;
						continue;
					}

					for (const order of ordersOf(action)) {
						const outcome = await here.act(order);
						t.true(outcome.outcome === 'no-such-command' || outcome.code === 0, JSON.stringify(order));
					}

					if (action.do === 'run' && Array.isArray(action.undo)) {
						for (const argv of action.undo as Array<Extract<Order, {do: 'run'}>['argv']>) {
							// Looking runs it on a copy: whether the model covers it is all that is asked.
							await t.notThrowsAsync(here.server.look([{argv}]));
						}
					}
				}
			}
		}
	});
}
