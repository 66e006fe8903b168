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
