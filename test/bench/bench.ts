/** `npm run bench`: the budgets of the design beside what was measured here. Prints; asserts nothing. */
import {readdir, readFile, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {
	cli, firstFrame, median, memoryOf, timed, wizardRows,
} from './measure.js';
import {lineOf, type Row} from './table.js';

const sizes = async (): Promise<readonly Row[]> => {
	const root = new URL('../../../', import.meta.url);
	const lengths: number[] = [];
	for (const folder of ['source/', 'steps/']) {
		const names = (await readdir(new URL(folder, root), {recursive: true})).filter(name => /\.tsx?$/.test(name));
		lengths.push(...await Promise.all(names.map(async name => (await readFile(new URL(folder + name, root), 'utf8')).split('\n').length - 1)));
	}

	lengths.sort((a, b) => a - b);
	return [
		{what: `length of a source file, the middle of ${lengths.length}`, budget: 100, measured: lengths[Math.floor(lengths.length / 2)]!, unit: 'lines'},
		{what: 'length of the longest source file', budget: 300, measured: lengths.at(-1)!, unit: 'lines'},
	];
};

const onPractice = async (): Promise<readonly Row[]> => {
	const home = await mkdtemp(path.join(tmpdir(), 'dropwise-bench-'));
	try {
		const frames = [];
		for (let count = 0; count < 7; count++) {
			frames.push(await firstFrame(home));
		}

		const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[3]!;
		const words = ['apply', 'practice', '--yes', '--state-dir', home];
		const begin = performance.now();
		const memory = await memoryOf(words, {HOME: home});
		return [
			{what: 'node -e \'\', for comparison', budget: undefined, measured: await median(7, async () => (await timed(process.execPath, ['-e', ''])).milliseconds), unit: 'ms'},
			{what: 'first byte', budget: 60, measured: middle(frames.map(one => one.firstByte)), unit: 'ms'},
			{what: 'first frame: the first question', budget: 250, measured: middle(frames.map(one => one.firstFrame)), unit: 'ms'},
			{what: 'memory at the first question', budget: 120, measured: middle(frames.map(one => one.memoryMiB)), unit: 'MB'},
			{what: 'apply of all steps on practice', budget: undefined, measured: performance.now() - begin, unit: 'ms'},
			{what: 'memory of that', budget: 120, measured: memory, unit: 'MB'},
			...await wizardRows('on practice', [], path.join(home, 'wizard'), 'System updates'),
			{what: 'check of all steps on practice', budget: undefined, measured: await median(3, async () => (await timed(process.execPath, [cli, 'check', 'practice', '--state-dir', home], [0, 1])).milliseconds), unit: 'ms'},
		];
	} finally {
		await rm(home, {recursive: true, force: true});
	}
};

const print = (title: string, rows: readonly Row[]): void => {
	console.log(`\n ${title}`);
	for (const row of rows) {
		console.log(lineOf(row));
	}
};

print('Source', await sizes());
print('Practice droplet', await onPractice());
if (process.platform === 'linux' && process.getuid?.() === 0) {
	const {measureDroplet} = await import('./droplet.js');
	print('A real droplet of the lab', await measureDroplet());
} else {
	console.log('\n A real droplet needs the lab, which needs root on Linux; not measured.');
}
