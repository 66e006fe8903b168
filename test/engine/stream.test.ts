/** What every consumer of the stream relies on: nothing is said of an action that was not announced, and each state says when it stood. */
import test from 'ava';
import {practiceWorld} from '../contract/practice-world.js';
import {explain, go} from '../contract/scenario.js';
import {unsavedRecord} from '../../source/record/server-record.js';
import type {Event} from '../../source/engine/events.js';

/** What is out of order, a sentence each. */
const disorder = (events: readonly Event[]): readonly string[] => {
	const wrong: string[] = [];
	const announced = new Set<string>();
	const acted = new Set<string>();
	let step = '';
	/** The step whose plan was shown last. */
	let open = '';
	for (const event of events) {
		switch (event.event) {
			case 'step-started': {
				({step} = event);
				break;
			}

			case 'action-started': {
				announced.add(event.action.id);
				acted.add(event.step);
				break;
			}

			case 'output': {
				if (!announced.has(event.id)) {
					wrong.push(`${event.part} of ${event.id} says something, and was not announced or has ended`);
				}

				break;
			}

			case 'action-finished': {
				if (!announced.delete(event.id)) {
					wrong.push(`${event.id} ended without a beginning`);
				}

				break;
			}

			case 'claims': {
				if (acted.has(event.step) !== (event.stands === 'after')) {
					wrong.push(`${event.step} is said to stand as ${event.stands}`);
				}

				break;
			}

			case 'planned': {
				open = event.step;
				break;
			}

			case 'decided': {
				if (event.step !== open || event.step !== step) {
					wrong.push(`${event.step} was decided about, and not planned just before`);
				}

				break;
			}

			default: {
				break;
			}
		}
	}

	return wrong;
};

for (const level of ['debian-13', 'ubuntu-14.04'] as const) {
	test(`${level}: what the stream says of actions, claims and decisions is in order`, async t => {
		const world = await practiceWorld(level);
		t.teardown(async () => world.close());
		const journal = unsavedRecord();
		const applied = await go(world, 'apply', {journal});
		t.is(applied.exitCode, 0, explain(applied));
		t.deepEqual(disorder(applied.events), []);
		t.true(applied.events.some(({event}) => event === 'output'));
		const decided = applied.events.flatMap(event => (event.event === 'decided' ? [event] : []));
		const planned = applied.events.flatMap(event => (event.event === 'planned' && event.round === 1 ? [event.step] : []));
		t.deepEqual([...new Set(decided.map(one => one.step))], planned, 'each plan was decided about');
		t.true(decided.every(({decision}) => decision === 'do'));
		const checked = await go(world, 'check', {login: world.admin});
		t.deepEqual(disorder(checked.events), []);
		t.deepEqual([...new Set(checked.events.flatMap(event => (event.event === 'claims' ? [event.stands] : [])))], ['found']);
		const undone = await go(world, 'undo', {undo: planned.at(-1)!, login: world.admin, journal});
		t.is(undone.exitCode, 0, explain(undone));
		t.deepEqual(disorder(undone.events), []);
	});
}
