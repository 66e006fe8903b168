import {createHash} from 'node:crypto';
import test from 'ava';
import {openPractice} from '../../source/practice/droplet.js';
import {asRoot, scene} from './scene.js';
import {temporary} from './temporary.js';

/** Orders: files as expected, kept and put back; the lease; ids that are not carried out twice. */
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

test('a file is written only where it is as it was looked at, and can be put back byte for byte', async t => {
	const here = await scene();
	const path = '/etc/hosts';
	const was = here.console.read(path)!;
	const write = {
		do: 'write', path, content: 'new\n', mode: 0o600,
	};
	const refused = await here.act({...write, expects: hash('something else')});
	t.like(refused, {outcome: 'refused', err: '/etc/hosts is no longer as it was looked at. Nothing was changed.\n'});
	t.is(here.console.read(path), was);
	const done = await here.act({...write, expects: hash(was)});
	t.deepEqual(done, {
		outcome: 'ran', code: 0, out: '', err: '', kept: [{
			path, sha256: hash(was), mode: 0o644, owner: 'root:root',
		}],
	});
	t.is(await here.ask('stat', '-c', '%a %U:%G', path), '600 root:root\n');
	const back = await here.act({
		do: 'restore', path, expects: hash('new\n'), to: done.kept[0],
	});
	t.is(back.outcome, 'ran');
	t.is(here.console.read(path), was);
	t.is(await here.ask('stat', '-c', '%a', path), '644\n');
	t.regex((await here.act({...write, path: '/nowhere/file', expects: 'absent'})).err, /There is no folder/v);
});

test('what a command touches is kept before it runs', async t => {
	const here = await scene();
	const {kept} = await here.act({do: 'run', argv: ['useradd', '-m', 'ada'], touches: ['/etc/passwd', '/etc/nothing']});
	t.is(kept[0]!.path, '/etc/passwd');
	t.deepEqual(kept[1], {path: '/etc/nothing', sha256: 'absent'});
});

test('an order of the same id is heard again, not carried out again', async t => {
	const here = await scene();
	const order = {id: 'once', do: 'run', argv: ['useradd', 'ada']};
	const first = await here.act(order);
	t.deepEqual(await here.act(order), first);
	t.is(first.code, 0);
	t.is(await here.server.attach('never', () => undefined), undefined);
});

test('one holds the lease; a dead holder\'s lapses after half a minute', async t => {
	const here = await scene();
	const other = await here.open(asRoot);
	t.false(await other.lock('somebody else'));
	t.like((await other.status()).lease, {holder: 'a test', secondsLeft: 30});
	const refused = await other.act({id: 'mine', do: 'run', argv: ['true']}, () => undefined);
	t.like(refused, {outcome: 'refused', err: 'Another run of dropwise holds this server now. Nothing was changed.\n'});
	here.clock.pass(31);
	t.is((await other.status()).lease, undefined);
	t.true(await other.lock('somebody else'));
	t.is((await here.run('true')).outcome, 'refused');
	await other.unlock();
	t.true(await here.server.lock('a test'));
});

test('a new connection of the same run shares its lease and guard', async t => {
	const here = await scene();
	const again = await here.server.connectAgain(asRoot);
	t.is((await again.act({id: 'again', do: 'run', argv: ['true']}, () => undefined)).outcome, 'ran');
});

test('what a command says comes in several pieces', async t => {
	const server = await openPractice({
		directory: temporary(), level: 'debian-13', login: asRoot, pace: 0.02,
	});
	await server.lock('a test');
	const pieces: string[] = [];
	const {out, code} = await server.act({id: 'install', do: 'run', argv: ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-y', 'install', 'ufw']}, ({text}) => {
		pieces.push(text);
	});
	t.is(code, 0);
	t.is(pieces.join(''), out);
	t.true(pieces.length > 5);
	await server.close();
});

test('looking changes nothing', async t => {
	const here = await scene();
	const before = here.console.touch(({droplet}) => JSON.stringify(droplet));
	await here.ask('useradd', 'ada');
	t.is(here.console.touch(({droplet}) => JSON.stringify(droplet)), before);
});
