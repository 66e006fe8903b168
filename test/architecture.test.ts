/** The rules that a program can check: imports go one way, files stay small. */
import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';

const root = new URL('../../', import.meta.url);

/** For each part of the source, the parts it may import. A part may always import itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
	steps: ['step', 'systems', 'facts', 'witness'],
	step: ['systems'],
	systems: [],
	environment: [],
	facts: ['step', 'systems'],
	witness: ['step', 'server', 'facts'],
	record: ['step', 'systems', 'server', 'facts'],
	server: ['step', 'facts'],
	practice: ['did-you-mean', 'step', 'systems', 'server', 'facts'],
	engine: ['step', 'systems', 'server', 'witness', 'record', 'facts'],
	ui: ['step', 'systems', 'engine'],
	'did-you-mean': [],
	'usage-error': [],
	connect: ['usage-error', 'did-you-mean', 'step', 'systems', 'facts', 'server', 'practice', 'witness', 'record', 'engine', 'ui'],
	run: ['usage-error', 'did-you-mean', 'step', 'systems', 'facts', 'server', 'witness', 'record', 'engine', 'ui', 'connect'],
	cli: ['environment', 'usage-error', 'did-you-mean', 'ui', 'connect', 'run'],
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

test('only what connects knows which server it is', async t => {
	const asking: string[] = [];
	for (const file of await sources()) {
		if (!/^source\/(?:practice|connect|server)\//.test(file) && /from '[^']*practice\//.test(await readFile(new URL(file, root), 'utf8'))) {
			asking.push(file);
		}
	}

	t.deepEqual(asking, []);
});

/** What stands more than once, and where. */
const twice = (named: ReadonlyArray<readonly [name: string, file: string]>): readonly string[] => {
	const places = Map.groupBy(named, ([name]) => name);
	return [...places].filter(([, found]) => found.length > 1).map(([name, found]) => `${name}: ${found.map(([, file]) => file).join(', ')}`);
};

test('no name is exported twice: one word, one meaning', async t => {
	const names: Array<readonly [string, string]> = [];
	for (const file of await sources()) {
		const text = await readFile(new URL(file, root), 'utf8');
		names.push(...[...text.matchAll(/^export (?:async )?(?:const|function|class|interface|type) (\w+)/gm)].map(([, name = '']) => [name, file] as const));
	}

	t.deepEqual(twice(names), []);
});

test('no two files have one name; the model\'s are named after what they are a model of', async t => {
	const files = await sources();
	const named = (list: readonly string[]) => list.map(file => [path.basename(file, path.extname(file)), file] as const);
	t.deepEqual(twice(named(files.filter(file => !file.startsWith('source/practice/')))), []);
	t.deepEqual(twice(named(files.filter(file => /^source\/practice\/(?!programs\/|images\/)/.test(file)))), []);
});

test('no step is named outside steps/: what others must know of a step, it declares', async t => {
	const ids = (await readdir(new URL('steps/', root))).map(name => path.basename(name, '.ts').replace(/^\d+-/, ''));
	const naming: string[] = [];
	for (const file of await sources()) {
		// A command may be called as a step is: docker.
		if (!/^source\/(?!facts\/|practice\/|systems\.ts|cli\/help)/.test(file)) {
			continue;
		}

		const text = await readFile(new URL(file, root), 'utf8');
		naming.push(...ids.filter(id => new RegExp(String.raw`['"\`]${id}['"\`.]`).test(text)).map(id => `${file} names ${id}`));
	}

	t.deepEqual(naming, []);
});
