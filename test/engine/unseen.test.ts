/** What the server itself cannot say is no success: an apply that leaves a step's work undone, or unproven, ends with 1. */
import test, {type ExecutionContext} from 'ava';
import type {Reading} from '../../source/step.js';
import {practiceWorld} from '../contract/practice-world.js';
import {explain, go} from '../contract/scenario.js';
import {answersOtherwise} from './fixtures/answers-otherwise.js';

const fails: Reading = {
	outcome: 'ran', code: 3, out: '', err: 'ip6tables: no such table\n',
};
const gone: Reading = {
	outcome: 'no-such-command', code: 127, out: '', err: '',
};

const applied = async (t: ExecutionContext, only: readonly string[], asks: string, reading: Reading, doing: 'apply' | 'check' = 'apply') => {
	const world = await practiceWorld('debian-13');
	t.teardown(async () => world.close());
	const server = await world.open(world.root);
	t.teardown(async () => server.close());
	answersOtherwise(server, undefined, asks, () => reading);
	const told = await go(world, doing, {server, only});
	const ended = told.events.flatMap(event => (event.event === 'step-finished' ? [event.ended] : []));
	const troubles = told.events.flatMap(event => (event.event === 'trouble' ? [event.trouble.what] : []));
	return {told, ended, troubles};
};

test('where the kernel\'s IPv6 tool errs, the IPv4 firewall goes on, and the run ends with 1', async t => {
	const {told, ended, troubles} = await applied(t, ['firewall'], 'ip6tables-save', fails);
	t.deepEqual([told.exitCode, ended], [1, ['failed']], explain(told));
	t.true(told.did.includes('ufw --force enable'));
	t.false(told.events.some(({event}) => event === 'reverted'), explain(told));
	t.deepEqual(told.red, []);
	t.deepEqual(troubles, ['This step could not do all of its work: the kernel\'s rules could not be listed: ip6tables: no such table.']);
});

test('a step that cannot see what it needs to does nothing, says why, and ends with 1', async t => {
	const {told, ended, troubles} = await applied(t, ['firewall'], 'iptables-save', fails);
	t.deepEqual([told.exitCode, ended, told.did], [1, ['failed'], []], explain(told));
	t.is(troubles.length, 1);
	t.regex(troubles[0]!, /could not be listed/v);
});

test('a check tells the same, and says that it is not known', async t => {
	const {told, ended, troubles} = await applied(t, ['firewall'], 'iptables-save', fails, 'check');
	t.deepEqual([told.exitCode, ended, troubles], [0, ['unknown'], []], explain(told));
});

test('there is no sshd that could be asked', async t => {
	const {told, ended} = await applied(t, ['admin-user', 'ssh-keys-only'], '/usr/sbin/sshd', gone);
	t.deepEqual([told.exitCode, ended], [1, ['holds', 'failed']], explain(told));
});
