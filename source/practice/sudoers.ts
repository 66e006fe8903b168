import {groupsOf, userNamed} from './accounts.js';
import {entryOf, namesIn, textOf} from './file-tree.js';
import type {Droplet} from './state.js';

/** sudo's rules, read from the droplet's /etc/sudoers and the files it includes. Covers what people write by hand; aliases do not occur here. */
export type SudoRule = {who: string; runAs: string; noPassword: boolean; commands: string};

type Bad = {file: string; line: number; text: string; column: number; length: number};
export type Sudoers = {rules: SudoRule[]; defaults: string[]; bad: Bad | undefined; /** What sudo said of files it would not read. */ warnings: string[]};

const rulePattern = /^(?<who>[%\w#][\w.\-]*)\s+ALL\s*=\s*(?:\((?<as>[^\)]*)\)\s*)?(?<tags>(?:(?:NOPASSWD|PASSWD|SETENV)\s*:\s*)*)(?<commands>ALL|\/\S.*)$/v;

/** Where sudo's parser stumbles, near enough: after what it still understood. */
const stumble = (text: string): {column: number; length: number} => {
	const inside = /\([^\s\(\)]+\s+(?<next>[^\s:]+)/dv.exec(text);
	if (inside) {
		const [start, end] = inside.indices!.groups!.next!;
		return {column: start + 1, length: end - start + 1};
	}

	return {column: text.length + 1, length: 1};
};

export const included = (droplet: Droplet, folder: string): string[] =>
	namesIn(droplet, folder).filter(name => !name.endsWith('~') && !name.includes('.')).map(name => `${folder}/${name}`).filter(file => entryOf(droplet, file)?.type === 'file');

/** Why sudo does not trust a file it was told to include; undefined where it does (L). */
export const distrusted = (droplet: Droplet, file: string): string | undefined => {
	const {mode, uid, gid} = entryOf(droplet, file)!;
	if (uid !== 0) {
		return `is owned by uid ${uid}, should be 0`;
	}

	if ((mode & 0o002) !== 0) {
		return 'is world writable';
	}

	return (mode & 0o020) !== 0 && gid !== 0 ? `is owned by gid ${gid}, should be 0` : undefined;
};

const readInto = (found: Sudoers, droplet: Droplet, file: string): void => {
	const content = textOf(droplet, file);
	const lines = content.split('\n');
	// 1.8 wants the last line ended; 1.9 does not care (T, verified.md 5).
	if (droplet.level === 'ubuntu-14.04' && content !== '' && !content.endsWith('\n')) {
		found.bad ??= {
			file, line: lines.length, text: lines.at(-1)!, column: 1, length: 1,
		};
	}

	for (const [index, raw] of lines.entries()) {
		const line = raw.trim();
		const folder = /^[@#]includedir\s+(\S+)$/v.exec(line)?.[1];
		const rule = rulePattern.exec(line)?.groups;
		if (folder !== undefined) {
			for (const one of included(droplet, folder)) {
				const why = distrusted(droplet, one);
				if (why === undefined) {
					readInto(found, droplet, one);
				} else {
					// 1.9 leaves out the name by mistake (L).
					found.warnings.push(`sudo: ${droplet.level === 'ubuntu-14.04' ? one : ''} ${why}\n`);
				}
			}
		} else if (/^Defaults\b/v.test(line)) {
			found.defaults.push(...line.replace(/^Defaults\s*/v, '').split(/,\s*/v));
		} else if (rule) {
			found.rules.push({
				who: rule.who!, runAs: rule.as?.trim() ?? 'root', noPassword: (rule.tags!.match(/(?:NO)?PASSWD/gv)?.at(-1) ?? '') === 'NOPASSWD', commands: rule.commands!,
			});
		} else if (line !== '' && !line.startsWith('#')) {
			found.bad ??= {
				file, line: index + 1, text: raw, ...stumble(raw),
			};
		}
	}
};

/** Reads one file, or all that sudo reads. */
export const readSudoers = (droplet: Droplet, file = '/etc/sudoers'): Sudoers => {
	const found: Sudoers = {
		rules: [], defaults: [], bad: undefined, warnings: [],
	};
	readInto(found, droplet, file);
	return found;
};

/** The rules about a user, in order. */
export const rulesFor = (droplet: Droplet, name: string): SudoRule[] => {
	const user = userNamed(droplet, name);
	const groups = user ? groupsOf(droplet, user).map(group => `%${group.name}`) : [];
	return user ? readSudoers(droplet).rules.filter(({who}) => who === name || who === 'ALL' || groups.includes(who)) : [];
};

/** Whether sudo does anything at all: 1.8 gives up at a bad line, 1.9 warns of it and goes on (T, L). */
export const sudoWorks = (droplet: Droplet): boolean => Object.hasOwn(droplet.packages, 'sudo') && (droplet.level !== 'ubuntu-14.04' || readSudoers(droplet).bad === undefined);

/** Whether a user may become root: sudo takes the last rule that fits. */
export const becomesRoot = (droplet: Droplet, name: string): 'freely' | 'with-password' | 'no' => {
	const last = rulesFor(droplet, name).findLast(({runAs, commands}) => commands === 'ALL' && /^(?:ALL|root)\b/v.test(runAs));
	if (!last || !sudoWorks(droplet)) {
		return 'no';
	}

	return last.noPassword ? 'freely' : 'with-password';
};
