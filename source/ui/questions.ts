import {cleanLine} from './clean.js';
import type {Input} from './input.js';
import type {Look} from './look.js';
import {indent} from './words.js';

export type Choice<T> = {readonly label: string; readonly note?: string; readonly value: T};

/** The person's input ended, or they pressed Ctrl-C, while something was asked. */
export class NoAnswer extends Error {
	override readonly name = 'NoAnswer';
}

export type Questions = {
	/** One of several, by number. Enter alone takes the default; without a default a number must be typed. */
	choose<T>(question: {readonly says?: string; readonly choices: ReadonlyArray<Choice<T>>; /** Its number, from 1. */ readonly default?: number | undefined}): Promise<T>;
	/** A line of text. `read` turns it into a value or says what is wrong with it. */
	text<T>(question: {readonly says: string; readonly explain?: string; readonly default?: string | undefined; readonly read: (text: string) => {readonly value: T} | {readonly wrong: string}}): Promise<T>;
	/** A password: not shown, not kept, not trimmed. */
	secret(says: string): Promise<string>;
};

export const numbered = <T>(choices: ReadonlyArray<Choice<T>>, look: Look): readonly string[] => {
	const widest = Math.max(...choices.map(({label}) => [...label].length));
	return choices.flatMap(({label, note}, index) => {
		const head = `   ${index + 1}  ${label}`;
		if (note === undefined) {
			return [head];
		}

		const line = `${head}${' '.repeat(widest - [...label].length)}   ${note}`;
		return [...line].length <= look.columns ? [line] : [head, ...indent(note, look.columns, ' '.repeat(6))];
	});
};

/** Questions on lines: numbers and words, Enter for the default. Works for a pipe and a screen reader alike. */
export const askInLines = (input: Input, say: (line: string) => void, look: Look): Questions => {
	const show = (lines: readonly string[]): void => {
		for (const line of lines) {
			say(line);
		}
	};

	const ask = async (prompt: string, hidden = false): Promise<string> => {
		const line = await input.line(prompt, hidden);
		if (line === undefined) {
			throw new NoAnswer('The input ended');
		}

		return line;
	};

	return {
		async choose({says, choices, default: byDefault}) {
			show([...(says === undefined ? [] : ['', ...indent(says, look.columns, ' ')]), '', ...numbered(choices, look), '']);
			const range = choices.length === 1 ? '1' : `1 to ${choices.length}`;
			const prompt = byDefault === undefined ? ` A number, ${range}: ` : ` A number; Enter alone is ${byDefault}: `;
			for (;;) {
				// One at a time, by nature.
				const typed = (await ask(prompt)).trim();
				const number = typed === '' ? byDefault : /^\d{1,3}$/.test(typed) ? Number(typed) : undefined;
				const choice = number === undefined ? undefined : choices[number - 1];
				if (choice) {
					return choice.value;
				}

				show(indent(typed === '' ? `This one is yours to decide: type a number from ${range}.` : `${JSON.stringify(cleanLine(typed, 40))} is not one of them: type a number from ${range}${byDefault === undefined ? '' : `, or Enter alone for ${byDefault}`}.`, look.columns, ' '));
			}
		},
		async text({says, explain, default: byDefault, read}) {
			show(['', ...indent(says, look.columns, ' '), ...(explain === undefined ? [] : indent(explain, look.columns, ' ').map(line => look.paint.dim(line)))]);
			for (;;) {
				const typed = (await ask(byDefault === undefined ? ' > ' : ` Enter alone is ${byDefault}: `)).trim();
				const text = typed === '' ? byDefault : typed;
				const result = text === undefined ? {wrong: 'An answer is needed here.'} : read(text);
				if ('value' in result) {
					return result.value;
				}

				show(indent(result.wrong, look.columns, ' '));
			}
		},
		async secret(says) {
			return ask(` ${says} `, true);
		},
	};
};
