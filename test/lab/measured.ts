/**
What tests on real droplets measured, kept so that the readme can show it: a file a table in `snapshots/measured`, such as `{"Debian 13, Docker 26.1": {"published port": "open → closed"}}`, and the tables themselves between two remarks in the readme.

Written by `npm run test:lab` and by nothing else: not where it was told to write no table, and not where a test runs by itself.
*/
import {mkdir, readFile, readdir, writeFile} from 'node:fs/promises';
import process from 'node:process';
import {fileURLToPath} from 'node:url';

/** Cells by column and row. */
export type Measured = Readonly<Record<string, Readonly<Record<string, string>>>>;

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = `${root}snapshots/measured`;
export const readme = `${root}readme.md`;

/** Set by a run that writes tables. */
export const writesTables = 'DROPWISE_LAB_TABLES';

const readTable = async (name: string): Promise<Measured> => readFile(`${folder}/${name}.json`, 'utf8').then(text => JSON.parse(text) as Measured, () => ({}));

/** A test has measured one column of a table, all of it. */
export const note = async (name: string, column: string, rows: Readonly<Record<string, string>>): Promise<void> => {
	if (process.env[writesTables] === undefined) {
		return;
	}

	const measured = {...await readTable(name), [column]: rows};
	await mkdir(folder, {recursive: true});
	await writeFile(`${folder}/${name}.json`, `${JSON.stringify(Object.fromEntries(Object.entries(measured).toSorted(([a], [b]) => (a < b ? -1 : 1))), undefined, '\t')}\n`);
};

/** All tables there are, by name. */
export const readMeasured = async (): Promise<ReadonlyMap<string, Measured>> => {
	const names = (await readdir(folder)).filter(name => name.endsWith('.json')).map(name => name.replace('.json', ''));
	return new Map(await Promise.all(names.map(async name => [name, await readTable(name)] as const)));
};

const line = (cells: readonly string[]): string => `| ${cells.map(cell => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |\n`;

/** A table as Markdown: its rows are those of all columns, in the order in which they were noted. */
export const asMarkdown = (measured: Measured): string => {
	const columns = Object.keys(measured);
	const rows = [...new Set(Object.values(measured).flatMap(cells => Object.keys(cells)))];
	return [line(['', ...columns]), line(['---', ...columns.map(() => '---')]), ...rows.map(row => line([row, ...columns.map(column => measured[column]![row] ?? '–')]))].join('');
};

/** The readme with each table between its remarks. One that has no remarks is not shown. */
export const withMeasured = (text: string, tables: ReadonlyMap<string, Measured>): string => text.replaceAll(
	/(?<begin><!-- measured: (?<name>\S+) -->\n)[\s\S]*?(?<end><!-- end -->)/gv,
	(found: string, begin: string, name: string, end: string) => {
		const measured = tables.get(name);
		return measured ? `${begin}\n${asMarkdown(measured)}\n${end}` : found;
	},
);
