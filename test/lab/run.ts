/*
`npm run test:lab [part …]`: prepares the lab, runs the tests on real droplets, tries what failed once more by itself, and leaves no droplet of theirs. A part is a file in `test/real`, by its name; without any all are run.

Writes how each went into `snapshots/real.md`, part by part; where it is stopped in the midst of one, what had passed; and what was measured into the readme. With `--no-table` it does not.
*/
import {spawn, type ChildProcess} from 'node:child_process';
import {randomUUID} from 'node:crypto';
import {once} from 'node:events';
import {readdir, readFile, writeFile} from 'node:fs/promises';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {run as runCommand} from './command.js';
import {find, LabUnavailable} from './lab.js';
import {
	readme, readMeasured, withMeasured, writesTables,
} from './measured.js';
import {prepare, releases} from './prepare.js';
import {names, readRecord} from './record.js';
import {settled, tableOf, type Row} from './real-table.js';
import {resultsOf, type Result} from './results.js';

const id = randomUUID();
const root = fileURLToPath(new URL('../../../', import.meta.url));
const table = `${root}snapshots/real.md`;
const ava = `${root}node_modules/ava/entrypoints/cli.js`;
let running: ChildProcess | undefined;
/** Aborted by Ctrl-C and the like: nothing new is begun. */
const stopping = new AbortController();
const isStopped = (): boolean => stopping.signal.aborted;
const writes = !process.argv.includes('--no-table');

/** Runs a part, or one test of it, and prints what AVA says as it comes, behind the part's name. */
const runPart = async (part: string, title?: string): Promise<readonly Result[]> => {
	const child = spawn(process.execPath, [ava, '--timeout', '20m', ...title === undefined ? [] : ['--match', title], `dist/test/real/${part}.test.js`], {
		cwd: root,
		stdio: ['ignore', 'pipe', 'pipe'],
		env: {
			...process.env, DROPWISE_LAB_RUN: id, FORCE_COLOR: '0', ...writes ? {[writesTables]: 'yes'} : {},
		},
	});
	running = child;
	const said: string[] = [];
	for (const stream of [child.stdout, child.stderr]) {
		createInterface({input: stream}).on('line', line => {
			said.push(line);
			console.log(`${part} | ${line}`);
		});
	}

	const [code] = await once(child, 'close') as [number | null];
	running = undefined;
	return resultsOf(part, said.join('\n'), code ?? 1);
};

const commitNow = async (): Promise<string> => {
	const {out} = await runCommand(['git', '-C', root, 'describe', '--always', '--abbrev=7', '--dirty=+', '--exclude=*']);
	return out.trim();
};

/** What failed, once more and by itself: a part whose file ended badly as a whole. */
const again = async (part: string, {title}: Result): Promise<Result | undefined> => {
	if (isStopped()) {
		return undefined;
	}

	console.log(`\nOnce more, by itself: ${part} › ${title}`);
	const isTest = !/^(?:before|after)\b|\.test\.js|^Timed out|^Couldn’t/v.test(title) && title !== part;
	const results = await runPart(part, isTest ? title : undefined);
	return results.find(({passed}) => !passed) ?? results[0];
};

/** A test's droplets go with it; this is for what a bug leaves. */
const takeDownOurs = async (): Promise<void> => {
	for (const name of await names()) {
		const record = await readRecord(name);
		if (record?.run === id) {
			await (await find(name)).down();
		}
	}
};

const print = ({part, title, went, seconds}: Row, reason: string): void => {
	const what = `real › ${part} › ${title}`;
	console.log(went === 'passed' ? `  ✔ ${what}${seconds === undefined ? '' : ` (${seconds.toFixed(1)}s)`}` : went === 'flaky' ? `  ✔ ${what}\n  ~ flaky: ${what} ${reason}` : `  ✘ [fail]: ${what} ${reason}`);
};

const main = async (words: readonly string[]): Promise<number> => {
	const all = (await readdir(new URL('../real/', import.meta.url))).filter(name => name.endsWith('.test.js')).map(name => name.replace('.test.js', '')).toSorted();
	const parts = words.filter(word => !word.startsWith('--'));
	const unknown = parts.filter(part => !all.includes(part));
	if (unknown.length > 0) {
		console.error(`There is no part ${unknown.join(', ')}; the parts are ${all.join(', ')}.`);
		return 2;
	}

	console.log('Preparing the lab (minutes the first time, nothing afterwards) …');
	const wanted = parts.length > 0 ? parts : all;
	const texts = await Promise.all(wanted.map(async part => readFile(new URL(`../real/${part}.test.js`, import.meta.url), 'utf8')));
	await prepare(releases.filter(release => texts.some(text => text.includes(`'${release}'`))));
	const [commit, date] = [await commitNow(), new Date().toISOString().slice(0, 10)];
	const rows: Row[] = [];
	const reasons: string[] = [];
	// One after another: in most of them several droplets work side by side, and more of them would run out of time for want of cores.
	for (const part of wanted) {
		const results = isStopped() ? [] : await runPart(part);
		for (const first of results) {
			const alone = first.passed ? undefined : await again(part, first);
			rows.push({
				part, title: first.title, went: settled(first, alone), seconds: (alone ?? first).seconds, commit, date,
			});
			reasons.push(first.reason);
		}

		// Part by part: hours of it must not be lost with the last one.
		if (!writes) {
			continue;
		}

		await writeFile(readme, withMeasured(await readFile(readme, 'utf8'), await readMeasured()));
		await writeFile(table, tableOf(await readFile(table, 'utf8').catch(() => ''), rows.filter(row => row.part === part), isStopped()));
	}

	await takeDownOurs();
	console.log('');
	for (const [index, row] of rows.entries()) {
		print(row, reasons[index]!);
	}

	return isStopped() ? 130 : rows.some(({went}) => went === 'failed') ? 1 : 0;
};

// Ctrl-C reaches AVA by itself; this waits for it and cleans up behind it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.on(signal, () => {
		stopping.abort();
		running?.kill(signal);
	});
}

try {
	process.exitCode = await main(process.argv.slice(2));
} catch (error) {
	if (!(error instanceof LabUnavailable)) {
		throw error;
	}

	console.error(error.message);
	process.exitCode = 3;
}
