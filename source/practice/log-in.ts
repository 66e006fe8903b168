import path from 'node:path/posix';
import {
	groupsOf,
	passwordExpired,
	passwordFits,
	shadowOf,
	userNamed,
	type User,
} from './accounts.js';
import {contentOf, entryOf} from './file-tree.js';
import {effective, type EffectiveSettings} from './sshd/effective.js';
import {matchesUser, wildcard} from './sshd/patterns.js';
import type {Droplet, Machine} from './state.js';

/** Who gets in: what the running sshd has loaded decides, not what its files say. */
export type Credentials = {user: string; /** Public keys as in authorized_keys, without comments. */ keys: readonly string[]; password?: string | undefined};

export const loadedFor = (droplet: Droplet, user: string, from: string): EffectiveSettings => effective(droplet, droplet.services.ssh!.loaded ?? [], {user, host: from, address: from});

/** In the order sshd names them. */
const ways = (settings: EffectiveSettings): string[] => [
	['publickey', 'pubkeyauthentication'],
	['password', 'passwordauthentication'],
	['keyboard-interactive', 'kbdinteractiveauthentication'],
].filter(([, keyword]) => settings.get(keyword!)?.[0] === 'yes').map(([way]) => way!);

const firstOfLists = (settings: EffectiveSettings, offered: readonly string[]): string[] => {
	const said = settings.get('authenticationmethods')?.[0] ?? '';
	if (said === '' || said === 'any') {
		return [...offered];
	}

	const first = new Set(said.split(' ').map(list => list.split(',')[0]!.split(':')[0]!));
	return offered.filter(way => first.has(way));
};

/** What sshd offers somebody who has shown nothing yet. PermitRootLogin without-password leaves `password` in the list: sshd refuses it only when tried. */
export const methodsOffered = (droplet: Droplet, user: string, from: string): string[] => {
	const settings = loadedFor(droplet, user, from);
	return firstOfLists(settings, ways(settings));
};

const allowed = (droplet: Droplet, user: User, from: string, settings: EffectiveSettings): boolean => {
	const groups = groupsOf(droplet, user).map(({name}) => name);
	const listed = (keyword: string, fits: (pattern: string) => boolean) => settings.get(keyword)?.some(pattern => fits(pattern));
	const isUser = (pattern: string) => matchesUser(user.name, from, pattern);
	const isGroup = (pattern: string) => groups.some(group => wildcard(group, pattern));
	return !listed('denyusers', isUser) && listed('allowusers', isUser) !== false && !listed('denygroups', isGroup) && listed('allowgroups', isGroup) !== false;
};

/** StrictModes: file and folders up to the home must belong to the user or root, and be writable by nobody else. */
const trusted = (droplet: Droplet, file: string, user: User): boolean => {
	const check = (at: string): boolean => {
		const entry = entryOf(droplet, at);
		return entry !== undefined && [0, user.uid].includes(entry.uid) && (entry.mode & 0o022) === 0;
	};

	for (let at = file; ; at = path.dirname(at)) {
		if (!check(at)) {
			return false;
		}

		if (at === user.home || at === '/') {
			return true;
		}
	}
};

const keyFits = (machine: Machine, user: User, settings: EffectiveSettings, keys: readonly string[]): boolean => {
	const files = (settings.get('authorizedkeysfile')?.[0] ?? '').split(' ').map(pattern => path.resolve(user.home, pattern.replaceAll('%h', () => user.home).replaceAll('%u', () => user.name)));
	return files.some(file => {
		const content = contentOf(machine, file);
		if (content === undefined || (settings.get('strictmodes')?.[0] === 'yes' && !trusted(machine.droplet, file, user))) {
			return false;
		}

		const lines = content.split('\n').filter(line => !line.trimStart().startsWith('#'));
		return keys.some(key => lines.some(line => ` ${line} `.includes(` ${key.split(' ').slice(0, 2).join(' ')} `)));
	});
};

const shellRuns = (droplet: Droplet, {shell}: User): boolean => shell === '' || (entryOf(droplet, shell) !== undefined && !/(?:nologin|false)$/v.test(shell));

/** Tries to log in. `ways`: what sshd offered, whatever comes of it. */
export const tryLogIn = (machine: Machine, {user: name, keys, password}: Credentials, from: string): {in: boolean; ways: string[]; by?: 'key' | 'password'; expired?: true} => {
	const {droplet} = machine;
	const settings = loadedFor(droplet, name, from);
	const offered = firstOfLists(settings, ways(settings));
	const user = userNamed(droplet, name);
	const root = settings.get('permitrootlogin')?.[0];
	if (!user || !allowed(droplet, user, from, settings) || (name === 'root' && root === 'no') || !shellRuns(droplet, user)) {
		return {in: false, ways: offered};
	}

	// Without PAM a locked account opens to no key either.
	const locked = (shadowOf(droplet, name)?.[0] ?? '').startsWith('!') && !/^(?:yes|1)$/v.test(settings.get('usepam')?.[0] ?? 'yes');
	const byKey = offered.includes('publickey') && !locked && keyFits(machine, user, settings, keys);
	const byPassword = password !== undefined && (offered.includes('password') || offered.includes('keyboard-interactive')) && (name !== 'root' || root === 'yes') && passwordFits(droplet, name, password);
	// Several methods in one list must all succeed; the model knows lists of one.
	return !byKey && !byPassword
		? {in: false, ways: offered}
		: {
			in: true, ways: offered, by: byKey ? 'key' : 'password', ...(passwordExpired(droplet, name) ? {expired: true} : {}),
		};
};
