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
	const end = body.findIndex(one => /^\[rc \d+\]$/v.test(one));
	const said = end === -1 ? body : body.slice(0, end);
	// Without an exit code a block ends with the empty line before the next.
	const text = said.filter(one => !one.startsWith('[err] ')).map(one => `${one}\n`).join('');
	const out = end === -1 ? `${text.trimEnd()}\n` : text.replace('[no newline]\n', '');
	return {
		do: 'ask',
		line,
		argv: words(command),
		stdin: words(input).join('').replaceAll(String.raw`\n`, '\n'),
		out,
		err: said.filter(one => one.startsWith('[err] ')).map(one => `${one.slice(6)}\n`).join(''),
		code: end === -1 ? undefined : Number(/\d+/v.exec(body[end]!)?.[0]),
	};
};

const entryOf = (block: string): Entry | undefined => {
	const [line = '', ...body] = block.split('\n');
	const [, verb, path = '', mode] = /^@ (\w+) (\S+)(?: (\d+))?$/v.exec(line) ?? [];
	const content = body.filter(one => one.startsWith('| ') || one === '|').map(one => `${one.slice(2)}\n`).join('');
	if (line.startsWith('$ ')) {
		return ask(line, body);
	}

	if (verb === 'write' || verb === 'append') {
		return {
			do: verb, path, mode: mode === undefined ? undefined : Number.parseInt(mode, 8), content,
		};
	}

	const others: Readonly<Record<string, Entry>> = {remove: {do: 'remove', path}, install: {do: 'install', name: path}, wait: {do: 'wait', seconds: Number(path)}};
	return others[verb ?? ''];
};

export const readTranscript = (file: string): Entry[] =>
	readFileSync(file, 'utf8').split(/^(?=[$@] )/mv).map(block => entryOf(block)).filter(entry => entry !== undefined);

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
	}
};

/** What differs from server to server and day to day, made alike. */
export const alike = (text: string): string => text
	// Our own words in a file of settings are not as many lines as its package's.
	.replaceAll(/(?<=Error occurred at line: )\d+/gv, 'N')
	.replaceAll(/process \d+/gv, 'process N')
	.replaceAll(/pid=\d+/gv, 'pid=PID')
	.replaceAll(/\d{4}-\d\d-\d\d(?= 0 99999)/gv, 'DATE')
	.replaceAll(/on \w{3} \w{3} [ \d]\d [\d:]+ \d{4}/gv, 'on DATE');

/** What a file of settings says: without what is said about it, which is the package's own and not repeated here. */
export const settings = (text: string): string => text.split('\n').filter(line => line.trim() !== '' && !/^#(?!##)/v.test(line)).join('\n');
