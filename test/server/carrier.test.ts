import {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import {
	chmodSync, existsSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {readStanding} from '../../source/server/answers.js';
import type {Carrier} from '../../source/server/carrier.js';
import {ConnectionLost} from '../../source/server/errors.js';
import {
	actRequest, followRequest, lockRequest, renewRequest, simpleRequest,
} from '../../source/server/requests.js';
import {hide} from '../../source/server/secret.js';
import type {Order, Outcome, Output} from '../../source/server/server.js';
import {makePlace, shells, startCarrier, type Local, type Place} from './local-carrier.js';

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const nothing = (): void => undefined;
const own = `${process.getuid?.()}:${process.getgid?.()}`;

type Stage = Local & {place: Place; file: (name: string, content?: string, mode?: number) => string; act: (order: Order, hear?: (output: Output) => void, token?: string) => Promise<Outcome>};

const stage = async (t: ExecutionContext, shell: typeof shells[number], {locked = true} = {}): Promise<Stage> => {
	const place = makePlace(shell);
	const local = startCarrier(place);
	t.teardown(async () => {
		local.cut();
		await local.ended;
		place.remove();
	});
	if (locked) {
		await local.carrier.ask(lockRequest('me', 'ada@laptop'));
	}

	return {
		...local,
		place,
		file(name, content, mode = 0o644) {
			const file = path.join(place.root, 'files', name);
			if (content !== undefined) {
				writeFileSync(file, content);
				chmodSync(file, mode);
			}

			return file;
		},
		act: async (order, hear = nothing, token = 'me') => (await local.carrier.hearOrder(actRequest(order, token, undefined), hear))!,
	};
};

const standing = async (carrier: Carrier) => readStanding((await carrier.ask(simpleRequest('standing'))).bytes.toString());

// every character but the zero byte, and what shells trip over
const nasty = [
	Buffer.from(Array.from({length: 127}, (_, index) => index + 1)).toString('latin1'), 'häl 😀\u{85}\u{81}', '', '\n', 'a\n\n', '$(id) `id` \\0101 \\n %s', '-n', '-e', '.', '..', '\'"', ' lead and trail ', '*', '~', '\u{FEFF}x',
];

for (const shell of shells) {
	test.serial(`${shell}: words and input arrive byte for byte`, async t => {
		const {carrier, act} = await stage(t, shell);
		const readings = await carrier.look([
			...nasty.map(word => ({argv: ['printf', '%s', word] as const})),
			{argv: ['printf', '[%s]', ...nasty] as const},
			...nasty.map(stdin => ({argv: ['cat'] as const, stdin})),
		]);
		t.deepEqual(readings.map(({out}) => out), [...nasty, nasty.map(word => `[${word}]`).join(''), ...nasty]);
		t.true(readings.every(({outcome, code, err}) => outcome === 'ran' && code === 0 && err === ''));
		const outcome = await act({
			id: 'o-1', do: 'run', argv: ['printf', '[%s]', ...nasty], stdin: 'x',
		});
		t.is(outcome.out, nasty.map(word => `[${word}]`).join(''));
	});

	test.serial(`${shell}: a look leaves nothing behind`, async t => {
		const {carrier, place, cut, ended} = await stage(t, shell, {locked: false});
		await carrier.look([{argv: ['true']}, {file: '/etc/passwd'}]);
		await standing(carrier);
		cut();
		await ended;
		t.deepEqual(readdirSync(path.join(place.root, 'run')), []);
		t.deepEqual(readdirSync(path.join(place.root, 'var/lib')), []);
	});

	test.serial(`${shell}: outcomes are told apart, and no answer meets another`, async t => {
		const {carrier} = await stage(t, shell, {locked: false});
		const readings = await carrier.look([
			{argv: ['nope-no-such']},
			{argv: ['cd', '/']},
			{argv: ['if']},
			{argv: ['sh', '-c', 'exit 127']},
			{argv: ['sh', '-c', 'exit 124']},
			{argv: ['sh', '-c', 'exit 137']},
			{argv: ['sh', '-c', 'echo out; echo err >&2; exit 3']},
			{argv: ['sh', '-c', 'echo begun; sleep 20'], seconds: 0.3},
			{argv: ['sh', '-c', 'trap "" TERM; sleep 20; sleep 20'], seconds: 0.3},
			{argv: ['/nope/absolute']},
			{argv: ['cat']},
		]);
		t.deepEqual(readings.map(({outcome, code, out, err}) => [outcome, code, out, err]), [
			['no-such-command', 127, '', ''],
			['no-such-command', 127, '', ''],
			['no-such-command', 127, '', ''],
			['ran', 127, '', ''],
			['ran', 124, '', ''],
			['ran', 137, '', ''],
			['ran', 3, 'out\n', 'err\n'],
			['timed-out', 124, '', ''],
			['timed-out', 137, '', ''],
			['no-such-command', 127, '', ''],
			['ran', 0, '', ''],
		]);
	});

	test.serial(`${shell}: thirty questions take as long as the slowest`, async t => {
		const {carrier} = await stage(t, shell, {locked: false});
		const began = Date.now();
		const readings = await carrier.look(Array.from({length: 30}, (_, index) => ({argv: ['sh', '-c', `sleep 0.5; echo ${index}`] as const})));
		t.deepEqual(readings.map(({out}) => out), Array.from({length: 30}, (_, index) => `${index}\n`));
		t.log(`${Date.now() - began} ms`);
	});

	test.serial(`${shell}: files are read with mode, owner and hash; what is no file is said to be none`, async t => {
		const {carrier, file, place} = await stage(t, shell, {locked: false});
		const big = 'x\n'.repeat(600_000);
		symlinkSync(file('big', big, 0o640), path.join(place.root, 'files/link'));
		symlinkSync('/nowhere/at/all', path.join(place.root, 'files/dangling'));
		const readings = await carrier.look([{file: file('big')}, {file: file('link')}, {file: file('empty', '')}, {file: file('no end', 'a')}, {file: file('none')}, {file: path.join(place.root, 'files')}, {file: file('dangling')}, {file: '/dev/zero'}]);
		const [one, two, three, four, ...others] = readings.map(({out}) => out);
		t.regex(one!, new RegExp(`^640 \\S+:\\S+ ${sha(big)}\\n(?:x\\n)+$`, 'v'));
		t.is(two, one);
		t.regex(three!, new RegExp(`^644 \\S+ ${sha('')}\\n$`, 'v'));
		t.regex(four!, new RegExp(`^644 \\S+ ${sha('a')}\\na$`, 'v'));
		t.deepEqual(others, ['', '', '', '']);
		t.deepEqual(readings.map(({code}) => code), [0, 0, 0, 0, 1, 2, 1, 2]);
	});

	test.serial(`${shell}: an order streams, keeps its exit code, and never runs twice`, async t => {
		const {act, carrier, file} = await stage(t, shell);
		const heard: string[] = [];
		const order: Order = {
			id: 'o-1', do: 'run', argv: ['sh', '-c', 'echo ä >>"$0"; printf "\\303"; sleep 0.4; printf "\\244\\n"; echo bad >&2; cat; exit 7', file('ran')], stdin: hide('geheim'),
		};
		const first = await act(order, ({stream, text}) => {
			heard.push(`${stream} ${text}`);
		});
		t.like(first, {
			outcome: 'ran', code: 7, out: 'ä\ngeheim', err: 'bad\n', kept: [],
		});
		t.is(heard.filter(said => said.startsWith('out')).map(said => said.slice(4)).join(''), 'ä\ngeheim');
		t.deepEqual(await act(order), first);
		t.deepEqual(await carrier.hearOrder(followRequest('o-1'), nothing), first);
		t.is(readFileSync(file('ran'), 'utf8'), 'ä\n');
		t.is(await carrier.hearOrder(followRequest('unknown'), nothing), undefined);
	});

	test.serial(`${shell}: no secret stays`, async t => {
		const {act, place, cut, ended} = await stage(t, shell);
		await act({
			id: 'o-1', do: 'run', argv: ['true'], stdin: hide('pa55word-of-ada'),
		});
		cut();
		await ended;
		for (const entry of readdirSync(place.root, {recursive: true, withFileTypes: true})) {
			if (entry.isFile() && !entry.parentPath.includes('/proc')) {
				t.false(readFileSync(path.join(entry.parentPath, entry.name), 'utf8').includes('pa55word'), entry.name);
			}
		}
	});

	test.serial(`${shell}: an order goes on when the connection ends, and is heard from its first output`, async t => {
		const {carrier, place, file, cut, ended} = await stage(t, shell);
		const lost = carrier.hearOrder(actRequest({
			id: 'o-1', do: 'run', argv: ['sh', '-c', 'echo one; echo >"$0.begun"; while [ ! -e "$0" ]; do sleep 0.05; done; echo two', file('go')],
		}, 'me', undefined), nothing);
		while (!existsSync(file('go.begun'))) {
			await delay(50); // eslint-disable-line no-await-in-loop
		}

		cut();
		await t.throwsAsync(lost, {instanceOf: ConnectionLost});
		await ended;
		const again = startCarrier(place);
		t.deepEqual((await standing(again.carrier)).running, ['o-1']);
		file('go', '');
		const outcome = await again.carrier.hearOrder(followRequest('o-1'), nothing);
		t.like(outcome, {outcome: 'ran', code: 0, out: 'one\ntwo\n'});
		t.deepEqual((await standing(again.carrier)).running, []);
		again.cut();
		await again.ended;
	});

	test.serial(`${shell}: what a restart of the server ended is told so, and does not run again`, async t => {
		const {act, carrier, place, file} = await stage(t, shell);
		await act({
			id: 'o-1', do: 'run', argv: ['sh', '-c', 'echo ran >>"$0"', file('ran')],
		});
		const half: Order = {
			id: 'o-2', do: 'run', argv: ['sh', '-c', 'kill -9 $PPID; sleep 0.2'],
		};
		t.like(await act(half), {outcome: 'ran', code: 255, err: 'The command was killed before it could say how it ended.\n'});
		writeFileSync(path.join(place.root, 'var/lib/dropwise/orders/o-3'), 'boot-0\nkept absent - - - /etc/x\n');
		t.deepEqual(await carrier.hearOrder(followRequest('o-3'), nothing), {
			outcome: 'ran', code: 255, out: '', err: 'The server restarted, or lost power, while this was under way.\n', kept: [{path: '/etc/x', sha256: 'absent'}],
		});
		t.like(await act({...half, id: 'o-3'}), {code: 255});
		t.is(readFileSync(file('ran'), 'utf8'), 'ran\n');
	});

	test.serial(`${shell}: a file is written whole, keeps owner and mode, follows a link, and what was there is kept`, async t => {
		const {act, file, place} = await stage(t, shell);
		const target = file('a', 'old', 0o640);
		symlinkSync(target, file('link'));
		const content = `${nasty.join('')}\u{0}${'ü'.repeat(400_000)}`;
		const outcome = await act({
			id: 'w-1', do: 'write', path: file('link'), expects: sha('old'), content, mode: 0o600,
		});
		t.like(outcome, {outcome: 'ran', code: 0, err: ''});
		t.like(outcome.kept[0], {path: file('link'), sha256: sha('old'), mode: 0o640});
		t.is(readFileSync(target, 'utf8'), content);
		t.is(statSync(target).mode & 0o777, 0o600); // eslint-disable-line no-bitwise
		t.true(lstatSync(file('link')).isSymbolicLink());
		t.is(readFileSync(path.join(place.root, 'var/lib/dropwise/kept', sha('old')), 'utf8'), 'old');

		t.like(await act({
			id: 'w-2', do: 'restore', path: target, expects: sha(content), to: outcome.kept[0]!,
		}), {outcome: 'ran', code: 0});
		t.is(readFileSync(target, 'utf8'), 'old');
		t.is(statSync(target).mode & 0o777, 0o640); // eslint-disable-line no-bitwise
		t.like(await act({
			id: 'w-3', do: 'restore', path: target, expects: sha('old'), to: {path: target, sha256: 'absent'},
		}), {outcome: 'ran', code: 0});
		t.false(existsSync(target));
	});

	test.serial(`${shell}: a file that changed, or a folder that is not there, refuses the order`, async t => {
		const {act, file, place} = await stage(t, shell);
		const write = {do: 'write', content: 'new', mode: 0o644, owner: own} as const;
		const target = file('a', 'theirs');
		for (const [id, order, says] of [
			['w-1', {...write, path: target, expects: sha('ours')}, /no longer as it was/v],
			['w-2', {...write, path: target, expects: 'absent'}, /no longer as it was/v],
			['w-3', {...write, path: file('none'), expects: sha('ours')}, /no longer as it was/v],
			['w-4', {...write, path: `${place.root}/nope/deep/a`, expects: 'absent'}, /no folder/v],
			['w-5', {...write, path: `${place.root}/files`, expects: 'absent'}, /is a directory/v],
		] as const) {
			const outcome = await act({id, ...order}); // eslint-disable-line no-await-in-loop
			t.like(outcome, {outcome: 'refused', kept: []}, id);
			t.regex(outcome.err, says, id);
		}

		t.deepEqual(readdirSync(path.join(place.root, 'files')), ['a']);
		t.is(readFileSync(target, 'utf8'), 'theirs');
		t.like(await act({...write, id: 'w-6', path: file('none'), expects: 'absent'}), {outcome: 'ran', code: 0});
	});

	test.serial(`${shell}: what a command edits itself is kept before it runs`, async t => {
		const {act, file} = await stage(t, shell);
		const outcome = await act({
			id: 'o-1', do: 'run', argv: ['sh', '-c', 'echo more >>"$0"', file('a', 'old')], touches: [file('a'), file('none')],
		});
		t.like(outcome.kept[0], {path: file('a'), sha256: sha('old')});
		t.deepEqual(outcome.kept[1], {path: file('none'), sha256: 'absent'});
	});

	test.serial(`${shell}: of two carriers one has the lease, until it lapses`, async t => {
		const {act, carrier, place, file} = await stage(t, shell, {locked: false});
		const other = startCarrier(place);
		t.teardown(async () => {
			other.cut();
			await other.ended;
		});
		const answers = await Promise.all([carrier.ask(lockRequest('me', 'ada@laptop since 10:31')), other.carrier.ask(lockRequest('you', 'bob'))]);
		t.deepEqual(answers.map(({name}) => name).sort(), ['no', 'yes']);
		const holds = answers[0].name === 'yes' ? 'me' : 'you';
		const lacks = holds === 'me' ? 'you' : 'me';
		const order: Order = {
			id: 'o-1', do: 'run', argv: ['touch', file('ran')],
		};
		const refused = await act(order, nothing, lacks);
		t.like(refused, {outcome: 'refused', kept: []});
		t.false(existsSync(file('ran')));
		t.like(await act(order, nothing, holds), {outcome: 'ran', code: 0});
		carrier.tell(renewRequest(holds));
		await standing(carrier);
		t.is((await standing(other.carrier)).lease?.holder, holds === 'me' ? 'ada@laptop since 10:31' : 'bob');
		// thirty seconds later, by the server's clock
		const lease = path.join(place.root, 'run/dropwise/lease');
		const [token, , holder] = readFileSync(lease, 'utf8').split('\n');
		writeFileSync(lease, `${token}\n1\n${holder}\n`);
		t.is((await standing(other.carrier)).lease, undefined);
		t.is((await other.carrier.ask(lockRequest(lacks, 'next'))).name, 'yes');
		t.like(await act({...order, id: 'o-2'}, nothing, holds), {outcome: 'refused'});
	});

	test.serial(`${shell}: a request that is cut off does nothing`, async t => {
		const {carrier, place, file, cut, ended} = await stage(t, shell);
		const request = actRequest({
			id: 'w-1', do: 'write', path: file('a'), expects: 'absent', content: 'new', mode: 0o644,
		}, 'me', undefined);
		carrier.tell(request.slice(0, -4));
		cut();
		await ended;
		t.deepEqual(readdirSync(path.join(place.root, 'files')), []);
	});

	test.serial(`${shell}: the server is given its id once`, async t => {
		const {carrier, place} = await stage(t, shell);
		const {bytes} = await carrier.ask(simpleRequest('introduce'));
		t.is(bytes.toString(), '4f3c1f0e-0000-4000-8000-000000000001');
		writeFileSync(path.join(place.root, 'proc/sys/kernel/random/uuid'), 'another\n');
		t.is((await carrier.ask(simpleRequest('introduce'))).bytes.toString(), bytes.toString());
		t.is((await standing(carrier)).id, bytes.toString());
	});
}
