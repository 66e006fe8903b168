import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {openAppendOnly, readLines} from '../../source/record/append-only.js';
import {harmless} from '../../source/record/harmless.js';
import {logLine} from '../../source/record/run-log.js';

const said = 'a\u001B[2J\u009B1m\u202Eb\u{E0041}\u007F\r\tü\n';

test('what a terminal would obey is spelt out, and nothing else', t => {
	t.is(harmless(said), String.raw`a\u001b[2J\u009b1m\u202eb\udb40\udc41\u007f\u000d` + '\tü\n');
});

test('a record gives back what it was given, and does a terminal no harm', async t => {
	const folder = await mkdtemp(path.join(tmpdir(), 'dropwise-harmless-'));
	t.teardown(async () => rm(folder, {recursive: true}));
	const file = path.join(folder, 'journal.jsonl');
	const {append} = await openAppendOnly(file);
	await append('learnt', {said});
	t.is((await readLines(file)).lines[0]?.said, said);
	t.notRegex(await readFile(file, 'utf8'), /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202E]/);
});

test('what draws over itself becomes lines of the log', t => {
	t.is(logLine('now', {event: 'output', stream: 'out', text: 'one\rtwo\r\nthree\n'}), 'now   | one\nnow   | two\nnow   | three\n');
});
