/** System updates on real droplets: what is newer is installed, what was cut off is ended, and a restart that is due takes place, whoever is killed in the middle of it. */
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {Event} from '../../source/engine/events.js';
import {readServerRecord} from '../../source/record/server-record.js';
import {placeOf} from '../engine/fixtures/droplet-place.js';
import {spawnFixture} from '../engine/fixtures/killed.js';
import {start, type Start, type Went} from '../engine/fixtures/start.js';
import {type Droplet, type Release, up} from '../lab/lab.js';
import {onceBack} from './once-back.js';
import {build, publish} from './own-packages.js';

const only = ['system-updates'];
const bootId = async (droplet: Droplet): Promise<string> => droplet.read('/proc/sys/kernel/random/boot_id');
const did = ({events}: Went): readonly string[] => events.flatMap(event => (event.event === 'action-started' ? [event.action.shows] : []));
const red = ({events}: Went): readonly string[] => events.flatMap(event => (event.event === 'claims' ? event.claims.flatMap(claim => ('holds' in claim && !claim.holds ? [`${claim.id}: ${claim.actual}`] : [])) : []));
const told = (events: readonly Event[]): string => events.flatMap(event => (event.event === 'trouble' ? [event.trouble.what, event.trouble.said ?? ''] : [])).join('\n');

type Lab = {readonly droplet: Droplet; readonly record: string; readonly go: (doing: Start['doing'], more?: Partial<Start>) => Promise<Went>};

/** A droplet with a package of which a newer version asks for a restart. */
const outdated = async (t: ExecutionContext, release: Release): Promise<Lab> => {
	const [droplet, folder] = await Promise.all([up({release}), mkdtemp(path.join(tmpdir(), 'dropwise-updates-'))]);
	t.teardown(async () => {
		await droplet.down();
		await rm(folder, {recursive: true, force: true});
	});
	await droplet.must(['dpkg', '-i', await build(droplet, {name: 'core', version: '1.0'})]);
	await publish(droplet, [{name: 'core', version: '1.1', postinst: 'echo "*** System restart required ***" >/run/reboot-required\necho core >>/run/reboot-required.pkgs'}], 'stable-security');
	const place = await placeOf(droplet);
	const record = path.join(folder, 'record');
	return {droplet, record, go: async (doing, more = {}) => start(place, {
		record, doing, only, ...more,
	})};
};

for (const release of ['trixie', 'bookworm'] as const) {
	test.serial(`${release}: lists that were never read, a newer version, and the restart that it asks for`, async t => {
		t.timeout(300_000);
		const {droplet, go} = await outdated(t, release);
		const fresh = await go('check');
		t.is(fresh.exitCode, 0, 'what apt has not read about is unknown, not false');
		t.deepEqual(fresh.events.flatMap(event => (event.event === 'claims' ? event.claims.flatMap(claim => ('unknown' in claim ? [claim.id] : [])) : [])), ['upgraded']);

		await droplet.must(['apt-get', '-qq', 'update'], {seconds: 120});
		const known = await go('check');
		t.is(known.exitCode, 1);
		t.regex(red(known).join('\n'), /^upgraded: \d+ packages? \(\d+ security updates?\): (?:.*, )?core/m);

		const before = await bootId(droplet);
		const applied = await go('apply');
		t.is(applied.exitCode, 0, told(applied.events));
		t.deepEqual(did(applied), ['apt-get upgrade', 'reboot']);
		t.not(await bootId(droplet), before);
		t.regex((await droplet.must(['dpkg-query', '-W', 'core'])), /\t1\.1$/m);
		t.true(applied.silence < 2100, `silent for ${applied.silence} ms`);

		const again = await go('apply');
		t.deepEqual([again.exitCode, did(again)], [0, []]);
		t.log(`longest silence ${Math.round(applied.silence)} ms`);
	});
}

for (const [when, kill] of [
	['the restart was written down, and not ordered', {like: String.raw`^after journal\.begin reboot`, nth: 1}],
	['the server was restarting', {like: String.raw`^before server\.act reboot`, nth: 1, upTo: String.raw`^before server\.dial`}],
	['it was back, and that was not written down', {like: String.raw`^before journal\.finish reboot`, nth: 1}],
] as const) {
	test.serial(`killed when ${when}`, async t => {
		t.timeout(300_000);
		const {droplet, record, go} = await outdated(t, 'trixie');
		const before = await bootId(droplet);
		const {address, port, rootPassword, keyFile} = droplet;
		const ended = await spawnFixture('droplet-start', {
			droplet: {
				address, port, rootPassword, keyFile,
			}, record, doing: 'apply', only, kill,
		});
		t.is(ended.signal, 'SIGKILL', ended.out + ended.err);
		const next = await onceBack(async () => go('apply'));
		t.is(next.exitCode, 0, told(next.events));
		t.not(await bootId(droplet), before);
		t.deepEqual((await readServerRecord(record)).done.map(({shows, code}) => `${shows} ${code}`), ['apt-get upgrade 0', 'reboot 0']);
		const again = await go('apply');
		t.deepEqual([again.exitCode, did(again)], [0, []]);
	});
}

test.serial('a server that does not come back: it is said what to do, and the next start goes on', async t => {
	t.timeout(300_000);
	const {droplet, record, go} = await outdated(t, 'trixie');
	const before = await bootId(droplet);
	// Somebody took it out of what is started at boot, and it was not to be noticed until now.
	await droplet.must(['systemctl', 'disable', 'ssh']);
	const applied = await go('apply', {restartSeconds: 10});
	t.is(applied.exitCode, 3);
	const troubles = applied.events.flatMap(event => (event.event === 'trouble' ? [event.trouble] : []));
	t.deepEqual(troubles.map(({what}) => what), ['The server was restarted and did not come back within 10 seconds.']);
	t.regex(troubles[0]!.tries.join('\n'), /Wait some minutes and start again[\s\S]*"Console"/);
	await droplet.must(['systemctl', 'enable', '--now', 'ssh']);
	const next = await onceBack(async () => go('apply'));
	t.is(next.exitCode, 0, told(next.events));
	t.not(await bootId(droplet), before);
	t.deepEqual(did(next), [], 'it was restarted, and is not once more');
	t.deepEqual((await readServerRecord(record)).done.map(({shows, code}) => `${shows} ${code}`), ['apt-get upgrade 0', 'reboot 0']);
});
