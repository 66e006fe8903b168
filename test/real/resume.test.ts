/**
On real droplets: the program killed for good, or its connection cut, in the middle of things; the next start goes on.
*/
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import type {Event} from '../../source/engine/events.js';
import {readServerRecord} from '../../source/record/server-record.js';
import {placeOf} from '../engine/fixtures/droplet-place.js';
import {differences, stateOf, type State} from '../engine/fixtures/droplet-state.js';
import {spawnFixture} from '../engine/fixtures/killed.js';
import type {Kill} from '../engine/fixtures/moments.js';
import {start, type Start, type Went} from '../engine/fixtures/start.js';
import {delayingProxy, type Droplet, up} from '../lab/lab.js';

type Lab = {readonly droplet: Droplet; readonly connection: object; readonly record: string; readonly go: (options: Omit<Start, 'record'>, listener?: (event: Event) => void) => Promise<Went>};

const labOf = async (t: ExecutionContext): Promise<Lab> => {
	const [droplet, folder] = await Promise.all([up({release: 'trixie'}), mkdtemp(path.join(tmpdir(), 'dropwise-resume-'))]);
	t.teardown(async () => {
		await droplet.down();
		await rm(folder, {recursive: true, force: true});
	});
	const place = await placeOf(droplet);
	const record = path.join(folder, 'record');
	const {address, port, rootPassword, keyFile} = droplet;
	return {
		droplet, connection: {
			address, port, rootPassword, keyFile,
		}, record, go: async (options, listener) => start(place, {...options, record}, listener),
	};
};

const says = (events: readonly Event[]): string => events.flatMap(event => (event.event === 'trouble' ? [event.trouble.what] : event.event === 'note' ? [event.says] : event.event === 'reverted' ? [`reverted ${event.step}: ${event.why}`] : [])).join('\n');
const verdictsIn = (events: readonly Event[]): State => Object.fromEntries(events.flatMap(event => (event.event === 'claims' ? event.claims.map(claim => [`${event.step}/${claim.id}`, 'holds' in claim ? `${claim.holds} ${claim.actual}` : claim.unknown] as const) : [])));
const doneIn = async (record: string): Promise<readonly string[]> => (await readServerRecord(record)).done.map(({step, shows, code}) => `${step}: ${shows} (${code})`);

/** What differs from droplet to droplet: passwords' salts, its names, its keys. */
const own = /^etc\/(?:shadow|machine-id|hostname|hosts|ssh\/ssh_host_.*|\.updated|default\/keyboard|network\/.*|systemd\/network.*)$|^home\/ada\/\.ssh\/authorized_keys$/v;
/** A key's and a droplet's own parts of a verdict. */
const plain = (verdicts: State): State => Object.fromEntries(Object.entries(verdicts).map(([id, said]) => [id, said.replaceAll(/SHA256:\S+/gv, 'KEY')]));

type Whole = {readonly state: State; readonly verdicts: State; readonly done: readonly string[]};
let whole: Promise<Whole> | undefined;

const undisturbed = async (t: ExecutionContext): Promise<Whole> => {
	const {droplet, record, go} = await labOf(t);
	const went = await go({doing: 'apply'});
	t.is(went.exitCode, 0, says(went.events));
	const checked = await go({doing: 'check'});
	t.is(checked.exitCode, 0);
	return {state: await stateOf(droplet), verdicts: plain(verdictsIn(checked.events)), done: await doneIn(record)};
};

const kills: ReadonlyArray<{readonly when: string; readonly kill: Kill; readonly resumes: boolean; readonly reverts: boolean}> = [
	{
		when: 'an action was written down, and not sent', kill: {like: String.raw`^after journal\.begin useradd`, nth: 1}, resumes: false, reverts: false,
	},
	{
		when: 'an action was done, and that was not written down', kill: {like: String.raw`^after server\.act useradd`, nth: 1}, resumes: true, reverts: false,
	},
	{
		when: 'a line of the record was half written', kill: {like: String.raw`^after journal\.finish useradd`, nth: 1, torn: true}, resumes: true, reverts: false,
	},
	{
		when: 'the package lists were being read', kill: {like: String.raw`^heard output \S+-lists`, nth: 1}, resumes: true, reverts: false,
	},
	{
		when: 'packages were being installed', kill: {like: String.raw`^heard output \S+-firewall-\d+$`, nth: 4}, resumes: true, reverts: false,
	},
	{
		when: 'packages were installed, and that was not written down', kill: {like: String.raw`^before journal\.finish apt-get install`, nth: 1}, resumes: true, reverts: false,
	},
	{
		when: 'the guard was written down, and not armed', kill: {like: String.raw`^after journal\.armed`, nth: 1}, resumes: false, reverts: false,
	},
	{
		when: 'the guard was armed', kill: {like: String.raw`^after server\.arm`, nth: 1}, resumes: false, reverts: true,
	},
	{
		when: 'sshd had read its new settings', kill: {like: String.raw`^after server\.act systemctl reload`, nth: 1}, resumes: true, reverts: true,
	},
	{
		when: 'the firewall had just been switched on', kill: {like: String.raw`^after server\.act ufw --force enable`, nth: 1}, resumes: true, reverts: true,
	},
	{
		when: 'the witness looked', kill: {like: String.raw`^heard action-finished \S+-firewall-\d+$`, nth: 5, upTo: String.raw`^before server\.dial`}, resumes: false, reverts: true,
	},
	{
		when: 'the guard was confirmed, and that was not written down', kill: {like: String.raw`^after server\.confirm`, nth: 1}, resumes: false, reverts: false,
	},
];

