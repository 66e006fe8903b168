/** A typed line, split into words as a shell does it. Pure. */

export type ShellLine = {
	readonly argv: readonly string[];
	/** Where what the command says goes, instead of to the person. */
	readonly to?: {readonly path: string; readonly append: boolean};
};

/** `goesOn`: the line is to be continued, for it ends in a backslash or within quotes. `wrong`: one sentence. */
export type ParsedLine = ShellLine | {readonly goesOn: true} | {readonly wrong: string};

type Token = {readonly word: string} | {readonly sign: string};

/** The quoted or bare pieces that words are made of, the signs between them, comments. */
const pattern = /(?<space>[ \t]+)|(?<hash>#)|(?<more>>>?)|'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\[\s\S])*)"|\\(?<escaped>[\s\S])|(?<bare>[^\s'"\\>|&;<()`$*?[]+)|(?<rest>[\s\S])/g;

const oneAtATime = (sign: string): {readonly wrong: string} => ({wrong: `This prompt takes one command at a time and knows no ${sign === '\n' ? 'line end' : sign} between words; in 'quotes' it is a letter like any other.`});

/** In double quotes a backslash means something before few letters only. */
const unescaped = (text: string): string => text.replaceAll(/\\([$`"\\\n])/g, (_, letter: string) => letter === '\n' ? '' : letter);

const tokensOf = (text: string): readonly Token[] | Exclude<ParsedLine, ShellLine> => {
	const tokens: Token[] = [];
	let word: string | undefined;
	const end = (): void => {
		if (word !== undefined) {
			tokens.push({word});
			word = undefined;
		}
	};

	const matching = new RegExp(pattern);
	for (let match = matching.exec(text); match; match = matching.exec(text)) {
		const {space, hash, more, single, double, escaped, bare, rest} = match.groups!;
		if (space !== undefined) {
			end();
		} else if (hash !== undefined && word === undefined) {
			// A comment: what comes before the line end is nothing.
			const lineEnd = text.indexOf('\n', matching.lastIndex);
			matching.lastIndex = lineEnd === -1 ? text.length : lineEnd;
		} else if (more !== undefined) {
			if (word !== undefined && /^\d+$/.test(word)) {
				return oneAtATime(`${word}${more}`);
			}

			end();
			tokens.push({sign: more});
		} else if (rest === '\'' || rest === '"' || rest === '\\') {
			return {goesOn: true};
		} else if (rest !== undefined || (double !== undefined && /(?<!\\)(?:\\\\)*[$`]/.test(double))) {
			return oneAtATime(rest ?? (/[$`]/.exec(double!)![0]));
		} else if (escaped === '\n') {
			// The line goes on: as if there were no end.
		} else {
			word = (word ?? '') + (single ?? (double === undefined ? undefined : unescaped(double)) ?? escaped ?? hash ?? (word === undefined ? bare!.replace(/^~(?=\/|$)/, '/root') : bare!));
		}
	}

	end();
	return tokens;
};

const isTokens = (read: ReturnType<typeof tokensOf>): read is readonly Token[] => Array.isArray(read);

/** Splits a line. Quotes, backslashes, comments and `>` to a file mean what they mean in a shell; what else a shell would act on is refused, never taken for a letter. */
export const parseLine = (text: string): ParsedLine => {
	const tokens = tokensOf(text.replace(/\n$/, ''));
	if (!isTokens(tokens)) {
		return tokens;
	}

	const at = tokens.findIndex(token => 'sign' in token);
	if (at === -1) {
		return {argv: tokens.map(token => (token as {word: string}).word)};
	}

	const [sign, file, ...rest] = tokens.slice(at) as ReadonlyArray<Partial<{word: string; sign: string}>>;
	return file?.word === undefined || rest.length > 0
		? {wrong: `After ${sign!.sign} comes the file to write to, and nothing behind it.`}
		: {argv: tokens.slice(0, at).map(token => (token as {word: string}).word), to: {path: file.word, append: sign!.sign === '>>'}};
};
