import {contentOf, isFolder, writeFile} from '../file-tree.js';
import {
	fails,
	notModelled,
	options,
	says,
	type Answer,
	type Call,
	type CommandSet,
	type Said,
} from './command.js';

/** grep and sed, as far as people paste them: for files, a pattern or one change. Anything else is a gap. */
const missing = 'No such file or directory';

/** An expression of the tools' own kind. In a basic one some signs are letters unless a backslash stands before them. */
const asPattern = (call: Call, text: string, {isExtended, flags}: {readonly isExtended: boolean; readonly flags: string}): RegExp => {
	const source = isExtended ? text : text.replaceAll(/\\?[+?\|\(\)\{\}]/gv, sign => sign.startsWith('\\') ? sign.slice(1) : `\\${sign}`);
	try {
		return new RegExp(source, flags);
	} catch {
		return notModelled(call);
	}
};

const linesOf = (content: string): readonly string[] => content.replace(/\n$/v, '').split('\n');

const grep = (call: Call): Answer => {
	const {has, rest} = options(call, ['-n', '-i', '-v', '-q', '-c', '-E', '--line-number', '--ignore-case', '--invert-match', '--quiet', '--count']);
	const [text, ...files] = rest;
	if (text === undefined || files.length === 0) {
		return notModelled(call);
	}

	const pattern = asPattern(call, text, {isExtended: has('-E'), flags: has('-i', '--ignore-case') ? 'i' : ''});
	let isFound = false;
	const said = files.flatMap((file): readonly Said[] => {
		const content = contentOf(call, file);
		if (content === undefined) {
			return [{stream: 'err', text: `grep: ${file}: ${isFolder(call.droplet, file) ? 'Is a directory' : missing}\n`}];
		}

		const found = linesOf(content).map((line, index) => ({line, number: index + 1})).filter(({line}) => pattern.test(line) !== has('-v', '--invert-match'));
		isFound ||= found.length > 0;
		const where = files.length > 1 ? `${file}:` : '';
		return has('-c', '--count')
			? [{stream: 'out', text: `${where}${found.length}\n`}]
			: found.map(({line, number}): Said => ({stream: 'out', text: `${where}${has('-n', '--line-number') ? `${number}:` : ''}${line}\n`}));
	});
	const isMissing = said.some(({stream}) => stream === 'err');
	return {code: isMissing ? 2 : isFound ? 0 : 1, said: has('-q', '--quiet') ? said.filter(({stream}) => stream === 'err') : said};
};

type Change = (line: string, number: number) => readonly string[];

/** `s/OLD/NEW/`, with any sign for the slash; `3i TEXT`; `3d`; `/PATTERN/d`. */
const changeOf = (call: Call, script: string, isExtended: boolean): Change => {
	const substitution = /^s(?<sign>[^\w\s\\])(?<old>(?:\\.|(?!\k<sign>).)*)\k<sign>(?<now>(?:\\.|(?!\k<sign>).)*)\k<sign>(?<flags>[gi]*)$/v.exec(script)?.groups;
	if (substitution) {
		const {sign = '', old = '', now = '', flags = ''} = substitution;
		const pattern = asPattern(call, old.replaceAll(`\\${sign}`, sign), {isExtended, flags});
		const replacement = now.replaceAll(`\\${sign}`, sign).replaceAll('$', '$$$$').replaceAll(/\\(?=\d)/gv, '$$').replaceAll(/(?<!\\)&/gv, '$$&').replaceAll(String.raw`\&`, '&');
		return line => [line.replace(pattern, replacement)];
	}

	const {at, text} = /^(?<at>\d+)i ?\\?(?<text>.+)$/v.exec(script)?.groups ?? {};
	if (at !== undefined) {
		return (line, number) => number === Number(at) ? [text!, line] : [line];
	}

	const {number: gone, within} = /^(?:(?<number>\d+)|\/(?<within>(?:\\.|[^\/])+)\/)d$/v.exec(script)?.groups ?? {};
	const pattern = within === undefined ? undefined : asPattern(call, within.replaceAll(String.raw`\/`, '/'), {isExtended, flags: ''});
	return gone === undefined && pattern === undefined
		? notModelled(call)
		: (line, number) => (pattern ? pattern.test(line) : number === Number(gone)) ? [] : [line];
};

const sed = (call: Call): Answer => {
	const {has, rest} = options(call, ['-i', '-E', '-r', '--in-place']);
	const [script, ...files] = rest;
	if (script === undefined || files.length === 0) {
		return notModelled(call);
	}

	const change = changeOf(call, script, has('-E', '-r'));
	const contents = files.map(file => contentOf(call, file));
	const lost = files[contents.indexOf(undefined)];
	if (lost !== undefined) {
		return fails(2, `sed: can't read ${lost}: ${missing}\n`);
	}

	const changed = contents.map(content => linesOf(content!).flatMap((line, index) => change(line, index + 1)).map(line => `${line}\n`).join(''));
	if (!has('-i', '--in-place')) {
		return says(changed.join(''));
	}

	for (const [index, file] of files.entries()) {
		writeFile(call, file, changed[index]!);
	}

	return says('');
};

export const textCommands: CommandSet = {commands: {grep, sed}};
