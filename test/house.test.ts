/** The house rules that a program can check: imports go one way, files stay small. */
import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';

const root = new URL('../../', import.meta.url);

/** For each part of the house, the parts it may import. A part may always import itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
	steps: ['step', 'systems', 'facts', 'witness'],
	step: ['systems'],
	systems: [],
	environment: [],
	facts: ['step', 'systems'],
	witness: ['step', 'server'],
	record: ['step', 'systems', 'server', 'facts'],
	server: ['step', 'facts'],
	practice: ['step', 'systems', 'server', 'facts'],
	engine: ['step', 'systems', 'server', 'witness', 'record', 'facts'],
	ui: ['step', 'systems', 'engine'],
	cli: ['environment', 'step', 'systems', 'facts', 'server', 'practice', 'witness', 'record', 'engine', 'ui', 'wiring'],
	wiring: ['environment', 'step', 'systems', 'facts', 'server', 'practice', 'witness', 'record', 'engine', 'ui'],
};

const sources = async (): Promise<readonly string[]> => {
	const listed = await Promise.all(['source', 'steps'].map(async folder => readdir(new URL(`${folder}/`, root), {recursive: true}).then(names => names.map(name => `${folder}/${name}`))));
	return listed.flat().filter(name => /\.tsx?$/.test(name));
};

const partOf = (file: string): string => {
	const [top = '', second = ''] = file.split('/');
	return top === 'steps' ? 'steps' : path.basename(second, path.extname(second));
};

test('imports go one way', async t => {
	const wrong: string[] = [];
	for (const file of await sources()) {
		const text = await readFile(new URL(file, root), 'utf8');
		for (const [, imported = ''] of text.matchAll(/from '(\.[^']+)'|import\('(\.[^']+)'\)/g)) {
			const to = partOf(path.posix.join(path.posix.dirname(file), imported));
			const from = partOf(file);
			if (imported !== '' && to !== from && !mayImport[from]?.includes(to)) {
				wrong.push(`${file} imports ${imported}`);
			}
		}
	}

	t.deepEqual(wrong, []);
});

test('files stay small: half of them at most 100 lines, none over 300', async t => {
	const lengths = await Promise.all((await sources()).map(async file => ({file, lines: (await readFile(new URL(file, root), 'utf8')).split('\n').length - 1})));
	t.deepEqual(lengths.filter(({lines}) => lines > 300), []);
	t.true(lengths.map(({lines}) => lines).toSorted((a, b) => a - b)[Math.floor(lengths.length / 2)]! <= 100);
});

test('only cli.ts and what it wires know which server it is', async t => {
	const asking: string[] = [];
	for (const file of await sources()) {
		if (!/^source\/(practice|cli|wiring|server)/.test(file) && /from '[^']*practice\//.test(await readFile(new URL(file, root), 'utf8'))) {
			asking.push(file);
		}
	}

	t.deepEqual(asking, []);
});
