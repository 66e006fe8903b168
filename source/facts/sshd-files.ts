/** sshd's configuration as text: who says what, in which order it is read, and what of it stands in Match blocks. */
import type {FileFact} from '../step.js';

/** One line that sets something. `match` is the condition it stands under, if it does. */
export type Setting = {readonly file: FileFact; readonly index: number; readonly keyword: string; readonly value: string; readonly match: string | undefined};

/** All settings of a file. A Match block reaches to the next Match or the end of the file; `Match all` ends it too. */
export const settingsIn = (file: FileFact): readonly Setting[] => {
	let match: string | undefined;
	return (file.content ?? '').split('\n').flatMap((line, index) => {
		const [, word = '', rest = ''] = /^([a-z]+)(.*)$/i.exec(line.trim()) ?? [];
		// A keyword and its value stand apart by blanks, or by one `=`; the value may stand in quotes.
		const value = rest.trim().replace(/^=/, '').trim().replace(/^"(.*)"$/, '$1');
		const keyword = word.toLowerCase();
		if (keyword === '' || value === '') {
			return [];
		}

		if (keyword === 'match') {
			match = value.toLowerCase() === 'all' ? undefined : value;
			return [];
		}

		return [{
			file, index, keyword, value, match,
		}];
	});
};

const mark = '# Set aside by dropwise: ';

/** The file with some of its lines made comments. They stay readable, and can be put back. */
export const setAside = (file: FileFact, indexes: ReadonlySet<number>): string =>
	(file.content ?? '').split('\n').map((line, index) => (indexes.has(index) ? `${mark}${line}` : line)).join('\n');

/** What sshd prints of lines that it goes on without. */
const bearable = /Deprecated option|Unsupported option|[Ii]gnor/;

/** The lines that stop sshd, by what it says of its settings when it does not take them. One that opens a Match block is left out: without it, what stands in the block would be said to everybody. */
export const misread = (said: string, files: readonly FileFact[]): ReadonlyArray<Pick<Setting, 'file' | 'index'> & {readonly text: string}> => said.split('\n').flatMap(sentence => {
	const {path, line} = /^(?<path>\/\S+?):? line (?<line>\d+): /.exec(sentence)?.groups ?? {};
	const file = files.find(one => one.path === path);
	const index = Number(line) - 1;
	const text = file?.content?.split('\n')[index]?.trim();
	return file === undefined || !text || bearable.test(sentence) || /^match\b/i.test(text) ? [] : [{file, index, text}];
});
