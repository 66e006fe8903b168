import test from 'ava';
import {loadSteps} from '../../source/engine/load-steps.js';
import {noRun, type RunState} from '../../source/ui/run-state.js';
import {rescueWays} from '../../source/run/rescue-ways.js';

const all = await loadSteps();
const fresh = {done: () => [], heldAt: {}, stood: undefined} as Parameters<typeof rescueWays>[1];
const stoodAt = (time: string, heldAt: Readonly<Record<string, string>>): Parameters<typeof rescueWays>[1] => ({
	...fresh, heldAt, stood: {
		time, steps: 5, held: 2, notHeld: 3, unknowns: 0,
	},
});
const at = (...steps: ReadonlyArray<readonly [string, string]>): RunState => ({...noRun, steps: steps.map(([step, ended]) => ({step, ended})) as unknown as RunState['steps']});
const ada = {
	admin: 'ada', key: {identity: '/home/ada/.ssh/id_ed25519', publicKey: '', fingerprint: ''},
};
const root = {user: 'root'};
type Given = Parameters<typeof rescueWays> extends [unknown, ...infer Rest] ? Rest : never;
const users = (...given: Given): readonly string[] => rescueWays(all, ...given).map(({user, until}) => until === undefined ? user : `${user} ${until}`);

test('before "Keys only" root is a way in, and says until when', t => {
	t.deepEqual(users(fresh, at(['admin-user', 'holds'], ['ssh-keys-only', 'false']), ada, root), ['ada', 'root (until "Keys only" closes that)']);
	t.deepEqual(users(stoodAt('2', {'admin-user': '2'}), noRun, ada, root), ['ada', 'root (until "Keys only" closes that)']);
});

test('after it root is none, in the same run and in later ones', t => {
	t.deepEqual(users(fresh, at(['admin-user', 'holds'], ['ssh-keys-only', 'holds']), ada, root), ['ada']);
	t.deepEqual(users(stoodAt('2', {'admin-user': '2', 'ssh-keys-only': '2'}), at(['firewall', 'holds']), ada, root), ['ada']);
});

test('what the server put back, or what does not hold any more, is open again', t => {
	t.deepEqual(users(stoodAt('2', {'admin-user': '2'}), at(['ssh-keys-only', 'reverted']), ada, root), ['ada', 'root (until "Keys only" closes that)']);
	t.deepEqual(users(stoodAt('3', {'admin-user': '3', 'ssh-keys-only': '2'}), noRun, ada, root), ['ada', 'root (until "Keys only" closes that)']);
});

test('a user who is not there is no way in', t => {
	t.deepEqual(users(fresh, at(['admin-user', 'skipped']), ada, root), ['root (until "Keys only" closes that)']);
	t.deepEqual(users(fresh, noRun, ada, {user: 'ada'}), ['ada']);
});

test('another user keeps their key, and loses their password', t => {
	const closed = at(['admin-user', 'holds'], ['ssh-keys-only', 'holds']);
	t.deepEqual(users(fresh, closed, ada, {user: 'debian'}), ['ada']);
	t.deepEqual(users(fresh, closed, ada, {user: 'debian', identity: 'agent'}), ['ada', 'debian']);
});