for (const {when, kill, resumes, reverts} of kills) {
	test.serial(`killed when ${when}`, async t => {
		t.timeout(300_000);
		whole ??= undisturbed(t);
		const should = await whole;
		const {droplet, connection, record, go} = await labOf(t);
		const ended = await spawnFixture('droplet-start', {
			droplet: connection, record, doing: 'apply', kill,
		});
		t.is(ended.signal, 'SIGKILL', ended.out + ended.err);
		const died = performance.now();
		let waited = 0;
		const next = await go({doing: 'apply'}, event => {
			if (event.event === 'waiting' && event.for.includes('holds this server')) {
				waited = (performance.now() - died) / 1000;
			}
		});
		t.is(next.exitCode, 0, says(next.events));
		const resumed = next.events.find(event => event.event === 'resumed');
		t.is(resumed !== undefined, resumes, says(next.events));
		if (resumed) {
			t.is(resumed.code, 0);
			// what was heard of it before is the beginning of what is told now
			const heard = ended.out.split('\n').filter(Boolean).map(line => JSON.parse(line) as Event).flatMap(event => (event.event === 'output' && event.part === resumed.id && event.stream === 'out' ? [event.text] : [])).join('');
			t.true(resumed.out.startsWith(heard));
		}

		t.is(next.events.some(({event}) => event === 'reverted'), reverts, says(next.events));
		t.deepEqual(await doneIn(record), should.done);
		t.deepEqual(differences(await stateOf(droplet), should.state, own), []);
		const checked = await go({doing: 'check'});
		t.is(checked.exitCode, 0);
		t.deepEqual(plain(verdictsIn(checked.events)), should.verdicts);
		t.true(waited < 33, `waited ${waited} s`);
		t.true(next.silence < 2100, `silent for ${next.silence} ms`);
		t.log(`lease waited for: ${waited.toFixed(1)} s; longest silence ${Math.round(next.silence)} ms; ${resumed ? `heard to its end: ${resumed.shows}, ${resumed.out.length} characters` : 'nothing was under way'}`);
	});
}

for (const how of ['unplugged', 'reset'] as const) {
	test.serial(`the connection ${how} in the middle of a long action`, async t => {
		t.timeout(300_000);
		const {droplet, connection, record, go} = await labOf(t);
		const proxy = await delayingProxy({to: {host: droplet.address, port: droplet.port}, milliseconds: 0});
		t.teardown(async () => proxy.close().catch(() => undefined));
		const file = fileURLToPath(new URL('../engine/fixtures/droplet-start.js', import.meta.url));
		const place = how === 'unplugged' ? connection : {...connection, address: proxy.host, port: proxy.port};
		const child = spawn(process.execPath, [file, JSON.stringify({
			droplet: place, record, doing: 'apply', only: ['admin-user', 'firewall'],
		})], {stdio: ['ignore', 'pipe', 'inherit']});
		let out = '';
		let cut: number | undefined;
		child.stdout.setEncoding('utf8').on('data', (text: string) => {
			out += text;
			if (!(cut === undefined && /"event":"output".*Unpacking/v.test(out))) {
				return;
			}

			cut = performance.now();
			void (how === 'unplugged' ? droplet.unplug() : proxy.close());
		});
		const [code] = await once(child, 'close') as [number];
		const noticed = performance.now() - cut!;
		t.is(code, 3);
		const events = out.split('\n').filter(Boolean).map(line => JSON.parse(line) as Event & {silence?: number});
		const trouble = events.filter(event => event.event === 'trouble');
		t.deepEqual(trouble.map(event => event.trouble.what), ['The connection to the server was lost.']);
		const silence = events.find(event => event.silence !== undefined)!.silence!;
		t.true(silence < 2100, `${silence}`);
		// by itself
		const [begun] = (await readServerRecord(record)).begun;
		t.is(begun?.shows, 'apt-get install ufw');
		for (let tries = 0; (await droplet.exec(['test', '-f', `/run/dropwise/orders/${begun!.id}/code`])).code !== 0 && tries < 60; tries++) {
			await delay(1000);
		}

		t.regex(await droplet.must(['dpkg', '-s', 'ufw']), /Status: install ok installed/v);
		const said = await droplet.read(`/run/dropwise/orders/${begun!.id}/out`);
		if (how === 'unplugged') {
			await droplet.plug();
		}

		const next = await go({doing: 'apply', only: ['admin-user', 'firewall']});
		t.is(next.exitCode, 0, says(next.events));
		const resumed = next.events.find(event => event.event === 'resumed')!;
		t.is(resumed.shows, 'apt-get install ufw');
		t.is(resumed.code, 0);
		t.is(resumed.out, said);
		t.false(next.events.some(event => event.event === 'action-started' && event.action.shows.startsWith('apt-get')));
		t.true(next.silence < 2100, `${next.silence}`);
		t.log(`noticed after ${(noticed / 1000).toFixed(1)} s; its ${resumed.out.length} characters were all heard`);
	});
}
