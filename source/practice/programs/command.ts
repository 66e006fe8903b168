import {NotModelled, type Machine} from '../state.js';

/** What a command is given. It always runs as root, as the carrier does; `from` is who is connected. */
export type Call = Machine & {
	/** The command's own name, without a folder. */
	name: string;
	args: readonly string[];
	stdin: string;
	/** Runs another command in its place: `env`, `timeout`. */
	run: (argv: readonly string[]) => Answer;
	/** SSH_CONNECTION of whoever asks; undefined where nobody is connected, as for a guard. */
	connection?: string | undefined;
};

export type Said = {readonly stream: 'out' | 'err'; readonly text: string};

/** What a command says and how it ends. `seconds`: how long the real thing takes, for people who watch. */
export type Answer = {
	readonly code: number;
	readonly said: readonly Said[];
	readonly seconds?: number;
	readonly noSuchCommand?: true;
	/** It asked this, what is not answered on its input took for a no, and what it says begins with it. */
	readonly asked?: string;
};

export type Command = (call: Call) => Answer;

/** Commands by name, and the package without which there are none of them (none: always there). */
export type CommandSet = {readonly package?: string; readonly only?: Machine['droplet']['level']; readonly commands: Readonly<Record<string, Command>>};

export const says = (out: string, seconds?: number): Answer => ({code: 0, said: out === '' ? [] : [{stream: 'out', text: out}], ...(seconds === undefined ? {} : {seconds})});
export const fails = (code: number, error: string): Answer => ({code, said: error === '' ? [] : [{stream: 'err', text: error}]});

export const textOfAnswer = (answer: Answer, stream: 'out' | 'err'): string => answer.said.filter(said => said.stream === stream).map(({text}) => text).join('');

/** A call as one would type it, for a complaint. */
export const asTyped = ({name, args}: Pick<Call, 'name' | 'args'>): string => `'${[name, ...args].join(' ')}'`;

export const notModelled = (call: Pick<Call, 'name' | 'args'>): never => {
	throw new NotModelled(asTyped(call));
};

/**
Sorts a command's words into options and operands. `flags` stand alone; `values` take the next word or what follows `=`; short ones may be run together.

Any other option is a gap in the model and says so.
*/
export const options = (call: Call, flags: readonly string[], values: readonly string[] = []): {has: (...names: string[]) => boolean; value: (...names: string[]) => string | undefined; all: (name: string) => string[]; rest: string[]} => {
	const found = new Map<string, string[]>();
	const rest: string[] = [];
	const words = [...call.args];
	const note = (name: string, value = '') => found.set(name, [...(found.get(name) ?? []), value]);
	while (words.length > 0) {
		const word = words.shift()!;
		const [long = '', inline] = word.startsWith('--') ? word.split(/=(.*)/sv) : [];
		if (word === '--') {
			rest.push(...words.splice(0));
		} else if (flags.includes(word)) {
			note(word);
		} else if (values.includes(word) && words.length > 0) {
			note(word, words.shift());
		} else if (inline !== undefined && (values.includes(long) || flags.includes(long))) {
			note(long, inline);
		} else if (/^-[A-Za-z]{2,}$/v.test(word) && [...word.slice(1)].every((letter, index, letters) => flags.includes(`-${letter}`) || (index === letters.length - 1 && values.includes(`-${letter}`)))) {
			for (const letter of word.slice(1)) {
				note(`-${letter}`, values.includes(`-${letter}`) ? words.shift() : '');
			}
		} else if (word.startsWith('-') && word !== '-') {
			notModelled(call);
		} else {
			rest.push(word);
		}
	}

	return {
		has: (...names) => names.some(name => found.has(name)),
		value: (...names) => names.map(name => found.get(name)?.at(-1)).find(value => value !== undefined),
		all: name => found.get(name) ?? [],
		rest,
	};
};
