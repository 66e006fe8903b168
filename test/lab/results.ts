/** What AVA said of tests, read from what it prints: `✔ title (1.2s)`, `✘ [fail]: title reason`, and all that ends a file badly. */
import {stripVTControlCharacters} from 'node:util';

export type Result = {
	/** As AVA names it: with more than one file, the file's path before it. */
	readonly title: string;
	readonly passed: boolean;
	/** Where AVA told; it does not where a test failed or took less than 0.1 s. */
	readonly seconds: number | undefined;
	/** The first line of why it failed. */
	readonly reason: string;
};

const units: Readonly<Record<string, number>> = {
	h: 3600, m: 60, s: 1, ms: 0.001,
};

/** `1m 2.5s` or `123ms` in seconds. */
const secondsIn = (text: string): number => [...text.matchAll(/([\d.]+)(ms|h|m|s)/gv)].reduce((sum, [, number, unit]) => sum + (Number(number) * units[unit!]!), 0);

// Two spaces are AVA's own; what a test logs stands further in, what it prints need not stand in at all.
const passedLine = /^ {2}✔ (?<title>.+?)(?: \((?<time>(?:[\d.]+(?:ms|h|m|s) ?)+)\))?$/v;
const failedLine = /^ {2}✘ \[(?:fail|unexpected pass)\]: (?<words>.+)$/v;
/** What is no test's own failure and must not go unseen: a file that ended badly, that has no tests, or whose tests never ended. */
const badEnds = [
	/^\s*(?:✘|×) (?<words>\S+ exited (?:due to|with a non-zero exit code).*)$/v,
	/^\s*✘ (?<words>\d+ tests? remaining in \S+)$/v,
	/^\s*✘ (?<words>No tests found in \S+)/v,
	/^\s*✘ (?<words>Timed out while running tests)/v,
	/^\s*✘ (?<words>Couldn’t find any .+)$/v,
	/^\s*(?<words>(?:Uncaught exception|Unhandled rejection) in \S+)$/v,
	/^\s*(?<words>Failed to exit when running \S+)$/v,
];

/** A test that failed is named once more, alone on a line, above its details: there its title ends and the reason begins. */
const titleIn = (words: string, lines: readonly string[]): string =>
	lines.filter(line => line !== '' && (words === line || words.startsWith(`${line} `))).toSorted((a, b) => b.length - a.length)[0] ?? words;

/** What AVA shows below the title of a test that failed without a message of its own: where, and what differs, was thrown or is wrong. Empty where it shows nothing. */
const detailsOf = (title: string, lines: readonly string[]): string => {
	const heading = lines.lastIndexOf(title);
	const shown = heading === -1 ? [] : lines.slice(heading + 1).filter(line => line !== '' && !/^\d+:(?: |$)/v.test(line));
	const place = shown.find(line => /^\S+:\d+$/v.test(line));
	const below = shown.slice(place === undefined ? 0 : 1);
	const end = below.findIndex(line => /^(?:›|at) |^─$/v.test(line));
	const own = end === -1 ? below : below.slice(0, end);
	const thrown = own.find(line => line.startsWith('message: '));
	const differing = own.filter(line => /^[+\-] /v.test(line)).slice(0, 4);
	return [place, ...thrown === undefined ? differing.length > 0 ? differing : own.slice(0, 2) : [thrown]].join(' ').trim();
};

/** Every test of a run, in the order in which they ended. */
export const resultsIn = (output: string): readonly Result[] => {
	const lines = stripVTControlCharacters(output).split('\n').map(line => line.trimEnd());
	const trimmed = lines.map(line => line.trim());
	return lines.flatMap((line): readonly Result[] => {
		const passed = passedLine.exec(line)?.groups;
		if (passed) {
			return [{
				title: passed.title!, passed: true, seconds: passed.time === undefined ? undefined : secondsIn(passed.time), reason: '',
			}];
		}

		const failed = failedLine.exec(line)?.groups?.words;
		if (failed !== undefined) {
			const title = titleIn(failed, trimmed);
			const message = failed.slice(title.length).trim();
			return [{
				title, passed: false, seconds: undefined, reason: message === '' || message === 'Error thrown in test' ? detailsOf(title, trimmed) : message,
			}];
		}

		const ended = badEnds.map(bad => bad.exec(line)?.groups?.words).find(words => words !== undefined);
		return ended === undefined
			? []
			: [{
				title: ended, passed: false, seconds: undefined, reason: '',
			}];
	});
};

/** Every test of a run that ended with `code`. One that ended badly is never without a failure: `name` fails then, with what was said last. */
export const resultsOf = (name: string, output: string, code: number): readonly Result[] => {
	const results = resultsIn(output);
	const isExplained = code === 0 ? results.length > 0 : results.some(({passed}) => !passed);
	const said = stripVTControlCharacters(output).split('\n').findLast(line => line.trim() !== '')?.trim() ?? 'it said nothing';
	return isExplained
		? results
		: [...results, {
			title: name, passed: false, seconds: undefined, reason: `ended with ${code}: ${said}`,
		}];
};
