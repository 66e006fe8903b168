/**
Undo on real droplets: after everything was applied and taken back again, every file is as before.
*/
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {Event} from '../../source/engine/events.js';
import {readServerRecord} from '../../source/record/server-record.js';
import {differences, filesOf, stateOf} from '../engine/fixtures/droplet-state.js';
import {placeOf} from '../engine/fixtures/droplet-place.js';
import {start, type Start, type Went} from '../engine/fixtures/start.js';
import {type Droplet, type Release, up} from '../lab/lab.js';

type Lab = {readonly droplet: Droplet; readonly record: string; readonly go: (options: Omit<Start, 'record'>) => Promise<Went>};

const labOf = async (t: ExecutionContext, release: Release): Promise<Lab> => {
	const [droplet, folder] = await Promise.all([up({release}), mkdtemp(path.join(tmpdir(), 'dropwise-undo-'))]);
	t.teardown(async () => {
		await droplet.down();
		await rm(folder, {recursive: true, force: true});
	});
	const place = await placeOf(droplet);
	const record = path.join(folder, 'record');
	return {droplet, record, go: async options => start(place, {...options, record})};
};

const says = (events: readonly Event[]): string => events.flatMap(event => (event.event === 'trouble' ? [event.trouble.what] : event.event === 'note' ? [event.says] : [])).join('\n');
const red = (events: readonly Event[]): readonly string[] => events.flatMap(event => (event.event === 'claims' ? event.claims.flatMap(claim => ('holds' in claim && !claim.holds ? [`${event.step}/${claim.id}`] : [])) : []));

/** Name and version of each. */
const packagesOn = async (droplet: Droplet): Promise<readonly string[]> => (await droplet.must(['dpkg-query', '-W', '-f', '${Package} ${Version}\\n'])).split('\n').filter(Boolean);

