/** One rule as `iptables-save` prints it, taken apart. */
export type Condition = {
	/** Such as `-i`, `--dport`, or `-m` for a kind of test that is named. */
	readonly name: string;
	readonly values: readonly string[];
	/** Whether an exclamation mark stands before it. */
	readonly isNot: boolean;
};

export type KernelRule = {
	/** As printed. */
	readonly text: string;
	readonly chain: string;
	/** All of its words behind the chain's name. */
	readonly words: readonly string[];
	readonly conditions: readonly Condition[];
	/** Where it leads, such as ACCEPT or a chain; undefined where it only counts or marks. */
	readonly target: string | undefined;
	/** Whether it goes there for good: what comes back continues behind the rule that led here. */
	readonly isGoto: boolean;
	/** What the target is told, such as `--to-destination 172.17.0.2:80`. */
	readonly options: readonly string[];
};

/** The words of a rule: those with blanks stand in quotes. */
export const wordsOf = (rule: string): readonly string[] =>
	rule.match(/"(?:[^"\\]|\\.)*"|\S+/g)?.map(word => (word.startsWith('"') ? word.slice(1, -1).replaceAll(/\\(.)/g, '$1') : word)) ?? [];

/** A remark may begin as an option does. */
const takesAnyWord = new Set(['--comment', '--log-prefix', '--nflog-prefix', '--string']);
const isOption = (word: string): boolean => /^--?[a-z]/.test(word);

const conditionsIn = (words: readonly string[]): readonly Condition[] => {
	const found: Array<{name: string; values: string[]; isNot: boolean}> = [];
	let isNot = false;
	for (const [index, word] of words.entries()) {
		const last = found.at(-1);
		const isRemark = last !== undefined && last.values.length === 0 && takesAnyWord.has(words[index - 1] ?? '');
		if (!isRemark && word === '!') {
			isNot = true;
		} else if (!isRemark && isOption(word)) {
			found.push({name: word, values: [], isNot});
			isNot = false;
		} else {
			last?.values.push(word);
		}
	}

	return found;
};

/** Reads a rule. Never fails: what it does not know stays words. */
export const readRule = (text: string): KernelRule => {
	const [, chain = '', ...words] = wordsOf(text);
	const jump = words.findIndex((word, index) => (word === '-j' || word === '-g') && !takesAnyWord.has(words[index - 1] ?? ''));
	return {
		text,
		chain,
		words,
		conditions: conditionsIn(jump === -1 ? words : words.slice(0, jump)),
		target: jump === -1 ? undefined : words[jump + 1],
		isGoto: words[jump] === '-g',
		options: jump === -1 ? [] : words.slice(jump + 2),
	};
};
