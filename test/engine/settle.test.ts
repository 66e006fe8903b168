/** What was begun a moment ago may not be done when it is looked at: a reloaded sshd closes its port before it opens it again. */
import test, {type ExecutionContext} from 'ava';
import type {Server} from '../../source/server/server.js';
import type {Reading} from '../../source/step.js';
import {practiceWorld} from '../contract/practice-world.js';
import {explain, go} from '../contract/scenario.js';
import {answersOtherwise} from './fixtures/answers-otherwise.js';

const open = async (t: ExecutionContext) => {
	const world = await practiceWorld('debian-13');
	t.teardown(async () => world.close());
	const server = await world.open(world.root);
	t.teardown(async () => server.close());
	return {world, server};
};

const isReload = (words: readonly string[]): boolean => words.join(' ') === 'systemctl reload ssh';
const refused: Reading = {
	outcome: 'ran', code: 255, out: '', err: 'ssh: connect to host 127.0.0.1 port 22: Connection refused\n',
};
const gone: Reading = {
	outcome: 'no-such-command', code: 127, out: '', err: '',
};

test('sshd that reads its settings again is given a moment before it is taken for dead', async t => {
	const {world, server} = await open(t);
	answersOtherwise(server, isReload, 'ssh', nth => (nth === 1 ? refused : undefined));
	const told = await go(world, 'apply', {server, only: ['admin-user', 'ssh-keys-only']});
	t.is(told.exitCode, 0, explain(told));
	t.deepEqual(told.did.filter(shows => shows.startsWith('systemctl')), ['systemctl reload ssh']);
});

/** Nobody gets in over a new connection while it `isShut`. */
const shutWhile = (server: Server, isShut: () => boolean): void => {
	const connectAgain = server.connectAgain.bind(server);
	server.connectAgain = async login => {
		if (isShut()) {
			throw new Error('nobody let us in within 20 seconds');
		}

		return connectAgain(login);
	};
};

/** Red after the reload, because nobody gets in, and then unreadable so many times: whether it was put back, and how it ended. */
const redThenUnreadable = async (t: ExecutionContext, times: number) => {
	const {world, server} = await open(t);
	let looks = 0;
	answersOtherwise(server, isReload, 'ssh', nth => {
		looks = nth;
		return nth > 1 && nth <= 1 + times ? gone : undefined;
	});
	shutWhile(server, () => looks === 1);
	const told = await go(world, 'apply', {server, only: ['admin-user', 'ssh-keys-only']});
	return {told, isReverted: told.events.some(({event}) => event === 'reverted')};
};

test('what is red and then cannot be read is looked at once more', async t => {
	const {told, isReverted} = await redThenUnreadable(t, 1);
	t.deepEqual([told.exitCode, isReverted, told.unknown], [0, false, []], explain(told));
});

test('what was red and cannot be read any more is put back', async t => {
	const {told, isReverted} = await redThenUnreadable(t, Infinity);
	t.deepEqual([told.exitCode, isReverted], [1, true], explain(told));
});

const busy: Reading = {
	outcome: 'ran', code: 4, out: '', err: 'Another app is busy.\n',
};
const isEnable = (words: readonly string[]): boolean => words.join(' ') === 'ufw --force enable';

test('what cannot be read right after acting is looked at again before anything is put back', async t => {
	const {world, server} = await open(t);
	answersOtherwise(server, isEnable, 'iptables-save', nth => (nth <= 2 ? busy : undefined));
	const told = await go(world, 'apply', {server, only: ['firewall']});
	t.is(told.exitCode, 0, explain(told));
	t.false(told.events.some(({event}) => event === 'reverted'));
});

test('what cannot be read for as long as it may settle is put back', async t => {
	const {world, server} = await open(t);
	answersOtherwise(server, isEnable, 'iptables-save', () => busy);
	const told = await go(world, 'apply', {server, only: ['firewall']});
	t.is(told.exitCode, 1, explain(told));
	t.true(told.events.some(({event}) => event === 'reverted'));
});

test('a log-in that was red and goes through since is no reason to put anything back', async t => {
	const {world, server} = await open(t);
	let isShut = false;
	shutWhile(server, () => isShut);
	const told = await go(world, 'apply', {
		server,
		only: ['admin-user', 'ssh-keys-only'],
		listener(event) {
			isShut ||= event.event === 'action-started' && event.action.shows === 'systemctl reload ssh';
			// it opens once it was told to be shut
			isShut &&= !(event.event === 'claims' && event.claims.some(claim => claim.id === 'log-in' && 'holds' in claim && !claim.holds));
		},
	});
	t.is(told.exitCode, 0, explain(told));
	t.false(told.events.some(({event}) => event === 'reverted'));
});