/** Whether a file came with packages: their own files, and what their installation makes. */
const broughtBy = async (droplet: Droplet, packages: readonly string[]): Promise<(name: string) => boolean> => {
	const own = new Set((await droplet.must(['dpkg', '-L', ...packages])).split('\n').map(name => name.slice(1)));
	const made = /^etc\/(?:rc\w\.d\/\w\d\d(?:ufw|docker|apparmor|cgroupfs-mount)|ufw\/.*|default\/ufw|systemd\/system\/sockets\.target\.wants|systemd\/system\/\w[\w\-]*\.target\.wants\/(?:ufw|docker|containerd|apparmor)\.\w+|docker\/key\.json|apparmor\.d\/(?:local|tunables)\/.*|cni.*|sgml.*|group|gshadow|inputrc|python3.*|alternatives\/.*|rsyslog\.d.*)$/v;
	// before /usr was merged, packages said /lib
	return name => own.has(name) || own.has(name.replace(/^usr\//v, '')) || made.test(name);
};

/** But for the one that Docker's package brings. */
const groupsOn = async (droplet: Droplet): Promise<readonly string[]> => (await droplet.must(['getent', 'group'])).split('\n').filter(line => !line.startsWith('docker:'));

for (const release of ['trixie', 'bookworm'] as const) {
	test.serial(`${release}: everything applied, then undone in the reverse order of needs`, async t => {
		t.timeout(600_000);
		const {droplet, record, go} = await labOf(t, release);
		const fresh = await filesOf(droplet);
		const groups = await groupsOn(droplet);
		const packagesBefore = await packagesOn(droplet);
		const before = await go({doing: 'check', asRoot: true});
		t.is(before.exitCode, 1);
		const applied = await go({doing: 'apply'});
		t.is(applied.exitCode, 0, says(applied.events));
		t.is((await go({doing: 'apply'})).events.filter(({event}) => event === 'action-started').length, 0);

		const refused = await go({doing: 'undo', undo: 'admin-user'});
		t.is(refused.exitCode, 1);
		t.regex(says(refused.events), /cannot be undone while "[^"]+"/v);

		const taken: number[] = [];
		for (const undo of ['docker-behind-firewall', 'docker', 'firewall', 'ssh-keys-only']) {
			const went = await go({doing: 'undo', undo});
			t.is(went.exitCode, 0, `${undo}: ${says(went.events)}`);
			taken.push(went.events.filter(({event}) => event === 'action-started').length);
			const again = await go({doing: 'undo', undo});
			t.is(again.exitCode, 1);
			t.regex(says(again.events), /^Nothing that .* changed on this server is on record/v);
		}

		const {users} = await stateOf(droplet);
		const vanishing = await go({doing: 'undo', undo: 'admin-user'});
		t.is(vanishing.exitCode, 1);
		t.regex(says(vanishing.events), /You are logged in as ada/v);
		t.is((await stateOf(droplet)).users, users);
		const last = await go({doing: 'undo', undo: 'admin-user', asRoot: true});
		t.is(last.exitCode, 0, says(last.events));
		// Newer versions stay, and what was rehearsed has been.
		t.deepEqual((await readServerRecord(record)).done.map(({shows}) => shows), ['apt-get upgrade', 'reboot']);

		const after = await filesOf(droplet);
		const remains = differences(after, fresh);
		const packages = (await packagesOn(droplet)).filter(one => !packagesBefore.includes(one)).map(one => one.split(' ')[0]!);
		const isBrought = await broughtBy(droplet, packages);
		const ours = remains.filter(line => !isBrought(line.split(': ')[0]!));
		t.log(`${release}: ${applied.events.filter(({event}) => event === 'action-started').length} actions applied, ${taken.join(' + ')} + ${last.events.filter(({event}) => event === 'action-started').length} taken back; of ${Object.keys(fresh).length} files, folders and links in /etc and /home all are as before; ${remains.length} remain of the ${packages.length} packages ${packages.join(', ')}`);
		t.deepEqual(ours, []);
		t.deepEqual(await groupsOn(droplet), groups);

		const red2 = await go({doing: 'check', asRoot: true});
		t.is(red2.exitCode, 1);
		// ufw and Docker are installed now and were not before: their own settings are as they brought them, and nobody asks the list that is empty again.
		const brought = new Set(['docker/runs', 'docker/boot', 'docker-behind-firewall/asked-v4', 'containers-reach-out/forwards']);
		t.deepEqual(red(red2.events).toSorted(), [...red(before.events).filter(id => !brought.has(id)), 'containers-reach-out/straight', 'seen-from-outside/one-list'].toSorted());
		const applied2 = await go({doing: 'apply'});
		t.is(applied2.exitCode, 0, says(applied2.events));
		t.is((await go({doing: 'check'})).exitCode, 0);
	});
}

test.serial('a file that somebody changed since stays, and is named', async t => {
	t.timeout(300_000);
	const {droplet, go} = await labOf(t, 'trixie');
	t.is((await go({doing: 'apply'})).exitCode, 0);
	const file = '/etc/ssh/sshd_config.d/00-dropwise.conf';
	await droplet.must(['sh', '-c', `echo '# mine' >> ${file}`]);
	const theirs = await droplet.read(file);
	const went = await go({doing: 'undo', undo: 'ssh-keys-only'});
	t.is(went.exitCode, 0, says(went.events));
	t.regex(says(went.events), /00-dropwise\.conf was changed since: what others did there stays\./v);
	t.is(await droplet.read(file), theirs);
});

test.serial('an undo that would lock out is put back', async t => {
	t.timeout(300_000);
	const {droplet, record, go} = await labOf(t, 'trixie');
	t.is((await go({doing: 'apply', only: ['admin-user', 'ssh-keys-only']})).exitCode, 0);
	// without our file, which is read first, this one shuts the door for keys
	await droplet.write('/etc/ssh/sshd_config.d/60-no-keys.conf', 'PubkeyAuthentication no\n');
	await droplet.must(['systemctl', 'reload', 'ssh']);
	const before = await stateOf(droplet);
	const done = (await readServerRecord(record)).done.length;
	const went = await go({doing: 'undo', undo: 'ssh-keys-only'});
	t.is(went.exitCode, 1);
	t.true(went.events.some(({event}) => event === 'reverted'));
	t.log(says(went.events));
	t.deepEqual(differences(await stateOf(droplet), before), []);
	t.is((await readServerRecord(record)).done.length, done);
	// and one still gets in
	t.not((await go({doing: 'check'})).exitCode, 3);
});
