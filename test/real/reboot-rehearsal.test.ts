/** A rehearsed restart of real droplets: what comes back, what does not, and what becomes of it where the program or the server does not see its end. */
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {explain, unrehearsed, type Options, type Told} from '../contract/scenario.js';
import {placeOf} from '../engine/fixtures/droplet-place.js';
import {spawnFixture} from '../engine/fixtures/killed.js';
import {start, type Start, type Went} from '../engine/fixtures/start.js';
import {type Droplet, up} from '../lab/lab.js';
import {dial} from '../../source/server/dial.js';
import {runWeb} from './containers.js';
import {onceBack} from './once-back.js';
import {withDocker} from './with-docker.js';

const step = 'reboot-rehearsal';
const id = `${step}/outlasts`;
const bootId = async (droplet: Droplet): Promise<string> => droplet.read('/proc/sys/kernel/random/boot_id');
const unknownIn = ({verdicts}: Told): string => {
	const claim = verdicts.get(id);
	return claim && 'unknown' in claim ? claim.unknown : JSON.stringify(claim);
};

for (const release of ['trixie', 'bookworm'] as const) {
	test(`${release}: containers that come back, and one that does not`, async t => {
		t.timeout(600_000);
		const {droplet, run: runSteps} = await withDocker(t, release);
		const only = [...await unrehearsed(), step];
		const run = async (doing: 'apply', options: Options = {}): Promise<Told> => runSteps(doing, {only, ...options});
		await runWeb(droplet, 'site', '--publish', '80:80');
		await runWeb(droplet, 'try', '--publish', '8081:80', '--restart', 'no');
		const boot = await bootId(droplet);
		// Somebody would miss it: that is not done where nobody is asked.
		const unasked = await run('apply');
		t.deepEqual([unasked.exitCode, unasked.red, unasked.unknown], [0, [], [id]], explain(unasked));
		t.is(await bootId(droplet), boot);
		t.true(unasked.events.some(event => event.event === 'note' && event.says.startsWith('This is not gone through unasked.')));

		const asked = await run('apply', {repeats: true, startSeconds: 40});
		t.deepEqual([asked.exitCode, asked.did, asked.red, asked.unknown], [0, ['reboot'], [], [id]], explain(asked));
		t.not(await bootId(droplet), boot);
		t.regex(unknownIn(asked), /^\d of them could not be seen again \(not there any more\): "Docker goes through the firewall": port 8081, which try publishes, is closed from where you sit, over IPv4 and 1 more; "Seen from outside": /);
		t.is(await dial(droplet.address, 80, 4000), 'open');

		const again = await run('apply', {repeats: true});
		t.deepEqual([again.exitCode, again.did, again.unknown], [0, ['reboot'], []], explain(again));
		t.is(await dial(droplet.address, 80, 4000), 'open');
		t.deepEqual((await run('apply', {repeats: true})).did, []);
	});
}

type Lab = {readonly droplet: Droplet; readonly record: string; readonly go: (doing: Start['doing'], more?: Partial<Start>) => Promise<Went>};

const lab = async (t: ExecutionContext): Promise<Lab> => {
	const [droplet, folder] = await Promise.all([up({release: 'trixie'}), mkdtemp(path.join(tmpdir(), 'dropwise-rehearsal-'))]);
	t.teardown(async () => {
		await droplet.down();
		await rm(folder, {recursive: true, force: true});
	});
	const place = await placeOf(droplet);
	const record = path.join(folder, 'record');
	const go: Lab['go'] = async (doing, more = {}) => start(place, {record, doing, ...more});
	const first = await go('apply', {only: ['admin-user', 'ssh-keys-only', 'firewall']});
	t.is(first.exitCode, 0);
	return {droplet, record, go};
};

const did = ({events}: Went): readonly string[] => events.flatMap(event => event.event === 'action-started' ? [event.action.shows] : []);
const claimIn = ({events}: Went) => events.flatMap(event => event.event === 'claims' && event.step === step ? event.claims : []).at(-1);
const holds = (t: ExecutionContext, went: Went): void => {
	const claim = claimIn(went);
	t.true(claim && 'holds' in claim && claim.holds, JSON.stringify(claim));
};

test('killed while the server restarts: the next start looks at what outlasted it', async t => {
	t.timeout(300_000);
	const {droplet, record, go} = await lab(t);
	const before = await bootId(droplet);
	const {address, port, rootPassword, keyFile} = droplet;
	const ended = await spawnFixture('droplet-start', {
		droplet: {
			address, port, rootPassword, keyFile,
		}, record, doing: 'apply', only: [step], kill: {like: String.raw`^before server\.act reboot`, nth: 1, upTo: String.raw`^before server\.dial`},
	});
	t.is(ended.signal, 'SIGKILL', ended.out + ended.err);
	const next = await onceBack(async () => go('apply', {only: [step]}));
	t.is(next.exitCode, 0);
	t.not(await bootId(droplet), before);
	t.deepEqual(did(next), [], 'it was restarted, and is not once more');
	holds(t, next);
});

test('a server that does not come back: it is said what to do, and afterwards what outlasted it', async t => {
	t.timeout(300_000);
	const {droplet, go} = await lab(t);
	const before = await bootId(droplet);
	// Somebody took it out of what is started at boot, and it was not to be noticed until now.
	await droplet.must(['systemctl', 'disable', 'ssh']);
	const away = await go('apply', {only: [step], restartSeconds: 15});
	t.is(away.exitCode, 3);
	const troubles = away.events.flatMap(event => (event.event === 'trouble' ? [event.trouble] : []));
	t.deepEqual(troubles.map(({what}) => what), ['The server was restarted and did not come back within 15 seconds.']);
	t.regex(troubles[0]!.tries.join('\n'), /Wait some minutes and start again[\s\S]*"Console"/);
	await droplet.must(['systemctl', 'enable', '--now', 'ssh']);
	const next = await onceBack(async () => go('apply', {only: [step]}));
	t.not(await bootId(droplet), before);
	t.deepEqual([next.exitCode, did(next)], [0, []]);
	holds(t, next);
});
