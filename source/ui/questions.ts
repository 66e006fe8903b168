import {cleanLine} from './clean.js';
import type {Input, LineOptions} from './input.js';
import type {Theme} from './theme.js';
import {indent} from './words.js';

export type Choice<T> = {readonly label: string; readonly note?: string; /** More about it, for somebody who asks. */ readonly explains?: string; readonly value: T};

/** The person's input ended, or they pressed Ctrl-C, while something was asked. */
export class NoAnswer extends Error {
	override readonly name = 'NoAnswer';
}

/** The person wants the question before this one again. */
export class Back extends Error {
	override readonly name = 'Back';
}

/** There is nothing to be asked any more. */
export class Pointless extends Error {
	override readonly name = 'Pointless';
}

export type Choosing<T> = {
	/** What it belongs to: a heading, and what stands below that where there is room. Not kept above the answer. */
	readonly under?: readonly string[];
	/** What the question is about: stands above it as long as it is asked, and above its answer. */
	readonly about?: (theme: Theme) => readonly string[];
	readonly says?: string;
	/** What is to be seen above the choices. */
	readonly shows?: () => readonly string[];
	readonly choices: ReadonlyArray<Choice<T>>;
	/** Its number, from 1. Without one the person must choose. */
	readonly default?: number | undefined;
	/** In lines: once it is set off this rejects with `Pointless`. */
	readonly signal?: AbortSignal;
};

export type Asking<T> = {
	/** What it belongs to: a heading, and what stands below that where there is room. */
	readonly under?: readonly string[];
	readonly says: string;
	readonly explain?: string;
	readonly default?: string | undefined;
	/** What stands before the line, where it is a prompt's. Then a line may be empty. */
	readonly sign?: string;
	/** In lines: once it is set off this rejects with `Pointless`. */
	readonly signal?: AbortSignal;
	/** Turns a line into a value, or says what is wrong with it. */
	readonly read: (text: string) => {readonly value: T} | {readonly wrong: string};
	/** Looks whether a value that can be read can be right, and says what is wrong with it. Takes no more than some seconds; never rejects. */
	readonly check?: (value: T) => Promise<string | undefined>;
};

/** Each rejects with `NoAnswer`, or with `Back`. */
export type Questions = {
	/** One of several. Enter alone takes the default. */
	choose<T>(question: Choosing<T>): Promise<T>;
	/** A line of text. */
	text<T>(question: Asking<T>): Promise<T>;
	/** A password: not shown, not kept, not trimmed. */
	secret(says: string): Promise<string>;
};

export const numbered = <T>(choices: ReadonlyArray<Choice<T>>, theme: Theme): readonly string[] => {
	const widest = Math.max(...choices.map(({label}) => [...label].length));
	return choices.flatMap(({label, note}, index) => {
		const head = `   ${index + 1}  ${label}`;
		if (note === undefined) {
			return [head];
		}

		const line = `${head}${' '.repeat(widest - [...label].length)}   ${note}`;
		return [...line].length <= theme.columns ? [line] : [head, ...indent(note, theme.columns, ' '.repeat(6))];
	});
};

/** Questions on lines: numbers and words, Enter for the default. Works for a pipe and a screen reader alike. */
export const askInLines = (input: Input, say: (line: string) => void, theme: Theme): Questions => {
	const show = (lines: readonly string[]): void => {
		for (const line of lines) {
			say(line);
		}
	};

	const ask = async (prompt: string, {hidden = false, signal}: LineOptions = {}): Promise<string> => {
		const line = await input.line(prompt, {hidden, signal});
		if (line === undefined) {
			throw signal?.aborted ? new Pointless('Nothing is to be asked any more') : new NoAnswer('The input ended');
		}

		if (!hidden && line.trim() === 'back') {
			throw new Back('back');
		}

		return line;
	};

	return {
		async choose({under, about, says, shows, choices, default: byDefault, signal}) {
			const above = about?.(theme) ?? under;
			show([...(above ? ['', ...above] : []), ...(says === undefined ? [] : ['', ...indent(says, theme.columns, ' ')]), ...(shows ? ['', ...shows()] : []), '', ...numbered(choices, theme), '']);
			const range = choices.length === 1 ? '1' : `1 to ${choices.length}`;
			const prompt = byDefault === undefined ? ` A number, ${range}: ` : ` A number; Enter alone is ${byDefault}: `;
			for (;;) {
				// One at a time, by nature.
				const typed = (await ask(prompt, {signal})).trim();
				const number = typed === '' ? byDefault : /^\d{1,3}$/.test(typed) ? Number(typed) : undefined;
				const choice = number === undefined ? undefined : choices[number - 1];
				if (choice) {
					return choice.value;
				}

				show(indent(typed === '' ? `This one is yours to decide: type a number from ${range}.` : `${JSON.stringify(cleanLine(typed, 40))} is not one of them: type a number from ${range}${byDefault === undefined ? '' : `, or Enter alone for ${byDefault}`}.`, theme.columns, ' '));
			}
		},
		async text({under = [], says, explain, default: byDefault, sign, signal, read, check}) {
			show([...(under.length === 0 ? [] : ['', ...under]), ...(says === '' ? [] : ['', ...indent(says, theme.columns, ' ')]), ...(explain === undefined ? [] : indent(explain, theme.columns, ' '))]);
			for (;;) {
				const typed = (await ask(sign === undefined ? byDefault === undefined ? ' > ' : ` Enter alone is ${byDefault}: ` : ` ${sign} `, {signal})).trim();
				const text = typed === '' && sign === undefined ? byDefault : typed;
				const result = text === undefined ? {wrong: 'An answer is needed here.'} : read(text);
				const wrong = 'wrong' in result ? result.wrong : await check?.(result.value);
				if ('value' in result && wrong === undefined) {
					return result.value;
				}

				show(indent(wrong!, theme.columns, ' '));
			}
		},
		async secret(says) {
			for (;;) {
				const typed = await ask(` ${says} `, {hidden: true});
				if (typed !== '') {
					return typed;
				}

				show([' An answer is needed here.']);
			}
		},
	};
};
