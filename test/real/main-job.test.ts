/**
The gate: the whole main job with the program as people run it, on one droplet of each release. Nothing in it hangs on who is faster; what does is tried by hand, in the other parts.
*/
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {Event} from '../../source/engine/events.js';
import {sabotagesFor} from '../contract/sabotages.js';
import {adminName} from '../contract/world.js';
import {drains} from '../journeys/drained.js';
import {type Droplet, type Release, up} from '../lab/lab.js';
import {dial} from '../../source/server/dial.js';
import {byKey, byPassword} from './by-ssh.js';
import {listensForAll} from './listeners.js';
import {homeFor} from './program.js';
import {realWorld} from './real-world.js';

/** A port where something listens that nobody should reach. */
const preview = 8080;

/** What somebody does to a finished server: one to sshd, one to the firewall, one to Docker's list. None of them fails a log-in, for which newer servers turn an address away. */
const sabotages = new Set(['passwords are back by a line that is read first', 'the firewall is off', 'the list for containers is gone from the firewall\'s files']);

type Told = {readonly code: number; readonly red: readonly string[]; readonly unknown: readonly string[]; readonly did: readonly string[]; readonly said: string};

const told = (code: number, out: string, err: string): Told => {
	const events = out.split('\n').filter(Boolean).map(line => JSON.parse(line) as Event);
	const claims = new Map(events.flatMap(event => (event.event === 'claims' ? event.claims.map(claim => [`${event.step}/${claim.id}`, claim] as const) : [])));
	return {
		code,
		red: [...claims].flatMap(([id, claim]) => ('holds' in claim && !claim.holds ? [id] : [])).toSorted(),
		unknown: [...claims].flatMap(([id, claim]) => ('unknown' in claim ? [id] : [])),
		did: events.flatMap(event => (event.event === 'action-started' ? [event.action.shows] : [])),
		said: `${events.flatMap(event => (event.event === 'trouble' ? [event.trouble.what] : event.event === 'reverted' ? [`put back ${event.step}: ${event.why}`] : event.event === 'claims' ? event.claims.filter(claim => !('holds' in claim && claim.holds)).map(claim => JSON.stringify(claim)) : [])).join('\n')}\n${err}`,
	};
};

const rehearsal = 'reboot-rehearsal';

/** `stale`: something was done since the restart that was gone through, so that nobody knows any more what outlasts one. */
const green = (t: ExecutionContext, {code, red, unknown, said}: Told, when: string, {stale = false} = {}): void => {
	t.deepEqual({code, red, unknown}, {code: 0, red: [], unknown: stale ? [`${rehearsal}/outlasts`] : []}, `${when}: ${said}`);
};

/** The program on a droplet, spoken to as a person's script would. */
const programOn = async (t: ExecutionContext, droplet: Droplet) => {
	const home = await homeFor(t);
	const [password, answers] = [path.join(home.folder, 'password'), path.join(home.folder, 'answers.json')];
	await writeFile(password, `${droplet.rootPassword}\n`, {mode: 0o600});
	await writeFile(answers, JSON.stringify({'admin-user': {name: adminName, identity: droplet.keyFile}}));
	const {ed25519: hostKey = ''} = await droplet.fingerprints();
	const dropwise = async (...words: readonly string[]): Promise<Told> => {
		const {code, out, err} = await home.dropwise([...words, '--json', '--answers', answers], {before: [`NODE_OPTIONS=${drains.NODE_OPTIONS}`]});
		// It ended because its work did, and not because something cut it off.
		t.regex(err, /^drained$/m, err);
		return told(code, out, err);
	};

	return {
		dropwise,
		asRoot: async (...words: readonly string[]) => dropwise(words[0]!, `root@${droplet.address}`, ...words.slice(1), '--password-file', password, '--host-key', hostKey),
	};
};

const bootId = async (droplet: Droplet): Promise<string> => droplet.read('/proc/sys/kernel/random/boot_id');

const mainJob = async (t: ExecutionContext, release: Release): Promise<void> => {
	const droplet = await up({release});
	t.teardown(async () => droplet.down());
	await listensForAll(droplet, 'preview', preview);
	const {dropwise, asRoot} = await programOn(t, droplet);
	const world = await realWorld(droplet, droplet.address, [preview]);

	// Before: all that is to be shut is open, and check says so.
	t.is(await dial(droplet.address, preview, 4000), 'open');
	t.is((await byPassword(droplet, 'root', droplet.rootPassword)).code, 0);
	const fresh = await asRoot('check');
	t.is(fresh.code, 1, fresh.said);
	t.true(['admin-user/user', 'ssh-keys-only/root-log-in', 'firewall/on', 'docker/runs', 'seen-from-outside/port-8080-v4'].every(id => fresh.red.includes(id)), fresh.said);

	const boot = await bootId(droplet);
	green(t, await asRoot('apply', '--yes'), 'apply');
	t.not(await bootId(droplet), boot, 'a restart was gone through');
	const again = await dropwise('apply', droplet.address, '--yes');
	t.deepEqual(again.did, [], 'a second apply makes no action');
	green(t, again, 'a second apply');

	// After, asked of tools that know nothing of dropwise.
	t.not(await dial(droplet.address, preview, 4000), 'open');
	t.is((await byPassword(droplet, 'root', droplet.rootPassword)).code, 255);
	t.is((await byKey(droplet, adminName, ['sudo', '-n', 'id', '-u'])).out, '0\n');

	const chosen = sabotagesFor(world).filter(one => sabotages.has(one.what));
	t.is(chosen.length, sabotages.size);
	for (const {what, red, mends, does} of chosen) {
		await does(world);
		const bad = await dropwise('check', droplet.address);
		t.deepEqual([bad.code, bad.red], [1, red.toSorted()], `${what}: ${bad.said}`);
		const mended = await dropwise('apply', droplet.address, '--yes');
		t.deepEqual(mended.did, mends, what);
		green(t, mended, what, {stale: true});
	}

	const undone = await dropwise('undo', droplet.address, 'docker-behind-firewall', '--yes');
	t.is(undone.code, 0, undone.said);
	const without = await dropwise('check', droplet.address);
	t.is(without.code, 1);
	t.true(without.red.length > 0 && without.red.every(id => /^(?:docker-behind-firewall|seen-from-outside)\//v.test(id)), without.said);
	green(t, await dropwise('apply', droplet.address, '--yes'), 'apply after the undo', {stale: true});

	const rehearsed = await dropwise('apply', droplet.address, '--yes', '--steps', rehearsal);
	t.deepEqual(rehearsed.did, ['reboot']);
	green(t, rehearsed, 'a restart, gone through again');
	green(t, await dropwise('check', droplet.address, '--strict'), 'after it');
	t.not(await dial(droplet.address, preview, 4000), 'open');
	t.is((await byPassword(droplet, 'root', droplet.rootPassword)).code, 255);
};

for (const release of ['trixie', 'bookworm'] as const) {
	test(`${release}: fresh, applied, broken, mended, undone, done again, rebooted`, async t => {
		t.timeout(900_000);
		await mainJob(t, release);
	});
}
