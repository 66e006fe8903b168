import path from 'node:path/posix';
import type {Criterion, Directive, Droplet} from '../state.js';
import {entryOf, isFolder, namesIn} from '../file-tree.js';
import {dialectOf, type Dialect} from './dialect.js';
import {wildcard} from './patterns.js';
import {Fatal, kinds} from './values.js';

/** What sshd makes of its configuration: the lines it understood, or why it will not start. `said` is on standard error in either case, its lines ended as sshd ends those of its log. */
export type Parsed = {directives: Directive[]; said: string; code: number};

type Reading = {dialect: Dialect; droplet: Droplet; directives: Directive[]; said: string[]};

const words = (line: string): string[] | undefined => {
	const found: string[] = [];
	let rest = line.trim();
	while (rest !== '' && !rest.startsWith('#')) {
		const [whole, quoted, plain] = /^(?:"([^"]*)"|([^\s"]+))\s*/v.exec(rest) ?? [];
		if (whole === undefined) {
			return undefined;
		}

		found.push(quoted ?? plain!);
		rest = rest.slice(whole.length);
	}

	return found;
};

const matchLine = (values: readonly string[], dialect: Dialect): Criterion[] => {
	const criteria: Criterion[] = [];
	for (let at = 0; at < values.length;) {
		const attribute = values[at]!.toLowerCase();
		if (!dialect.attributes.has(attribute)) {
			throw new Fatal('Bad Match condition', `Unsupported Match attribute ${values[at]!}`);
		}

		const alone = attribute === 'all' || attribute === 'invalid-user';
		criteria.push({attribute, pattern: alone ? '' : values[at + 1] ?? ''});
		at += alone ? 1 : 2;
	}

	return criteria;
};

const included = (droplet: Droplet, pattern: string): string[] => {
	const full = path.resolve('/etc/ssh', pattern);
	const folder = path.dirname(full);
	return isFolder(droplet, folder) ? namesIn(droplet, folder).filter(name => !name.startsWith('.') && wildcard(name, path.basename(full))).map(name => path.join(folder, name)) : [];
};

const singles = new Set(['text', 'number', 'port', 'flag', 'bit', 'root', 'family', 'time', 'loglevel', 'startups', 'algorithms', 'forwarding', 'gateway', 'tunnel', 'compression', 'hostkey']);

const readLine = (reading: Reading, file: string, number: number, line: string, outer: Criterion[][], state: {when: Criterion[][]; bad: number}): void => {
	const {dialect, directives, said} = reading;
	const [keyword = '', ...values] = words(line.replace(/^(?<keyword>\s*[\w"]+)\s*=\s*/v, '$<keyword> ')) ?? ['"'];
	const name = dialect.aliases.get(keyword.toLowerCase()) ?? keyword.toLowerCase();
	if (name === '') {
		return;
	}

	const known = dialect.keywords.get(name);
	const special = name === 'match' || (name === 'include' && dialect.hasInclude);
	const deprecated = dialect.deprecated.get(name);
	if (name === '"') {
		said.push(`${file} line ${number}: invalid quotes`);
		state.bad++;
	} else if (deprecated !== undefined) {
		said.push(...(deprecated ? [`${file} line ${number}: Deprecated option ${keyword}`] : []));
	} else if (!known && !special) {
		said.push(`${file}: line ${number}: Bad configuration option: ${keyword}`);
		state.bad++;
	} else if (values.length === 0 && dialect.release === '10.0') {
		said.push(`${file} line ${number}: no argument after keyword "${keyword}"`);
		state.bad++;
	} else if (values.length === 0) {
		throw new Fatal('missing argument.');
	} else if (name === 'match') {
		state.when = [...outer, matchLine(values, dialect)];
	} else if (name === 'include') {
		for (const one of values.flatMap(pattern => included(reading.droplet, pattern))) {
			readFile(reading, one, state.when);
		}
	} else if (known && state.when.length > 0 && !known.inMatch) {
		throw new Fatal(`Directive '${keyword}' is not allowed within a Match block`);
	} else if (known && values.length > 1 && singles.has(known.kind.replace('~', ''))) {
		if (dialect.release === '6.6') {
			throw new Fatal(`garbage at end of line; "${values[1]!}".`);
		}

		said.push(`${file} line ${number}: keyword ${keyword} extra arguments at end of line`);
		state.bad++;
	} else if (known) {
		const shown = kinds[known.kind.replace('~', '')]!(values, {...known, name: known.kind === 'number' ? keyword : known.name}, dialect);
		directives.push({keyword: name, values: known.kind === 'many' ? values : [shown], when: state.when});
	}
};

const readFile = (reading: Reading, file: string, outer: Criterion[][]): void => {
	const entry = entryOf(reading.droplet, file);
	const state = {when: outer, bad: 0};
	for (const [index, line] of (entry?.type === 'file' ? entry.content : '').split('\n').entries()) {
		try {
			readLine(reading, file, index + 1, line, outer, state);
		} catch (error) {
			if (error instanceof Fatal && !error.placed) {
				reading.said.push(...(error.bare === undefined ? [] : [error.bare]));
				throw new Fatal(`${file} line ${index + 1}: ${error.message}`, undefined, true);
			}

			throw error;
		}
	}

	if (state.bad > 0) {
		throw new Fatal(`${file}: terminating, ${state.bad} bad configuration options`, undefined, true);
	}
};

/** Reads a configuration as sshd does when it starts. */
export const parseConfig = (droplet: Droplet, file = '/etc/ssh/sshd_config'): Parsed => {
	const reading: Reading = {
		dialect: dialectOf(droplet.level), droplet, directives: [], said: [],
	};
	if (entryOf(droplet, file)?.type !== 'file') {
		return {directives: [], said: `${file}: No such file or directory\r\n`, code: 1};
	}

	try {
		readFile(reading, file, []);
	} catch (error) {
		if (!(error instanceof Fatal)) {
			throw error;
		}

		return {directives: [], said: [...reading.said, error.message].map(line => `${line}\r\n`).join(''), code: 255};
	}

	return {directives: reading.directives, said: reading.said.map(line => `${line}\r\n`).join(''), code: 0};
};
