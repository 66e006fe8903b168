import {readFileSync} from 'node:fs';
import type {Console} from '../../source/practice/console.js';

/** What a real server answered, in the order it was asked: the files in snapshots/servers. */
export type Entry =
	| {readonly do: 'ask'; readonly line: string; readonly argv: readonly string[]; readonly stdin: string; readonly out: string; readonly err: string; readonly code: number | undefined}
	| {readonly do: 'write' | 'append'; readonly path: string; readonly mode: number | undefined; readonly content: string}
	| {readonly do: 'remove'; readonly path: string}
	| {readonly do: 'install'; readonly name: string}
	| {readonly do: 'wait'; readonly seconds: number};

/** Words as bash's `printf %q` writes them. */
const words = (line: string): string[] => [...line.matchAll(/(?:\$'(?:[^'\\]|\\.)*'|'[^']*'|\\.|[^\s\\'])+/gv)].map(([word]) => word.replaceAll(/\$'((?:[^'\\]|\\.)*)'|'([^']*)'|\\(.)/gv, (_, ansi?: string, single?: string, escaped?: string) => ansi?.replaceAll(String.raw`\n`, '\n') ?? single ?? escaped ?? ''));

const ask = (line: string, body: readonly string[]): Entry => {
	const [command = '', input = ''] = line.slice(2).split(' <<< ');
	let code: number | undefined;
	const out: string[] = [];
	const error: string[] = [];
	for (const one of body) {
		const rc = /^\[rc (\d+)\]$/v.exec(one)?.[1];
		if (rc !== undefined) {
			code = Number(rc);
		} else if (one.startsWith('[err] ')) {
			error.push(one.slice(6));
		} else if (code === undefined) {
			out.push(one);
		}
	}

	// Without an exit code a block ends with the empty line before the next.
	while (code === undefined && out.at(-1) === '') {
		out.pop();
	}

	const text = out.map(one => `${one}\n`).join('').replace(/\[no newline\]\n$/v, '');
	return {
		do: 'ask', line, argv: words(command), stdin: words(input).join('').replaceAll(String.raw`\n`, '\n'), out: text, err: error.map(one => `${one}\n`).join(''), code,
	};
};

export const readTranscript = (file: string): Entry[] => {
	const entries: Entry[] = [];
	for (const block of readFileSync(file, 'utf8').split(/^(?=\$ |@ )/mv)) {
		const [line = '', ...body] = block.split('\n');
		const [, verb, path = '', mode] = /^@ (\w+) (\S+)(?: (\d+))?$/v.exec(line) ?? [];
		if (line.startsWith('$ ')) {
			entries.push(ask(line, body));
		} else {
			switch (verb) {
				case 'write':
				case 'append': {
					entries.push({
						do: verb, path, mode: mode === undefined ? undefined : Number.parseInt(mode, 8), content: body.filter(one => one.startsWith('| ') || one === '|').map(one => `${one.slice(2)}\n`).join(''),
					});

					break;
				}

				case 'remove': {
					entries.push({do: 'remove', path});

					break;
				}

				case 'install': {
					entries.push({do: 'install', name: path});

					break;
				}

				case 'wait': {
					entries.push({do: 'wait', seconds: Number(path)});

					break;
				}
 // No default
			}
		}
	}

	return entries;
};

/** Does to the model what was done to the real server between two questions. */
export const follow = (console: Console, entry: Exclude<Entry, {do: 'ask'}>, clock: {pass: (seconds: number) => void}): void => {
	switch (entry.do) {
		case 'write': {
			console.write(entry.path, entry.content, entry.mode === undefined ? {} : {mode: entry.mode});
			break;
		}

		case 'append': {
			console.write(entry.path, (console.read(entry.path) ?? '') + entry.content);
			break;
		}

		case 'remove': {
			console.remove(entry.path);
			break;
		}

		case 'install': {
			console.run(['apt-get', '-y', 'install', entry.name]);
			break;
		}

		case 'wait': {
			clock.pass(entry.seconds);
			break;
		}

		default:
	}
};

/** What differs from server to server and day to day, made alike. */
export const alike = (text: string): string => text
	.replaceAll(/process \d+/gv, 'process N')
	.replaceAll(/pid=\d+/gv, 'pid=PID')
	.replaceAll(/\d{4}-\d\d-\d\d(?= 0 99999)/gv, 'DATE')
	.replaceAll(/on \w{3} \w{3} [ \d]\d [\d:]+ \d{4}/gv, 'on DATE');
