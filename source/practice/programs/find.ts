import path from 'node:path/posix';
import {entryAt, resolved} from '../file-tree.js';
import type {Entry, Machine} from '../state.js';
import {wildcard} from '../sshd/patterns.js';
import {
	notModelled,
	type Answer,
	type Call,
	type Said,
} from './command.js';

/** find, as far as its expressions are asked for: tests side by side hold together, `-o` stands between ways, `(` and `)` are words of their own. */
type Seen = {readonly file: string; readonly entry: Entry};
/** Whether it holds; what it prints comes by the way. */
type Expression = (seen: Seen, print: (text: string, stream?: Said['stream']) => void) => boolean;

const kinds = {file: 'f', folder: 'd', link: 'l'} as const;
const day = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);

const formatted = (call: Call, format: string, {file, entry}: Seen): string => format
	.replaceAll(String.raw`\n`, '\n')
	.replaceAll(/%(T.|.)/gv, (_, letters: string) => ({
		f: path.basename(file), p: file, TY: day(entry.mtime).slice(0, 4), Tm: day(entry.mtime).slice(5, 7), Td: day(entry.mtime).slice(8),
	})[letters] ?? notModelled(call));

class NoSuchFile extends Error {}

const since = (call: Call, file: string): number => {
	const entry = entryAt(call.droplet, file);
	if (!entry) {
		throw new NoSuchFile(file);
	}

	return entry.mtime;
};

const missing = (call: Call, file: string): Said => ({stream: 'err', text: `find: ${call.droplet.level === 'ubuntu-14.04' ? `\`${file}'` : `‘${file}’`}: No such file or directory\n`});

/** Tests and actions that take a word. */
const makers: Readonly<Record<string, (call: Call, value: string) => Expression>> = {
	'-name': (_call, value) => ({file}) => wildcard(path.basename(file), value),
	'-type': (_call, value) => ({entry}) => kinds[entry.type] === value,
	'-mmin': ({now}, value) => ({entry}) => value.startsWith('-') ? (now / 1000) - entry.mtime < -Number(value) * 60 : notModelled({name: 'find', args: ['-mmin', value]}),
	'-cnewer'(call, value) {
		const than = since(call, value);
		return ({entry}) => entry.mtime > than;
	},
	'-printf': (call, value) => (seen, print) => {
		print(formatted(call, value, seen));
		return true;
	},
};

/** `-exec COMMAND ;`, without the file's name in it. It holds where the command ends well. */
const exec = (call: Call, words: string[]): Expression => {
	const end = words.indexOf(';');
	const argv = end === -1 ? notModelled(call) : words.splice(0, end + 1).slice(0, -1);
	if (argv.includes('{}')) {
		return notModelled(call);
	}

	return (_seen, print) => {
		const {code, said, noSuchCommand} = call.run(argv);
		for (const {text, stream} of said) {
			print(text, stream);
		}

		if (noSuchCommand) {
			print(`find: ‘${argv[0]!}’: No such file or directory\n`, 'err');
		}

		return code === 0;
	};
};

const parse = (call: Call, words: string[]): Expression => {
	const ways: Expression[][] = [[]];
	while (words.length > 0 && words[0] !== ')') {
		const word = words.shift()!;
		switch (word) {
			case '-o': {
				ways.push([]);
				break;
			}

			case '(': {
				ways.at(-1)!.push(parse(call, words));
				words.shift();
				break;
			}

			case '-exec': {
				ways.at(-1)!.push(exec(call, words));
				break;
			}

			default: {
				const make = Object.hasOwn(makers, word) ? makers[word]! : notModelled(call);
				ways.at(-1)!.push(make(call, words.shift() ?? notModelled(call)));
			}
		}
	}

	return (seen, print) => ways.some(all => all.every(one => one(seen, print)));
};

/** `-maxdepth` and `-mindepth` are no tests: they hold for all of it. */
const depths = (call: Call, words: string[]): {least: number; most: number} => {
	const take = (word: string, otherwise: number): number => {
		const at = words.indexOf(word);
		return at === -1 ? otherwise : Number(words.splice(at, 2)[1] ?? notModelled(call));
	};

	return {least: take('-mindepth', 0), most: take('-maxdepth', Infinity)};
};

function * below({droplet}: Machine, folder: string): Generator<Seen & {depth: number}> {
	const real = resolved(droplet, folder);
	const shown = folder.replace(/(.)\/$/v, '$1');
	for (const [file, entry] of Object.entries(droplet.files).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
		if (!(file === real || file.startsWith(`${real}/`))) {
			continue;
		}

		const rest = file.slice(real.length);
		yield {file: `${shown}${rest}`, entry, depth: rest.split('/').length - 1};
	}
}

const search = (call: Call): Answer => {
	const first = call.args.findIndex(word => word.startsWith('-') || word === '(');
	const words = first === -1 ? [] : call.args.slice(first);
	const {least, most} = depths(call, words);
	const prints = words.includes('-printf') || words.includes('-exec');
	const holds = parse(call, words);
	const said: Said[] = [];
	let ends = 0;
	for (const folder of call.args.slice(0, first === -1 ? undefined : first)) {
		if (!entryAt(call.droplet, folder)) {
			said.push(missing(call, folder));
			ends = 1;
			continue;
		}

		for (const {depth, ...seen} of below(call, folder)) {
			const print = (text: string, stream: Said['stream'] = 'out'): void => {
				said.push({stream, text});
			};

			if (depth >= least && depth <= most && holds(seen, print) && !prints) {
				print(`${seen.file}\n`);
			}
		}
	}

	return {code: ends, said};
};

export const find = (call: Call): Answer => {
	try {
		return search(call);
	} catch (error) {
		if (error instanceof NoSuchFile) {
			return {code: 1, said: [missing(call, error.message)]};
		}

		throw error;
	}
};
