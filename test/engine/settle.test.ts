/** What was begun a moment ago may not be done when it is looked at: a reloaded sshd closes its port before it opens it again. */
import test from 'ava';
import type {Server} from '../../source/server/server.js';
import {practiceWorld} from '../contract/practice-world.js';
import {explain, go} from '../contract/scenario.js';

/** From its next reload on, the server's sshd refuses the first connection of its own. */
const refuseOnce = (server: Server): void => {
	const act = server.act.bind(server);
	const look = server.look.bind(server);
	let refuses = false;
	server.act = async (order, hear) => {
		const outcome = await act(order, hear);
		refuses ||= order.do === 'run' && order.argv.includes('reload');
		return outcome;
	};

	server.look = async questions => {
		const readings = await look(questions);
		const asked = questions.findIndex(question => 'argv' in question && question.argv[0] === 'ssh');
		if (asked === -1 || !refuses) {
			return readings;
		}

		refuses = false;
		return readings.with(asked, {
			...readings[asked]!, outcome: 'ran', code: 255, out: '', err: 'ssh: connect to host 127.0.0.1 port 22: Connection refused\n',
		});
	};
};

test('sshd that reads its settings again is given a moment before it is taken for dead', async t => {
	const world = await practiceWorld('debian-13');
	t.teardown(async () => world.close());
	const server = await world.open(world.root);
	t.teardown(async () => server.close());
	refuseOnce(server);
	const told = await go(world, 'apply', {server, only: ['admin-user', 'ssh-keys-only']});
	t.is(told.exitCode, 0, explain(told));
	t.deepEqual(told.did.filter(shows => shows.startsWith('systemctl')), ['systemctl reload ssh']);
});
