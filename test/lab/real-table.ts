/** `snapshots/real.md`: every test on real droplets with how it went when it was last run. The readme quotes from it. */
import type {Result} from './results.js';

export type Row = {
	/** The file it stands in, without its ending. */
	readonly part: string;
	readonly title: string;
	/** `flaky`: it failed, and passed when it was tried once more by itself. */
	readonly went: 'passed' | 'flaky' | 'failed';
	readonly seconds: number | undefined;
	readonly commit: string;
	/** YYYY-MM-DD. */
	readonly date: string;
};

const head = `# On real droplets

Written by \`npm run test:lab\`: each test in \`test/real\`, how it went when it was last run, and on which commit (\`+\`: with changes that were not committed). *Flaky* failed, and passed when it was tried once more by itself: a defect to be mended.

| part | test | release | went | seconds | commit | date |
| --- | --- | --- | --- | --- | --- | --- |
`;

const releaseIn = (title: string): string => /\b(?:bullseye|bookworm|trixie|forky|ubuntu-like)\b/v.exec(title)?.[0] ?? '';
const cell = (text: string): string => text.replaceAll('|', String.raw`\|`).replaceAll(/\s+/gv, ' ');

const lineOf = ({part, title, went, seconds, commit, date}: Row): string =>
	`| ${[part, cell(title), releaseIn(title), went, seconds?.toFixed(1) ?? '', commit, date].join(' | ')} |`;

/** The table's rows; none where there is no table yet. */
export const rowsIn = (text: string): readonly Row[] => text.split('\n').filter(line => line.startsWith('| ')).slice(2).map(line => {
	const [part = '', title = '', , went = '', seconds = '', commit = '', date = ''] = line.slice(2, -2).split(/(?<!\\) \| /v);
	return {
		part, title: title.replaceAll(String.raw`\|`, '|'), went: went as Row['went'], seconds: seconds === '' ? undefined : Number(seconds), commit, date,
	};
});

/** The table after a run: the parts that were run anew replace what stood there of them. `cutShort`: only the tests that were run do, and of those what failed says nothing. */
export const tableOf = (before: string, now: readonly Row[], cutShort = false): string => {
	const said = cutShort ? now.filter(({went}) => went === 'passed') : now;
	const isReplaced = ({part, title}: Row): boolean => said.some(row => row.part === part && (!cutShort || row.title === title));
	const rows = [...rowsIn(before).filter(row => !isReplaced(row)), ...said];
	return `${head}${rows.toSorted((a, b) => a.part.localeCompare(b.part)).map(row => `${lineOf(row)}\n`).join('')}`;
};

/** What became of a test that failed, given how it went alone; undefined where it was not tried again. */
export const settled = (first: Result, alone: Result | undefined): Row['went'] => first.passed ? 'passed' : alone?.passed ? 'flaky' : 'failed';
