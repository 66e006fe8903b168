/** The guard fires the moment before it would have been disarmed. */
import test from 'ava';
import {unsavedRecord} from '../../source/record/server-record.js';
import {ConnectionLost} from '../../source/server/connect-error.js';
import {practiceWorld} from '../contract/practice-world.js';
import {explain, go, type Told} from '../contract/scenario.js';

const whys = ({events}: Told): readonly string[] => events.flatMap(event => (event.event === 'reverted' ? [event.why] : []));

for (const isLost of [false, true]) {
	test(`confirmed too late${isLost ? ', and the line is lost: the next run tells' : ': told at once, and only then'}`, async t => {
		const world = await practiceWorld('debian-13');
		t.teardown(async () => world.close());
		const server = await world.open(world.root);
		t.teardown(async () => server.close());
		const status = server.status.bind(server);
		server.confirm = async id => {
			await server.revert(id);
			if (isLost) {
				server.status = async () => {
					throw new ConnectionLost('The connection was lost');
				};
			}

			return false;
		};

		const journal = unsavedRecord();
		const told = await go(world, 'apply', {server, only: ['firewall'], journal});
		t.deepEqual([told.exitCode, whys(told)], isLost ? [3, []] : [1, ['the time was up']], explain(told));
		server.status = status;
		await server.unlock();
		const again = await go(world, 'apply', {only: ['firewall'], journal});
		t.deepEqual([again.exitCode, whys(again)], [0, isLost ? ['an earlier run did not come back in time'] : []], explain(again));
	});
}
