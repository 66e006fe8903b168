/** What nobody hears of is not done: where the log or the record cannot be written any more, the run ends in order. */
import test from 'ava';
import {heardByAll} from '../../source/engine/listeners.js';
import type {Event} from '../../source/engine/events.js';
import {NotWritten} from '../../source/record/append-only.js';
import {unsavedRecord} from '../../source/record/server-record.js';
import {practiceWorld} from '../contract/practice-world.js';
import {explain, go, type Told} from '../contract/scenario.js';
import type {World} from '../contract/world.js';

const full = new NotWritten('/var/log/run.log', Object.assign(new Error('no space left'), {code: 'ENOSPC'}));

const endsInOrder = async (world: World, told: Told): Promise<readonly [unknown, unknown]> => {
	const server = await world.open(world.root);
	const {guard, lease} = await server.status();
	await server.close();
	return [
		[told.exitCode, told.events.at(-1)?.event, told.events.flatMap(event => (event.event === 'trouble' ? [event.trouble.what] : []))],
		[guard.state, lease],
	];
};

const inOrder = [1, 'run-finished', ['/var/log/run.log cannot be written (ENOSPC).']];

const moments: ReadonlyArray<readonly [what: string, at: (event: Event) => boolean]> = [
	['the guard is armed', ({event}) => event === 'armed'],
	['an action has begun under the guard', event => event.event === 'action-started' && event.step === 'firewall' && event.action.shows.startsWith('ufw allow')],
	['the firewall is on', event => event.event === 'action-finished' && event.step === 'firewall'],
	['something is said', ({event}) => event === 'output'],
];

for (const [what, at] of moments) {
	test(`the disk is full from the moment that ${what}: put back, told, let go`, async t => {
		const world = await practiceWorld('debian-13');
		t.teardown(async () => world.close());
		let isFull = false;
		const told = await go(world, 'apply', {
			only: ['firewall'],
			listener(event) {
				isFull ||= at(event);
				if (isFull) {
					throw full;
				}
			},
		});
		const [ended, status] = await endsInOrder(world, told);
		t.deepEqual(ended, inOrder, explain(told));
		t.deepEqual(status, [told.events.some(({event}) => event === 'armed') ? 'reverted' : 'none', undefined]);
		if (told.events.some(({event}) => event === 'armed')) {
			t.regex(String((await world.entries()).get('/etc/ufw/ufw.conf')?.content), /^ENABLED=no$/m);
		}
	});
}

test('the record cannot be written under the guard: put back at once, told, let go', async t => {
	const world = await practiceWorld('debian-13');
	t.teardown(async () => world.close());
	const journal = unsavedRecord();
	const finish = journal.finish.bind(journal);
	let isArmed = false;
	const told = await go(world, 'apply', {
		only: ['firewall'],
		listener(event) {
			isArmed ||= event.event === 'armed';
		},
		journal: Object.assign(journal, {
			async finish(done: Parameters<typeof finish>[0]) {
				if (isArmed) {
					throw full;
				}

				await finish(done);
			},
		}),
	});
	const [ended, status] = await endsInOrder(world, told);
	t.deepEqual(ended, inOrder, explain(told));
	t.deepEqual(status, ['reverted', undefined]);
});

test('the record cannot be written once the guard was told that all is well: what was proven stays, told, let go', async t => {
	const world = await practiceWorld('debian-13');
	t.teardown(async () => world.close());
	const told = await go(world, 'apply', {
		only: ['firewall'],
		journal: Object.assign(unsavedRecord(), {
			async confirmed() {
				throw full;
			},
		}),
	});
	const [ended, status] = await endsInOrder(world, told);
	t.deepEqual(ended, inOrder, explain(told));
	t.deepEqual(status, ['none', undefined]);
	t.regex(String((await world.entries()).get('/etc/ufw/ufw.conf')?.content), /^ENABLED=yes$/m);
});

test('a log that cannot be written does not take the words from the screen', async t => {
	const seen: string[] = [];
	const listener = heardByAll(async () => {
		throw full;
	}, ({event}) => {
		seen.push(event);
	});
	await t.throwsAsync(async () => listener({event: 'run-finished', exitCode: 0} as Event), {is: full});
	t.deepEqual(seen, ['run-finished']);
});

test('a check whose log cannot be written does not end as if all were well', async t => {
	const world = await practiceWorld('debian-13');
	t.teardown(async () => world.close());
	const told = await go(world, 'check', {
		listener() {
			throw full;
		},
	});
	t.deepEqual((await endsInOrder(world, told))[0], inOrder);
});
