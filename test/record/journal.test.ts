import {
	appendFile, mkdtemp, readFile, stat, writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {NewerRecord, parseLines} from '../../source/record/append-only.js';
import type {Begun, Done} from '../../source/record/journal.js';
import {unsavedRecord, openServerRecord, readServerRecord} from '../../source/record/server-record.js';
import {Redactor} from '../../source/record/redact.js';

const folder = async (): Promise<string> => path.join(await mkdtemp(path.join(tmpdir(), 'dropwise-record-')), 'servers', 'a1');
const open = async (at: string) => openServerRecord(at, new Redactor());
const begun = (id: string, guard?: string): Begun => ({
	id, step: 'firewall', do: 'run', shows: 'ufw enable', argv: ['ufw', 'enable'], undo: [['ufw', 'disable']], files: [], ...(guard !== undefined && {guard}),
});
const done = (id: string, guard?: string): Done => ({
	...begun(id, guard), code: 0, kept: [], left: {},
});

test('what was done is there again after a restart, oldest first', async t => {
	const at = await folder();
	const first = await open(at);
	await first.begin(begun('a'));
	await first.finish(done('a'));
	await first.begin(begun('b'));
	await first.finish(done('b'));
	const second = await open(at);
	t.deepEqual(second.done(), [done('a'), done('b')]);
	t.is(second.begun(), undefined);
});

test('an action without an end is known', async t => {
	const at = await folder();
	await (await open(at)).begin(begun('a'));
	const again = await open(at);
	t.deepEqual(again.begun(), begun('a'));
	await again.forget('a', 'it never reached the server');
	t.is((await open(at)).begun(), undefined);
	t.deepEqual((await open(at)).done(), []);
});

test('what was undone is no longer done', async t => {
	const at = await folder();
	const record = await open(at);
	await record.finish(done('a'));
	await record.finish(done('b'));
	await record.undone('a');
	t.deepEqual((await open(at)).done().map(({id}) => id), ['b']);
});

test('what the guard put back is no longer done', async t => {
	const at = await folder();
	const record = await open(at);
	await record.finish(done('a'));
	await record.armed('g', 'firewall');
	await record.begin(begun('b', 'g'));
	await record.finish(done('b', 'g'));
	await record.begin(begun('c', 'g'));
	t.deepEqual((await open(at)).guard(), {id: 'g', step: 'firewall'});
	await record.reverted('g');
	const again = await open(at);
	t.deepEqual(again.done().map(({id}) => id), ['a']);
	t.is(again.begun(), undefined);
	t.is(again.guard(), undefined);
});

test('a confirmed guard leaves what was done', async t => {
	const record = unsavedRecord();
	await record.armed('g', 'firewall');
	await record.finish(done('b', 'g'));
	await record.confirmed('g');
	t.is(record.guard(), undefined);
	t.is(record.done().length, 1);
});

test('what is learnt adds up, and nothing is written when nothing is new', async t => {
	const at = await folder();
	const record = await open(at);
	t.is(record.known(), undefined);
	await record.learn({user: 'root', hostKeys: ['SHA256:x']});
	await record.learn({user: 'ada', answers: {firewall: {alsoOpen: [8080]}}});
	await record.learn({answers: {'admin-user': {name: 'ada'}}});
	const size = (await stat(path.join(at, 'journal.jsonl'))).size;
	await record.learn({user: 'ada', hostKeys: ['SHA256:x']});
	t.is((await stat(path.join(at, 'journal.jsonl'))).size, size);
	t.deepEqual((await open(at)).known(), {
		user: 'ada', key: undefined, hostKeys: ['SHA256:x'], info: undefined, answers: {firewall: {alsoOpen: [8080]}, 'admin-user': {name: 'ada'}},
	});
});

for (const torn of ['{"v":1,"time":"2026', '{"v":1,"time":"x","event":"finished","done":{"id":"to', '\u0000\u0000']) {
	test(`a torn last line is passed over and healed: ${JSON.stringify(torn)}`, async t => {
		const at = await folder();
		const first = await open(at);
		await first.finish(done('a'));
		await appendFile(path.join(at, 'journal.jsonl'), torn);
		const second = await open(at);
		t.deepEqual(second.done().map(({id}) => id), ['a']);
		await second.finish(done('b'));
		await second.finish(done('c'));
		t.deepEqual((await open(at)).done().map(({id}) => id), ['a', 'b', 'c']);
	});
}

test('every prefix of a record can be read', async t => {
	const at = await folder();
	const record = await open(at);
	await record.learn({user: 'root'});
	await record.begin(begun('a'));
	await record.finish(done('a'));
	const file = path.join(at, 'journal.jsonl');
	const whole = await readFile(file);
	for (let length = 0; length <= whole.length; length++) {
		t.notThrows(() => parseLines(whole.subarray(0, length).toString('utf8'), file));
	}
});

test('a record of a later version is refused by name', async t => {
	const at = await folder();
	await (await open(at)).learn({user: 'root'});
	const file = path.join(at, 'journal.jsonl');
	await writeFile(file, '{"v":2,"time":"x","event":"begun"}\n');
	await t.throwsAsync(open(at), {instanceOf: NewerRecord, message: /written by a newer dropwise: this one reads version 1, the file has version 2/});
});

test('nobody else can read it', async t => {
	const at = await folder();
	await (await open(at)).learn({user: 'root'});

	t.is((await stat(at)).mode & 0o777, 0o700);
	t.is((await stat(path.join(at, 'journal.jsonl'))).mode & 0o777, 0o600);
});

test('how it stood is kept with its time', async t => {
	const at = await folder();
	await (await open(at)).stand({
		steps: 4, held: 2, notHeld: 2, unknowns: 1,
	});
	const {stood} = await readServerRecord(at);
	t.is(stood?.held, 2);
	t.true(Date.now() - Date.parse(stood!.time) < 10_000);
});

test('a known secret never reaches the file', async t => {
	const at = await folder();
	const redactor = new Redactor();
	redactor.add('correct horse "battery"');
	const record = await openServerRecord(at, redactor);
	await record.forget('a', 'said correct horse "battery" aloud');
	const text = await readFile(path.join(at, 'journal.jsonl'), 'utf8');
	t.false(text.includes('horse'));
	t.true(text.includes('said •••••• aloud'));
});
