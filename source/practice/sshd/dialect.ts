import type {Level} from '../state.js';
import {openssh66} from './openssh-6.6.js';
import {openssh10} from './openssh-10.0.js';

/** What one release of sshd knows: its keywords, what they may say, what they say when nobody does, and the order `sshd -T` prints them in. */
export type Keyword = {
	name: string;
	/** How its value is read; see values.ts. */
	kind: string;
	/** What it says by itself; undefined: `sshd -T` does not print it then. */
	byItself: string | undefined;
	/** Whether it may stand in a Match block. */
	inMatch: boolean;
};

export type Dialect = {
	release: '6.6' | '10.0';
	keywords: ReadonlyMap<string, Keyword>;
	/** Other spellings of keywords. */
	aliases: ReadonlyMap<string, string>;
	/** Keywords it warns of and ignores; false: ignores silently. */
	deprecated: ReadonlyMap<string, boolean>;
	/** What each family of algorithms may name. */
	algorithms: Readonly<Record<string, ReadonlySet<string>>>;
	hasInclude: boolean;
	/** Match attributes it knows. */
	attributes: ReadonlySet<string>;
};

export type Description = {
	release: Dialect['release'];
	/** A keyword a line: name, kind, `m` where it may stand in a Match block or `-`, and what it says by itself (`-`: nothing). */
	keywords: string;
	aliases: Record<string, string>;
	warns: string;
	ignores: string;
	alsoKnows: Record<string, string>;
	hasInclude: boolean;
	attributes: string;
};

const words = (text: string): string[] => text.split(/\s+/v).filter(Boolean);

const dialect = (description: Description): Dialect => {
	const keywords = new Map<string, Keyword>();
	for (const line of description.keywords.split('\n').filter(Boolean)) {
		const [name = '', kind = '', match = '', ...rest] = line.split(' ');
		const byItself = rest.join(' ');
		keywords.set(name, {
			name, kind, byItself: byItself === '-' ? undefined : byItself.replace(/^""$/v, ''), inMatch: match === 'm',
		});
	}

	const algorithms: Record<string, ReadonlySet<string>> = {};
	for (const [name, more] of Object.entries(description.alsoKnows)) {
		algorithms[name] = new Set([...(keywords.get(name)?.byItself ?? '').split(','), ...words(more)]);
	}

	return {
		release: description.release,
		keywords,
		aliases: new Map(Object.entries(description.aliases)),
		deprecated: new Map([...words(description.warns).map(word => [word, true] as const), ...words(description.ignores).map(word => [word, false] as const)]),
		algorithms,
		hasInclude: description.hasInclude,
		attributes: new Set(words(description.attributes)),
	};
};

const dialects: Record<Level, Dialect> = {'ubuntu-14.04': dialect(openssh66), 'debian-13': dialect(openssh10)};

export const dialectOf = (level: Level): Dialect => dialects[level];
