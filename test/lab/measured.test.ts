import {readFile} from 'node:fs/promises';
import test from 'ava';
import {
	asMarkdown, readme, readMeasured, withMeasured, type Measured,
} from './measured.js';

const measured: Measured = {'Debian 12': {'published port': 'open → closed', 'by name': 'open'}, 'Debian 13': {'published port': 'open|shut', later: 'closed'}};
const table = '|  | Debian 12 | Debian 13 |\n| --- | --- | --- |\n| published port | open → closed | open\\|shut |\n| by name | open | – |\n| later | – | closed |\n';

test('a table has the rows of all its columns', t => {
	t.is(asMarkdown(measured), table);
});

test('it stands between its remarks, however often it is written', t => {
	const text = 'before\n<!-- measured: recipes -->\nold\n<!-- end -->\nafter\n<!-- measured: others -->\n<!-- end -->\n';
	const once = withMeasured(text, new Map([['recipes', measured], ['not shown', measured]]));
	t.is(once, `before\n<!-- measured: recipes -->\n\n${table}\n<!-- end -->\nafter\n<!-- measured: others -->\n<!-- end -->\n`);
	t.is(withMeasured(once, new Map([['recipes', measured]])), once);
});

test('what the readme shows is what was measured', async t => {
	const text = await readFile(readme, 'utf8');
	const tables = await readMeasured();
	t.true(withMeasured(text, tables) === text, 'its tables are written by npm run test:lab');
	t.deepEqual([...text.matchAll(/<!-- measured: (?<name>\S+) -->/gv)].map(({groups}) => groups!.name!).toSorted(), [...tables.keys()].toSorted());
});
