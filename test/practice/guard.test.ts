import test from 'ava';
import {ConnectionLost} from '../../source/server/connect-error.js';
import {
	asAda,
	asRoot,
	scene,
	triesToLogIn,
	withAda,
	type Scene,
} from './scene.js';

/** The guard: what was done under it is undone unless somebody confirms it. */
const files = (here: Scene): Map<string, string> => here.console.touch(({droplet}) => new Map(Object.entries(droplet.files).filter(([path]) => !/^\/(?:run|var\/lib\/dropwise)/v.test(path)).map(([path, entry]) => [path, JSON.stringify({...entry, mtime: 0})])));
/** Paths of the files that differ. */
const changed = (before: Map<string, string>, here: Scene): string[] => {
	const after = files(here);
	return [...new Set([...before.keys(), ...after.keys()])].filter(path => before.get(path) !== after.get(path));
};

const kernel = (here: Scene): string => ['iptables', 'ip6tables'].map(name => here.console.run([name, '-S']).out).join('');

const keysOnly = '/etc/ssh/sshd_config.d/00-dropwise.conf';
const lockOut = async (here: Scene) => {
	await here.act({
		do: 'write', path: keysOnly, expects: 'absent', content: 'PermitRootLogin no\nPasswordAuthentication no\n', mode: 0o644, owner: 'root:root',
	});
	await here.act({
		do: 'run', argv: ['systemctl', 'reload', 'ssh'], undo: 'again',
	});
};

test('authorized_keys is gone, sshd takes keys only: nobody gets in, until the guard puts passwords back', async t => {
	const here = await withAda();
	const before = files(here);
	await here.server.arm('guard-1', 90);
	here.console.remove('/home/ada/.ssh/authorized_keys');
	await lockOut(here);
	t.is(await triesToLogIn(here, asAda), 'log-in');
	t.is(await triesToLogIn(here, asRoot), 'log-in');
	await here.server.close();
	// Nobody runs anything meanwhile.
	here.clock.pass(91);
	t.is(await triesToLogIn(here, asRoot), 'in');
	const {guard} = await (await here.open(asRoot)).status();
	t.deepEqual(guard, {state: 'reverted', id: 'guard-1', why: 'time', amiss: []});
	t.deepEqual(changed(before, here), ['/home/ada/.ssh/authorized_keys']);
});

test('every answer says how long the guard has left, from the order on that started its clock anew', async t => {
	const here = await scene();
	t.is((await here.run('true')).secondsLeft, undefined);
	await here.server.arm('guard-1', 90);
	here.clock.pass(50);
	t.is((await here.run('true')).secondsLeft, 90);
	here.clock.pass(20);
	t.deepEqual((await here.server.status()).guard, {state: 'armed', id: 'guard-1', secondsLeft: 70});
	t.is((await here.run('true')).secondsLeft, 90);
	await here.server.confirm('guard-1');
	t.is((await here.run('true')).secondsLeft, undefined);
});

test('a firewall that shuts us out opens again, and the kernel is as it was', async t => {
	const here = await scene();
	await here.run('apt-get', '-y', 'install', 'ufw');
	const before = kernel(here);
	const filesBefore = files(here);
	const rules = ['/etc/ufw/user.rules', '/etc/ufw/user6.rules', '/etc/ufw/ufw.conf'];
	await here.server.arm('guard-1', 30);
	await here.act({
		do: 'run', argv: ['ufw', 'allow', '2222/tcp'], touches: rules, undo: [['ufw', 'delete', 'allow', '2222/tcp']],
	});
	await here.act({
		do: 'run', argv: ['ufw', '--force', 'enable'], touches: rules, undo: [['ufw', 'disable']],
	});
	t.is(await triesToLogIn(here, asRoot), 'silent');
	await here.server.revert('guard-1');
	t.is(await triesToLogIn(here, asRoot), 'in');
	t.is(kernel(here), before);
	t.deepEqual(changed(filesBefore, here), []);
	t.deepEqual((await here.server.status()).guard, {state: 'reverted', id: 'guard-1', why: 'asked', amiss: []});
});

test('confirmed in time, it never fires; confirmed too late, it says so', async t => {
	const here = await scene();
	await here.server.arm('guard-1', 30);
	await lockOut(here);
	t.true(await here.server.confirm('guard-1'));
	t.true(await here.server.confirm('guard-1'));
	here.clock.pass(100);
	t.is(await triesToLogIn(here, asRoot), 'log-in');
	await here.server.arm('guard-2', 30);
	here.clock.pass(31);
	t.false(await here.server.confirm('guard-2'));
});

test('each order starts the guard\'s clock anew; after it fired, its orders are refused', async t => {
	const here = await scene();
	await here.server.arm('guard-1', 30);
	here.clock.pass(20);
	await here.run('true');
	here.clock.pass(20);
	t.like((await here.server.status()).guard, {state: 'armed', secondsLeft: 10});
	here.clock.pass(11);
	const outcome = await here.run('useradd', 'ada');
	t.is(outcome.outcome, 'refused');
	t.regex(outcome.err, /The guard has fired/v);
	t.is(here.console.run(['id', 'ada']).code, 1);
});

test('a power cut between change and confirmation: the revert comes before sshd starts', async t => {
	const here = await scene();
	await here.server.arm('guard-1', 600);
	await lockOut(here);
	here.console.restart();
	await t.throwsAsync(here.server.status(), {instanceOf: ConnectionLost});
	t.is(await triesToLogIn(here, asRoot), 'in');
	t.like((await (await here.open(asRoot)).status()).guard, {state: 'reverted', why: 'boot'});
});

test('back from the last order to the first, then forward again what is its own way back', async t => {
	const here = await scene();
	await here.server.arm('guard-1', 600);
	const write = async (content: string) => here.act({
		do: 'run', argv: ['touch', '/root/log'], touches: ['/root/log'], undo: [['mkdir', '-p', `/root/undone-${content}`]],
	});
	await write('1');
	here.console.write('/root/log', 'changed by hand\n');
	await write('2');
	await here.server.revert('guard-1');
	t.is(here.console.read('/root/log'), undefined, 'as before the first');
	t.is(here.console.run(['ls', '/root']).out, 'undone-1\nundone-2\n');
});
