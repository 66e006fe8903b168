import {createHash} from 'node:crypto';
import type {Droplet} from './state.js';

/** Users and groups, read from the droplet's own /etc/passwd, /etc/group and /etc/shadow: there is no second copy. */
export type User = {name: string; uid: number; gid: number; comment: string; home: string; shell: string};
export type Group = {name: string; gid: number; members: string[]};

const linesOf = (droplet: Droplet, file: string): string[][] => {
	const entry = droplet.files[file];
	return entry?.type === 'file' ? entry.content.split('\n').filter(Boolean).map(line => line.split(':')) : [];
};

const setLines = (droplet: Droplet, file: string, lines: readonly string[][]): void => {
	const entry = droplet.files[file];
	if (entry?.type === 'file') {
		entry.content = lines.map(line => `${line.join(':')}\n`).join('');
	}
};

export const users = (droplet: Droplet): User[] => linesOf(droplet, '/etc/passwd').map(([name = '', , uid, gid, comment = '', home = '', shell = '']) => ({
	name, uid: Number(uid), gid: Number(gid), comment, home, shell,
}));

export const groups = (droplet: Droplet): Group[] => linesOf(droplet, '/etc/group').map(([name = '', , gid, members = '']) => ({name, gid: Number(gid), members: members.split(',').filter(Boolean)}));

export const userNamed = (droplet: Droplet, name: string): User | undefined => users(droplet).find(user => user.name === name);
export const nameOfUser = (droplet: Droplet, uid: number): string | undefined => users(droplet).find(user => user.uid === uid)?.name;
export const groupNamed = (droplet: Droplet, name: string): Group | undefined => groups(droplet).find(group => group.name === name);
export const nameOfGroup = (droplet: Droplet, gid: number): string | undefined => groups(droplet).find(group => group.gid === gid)?.name;

/** All groups of a user, the primary one first. */
export const groupsOf = (droplet: Droplet, user: User): Group[] => {
	const all = groups(droplet);
	return [...all.filter(group => group.gid === user.gid), ...all.filter(group => group.gid !== user.gid && group.members.includes(user.name))];
};

const shadow = '/etc/shadow';
/** A user's fields in /etc/shadow after the name: hash, day of change, minimum, maximum, warning. */
export const shadowOf = (droplet: Droplet, name: string): string[] | undefined => linesOf(droplet, shadow).find(([user]) => user === name)?.slice(1);

/** Sets or, with undefined, removes one account's line in one of the three files. */
export const setLine = (droplet: Droplet, file: '/etc/passwd' | '/etc/group' | '/etc/shadow' | '/etc/gshadow', name: string, fields: string[] | undefined): void => {
	const lines = linesOf(droplet, file);
	const at = lines.findIndex(([first]) => first === name);
	if (at === -1) {
		if (fields) {
			lines.push([name, ...fields]);
		}
	} else if (fields) {
		lines[at] = [name, ...fields];
	} else {
		lines.splice(at, 1);
	}

	setLines(droplet, file, lines);
};

export const setMembers = (droplet: Droplet, group: string, members: readonly string[]): void => {
	const found = groupNamed(droplet, group)!;
	setLine(droplet, '/etc/group', group, ['x', String(found.gid), members.join(',')]);
	if (droplet.files['/etc/gshadow']) {
		setLine(droplet, '/etc/gshadow', group, ['!', '', members.join(',')]);
	}
};

/** The droplet's stand-in for a password hash: it cannot be read back, and does not pretend to be a real one. */
export const hashOf = (password: string, salt: string): string => `$practice$${salt}$${createHash('sha256').update(`${salt}:${password}`).digest('base64url')}`;

export const setPassword = (droplet: Droplet, name: string, hash: string, day: number): void => {
	const [, , ...rest] = shadowOf(droplet, name) ?? ['', '', '0', '99999', '7', '', '', ''];
	setLine(droplet, shadow, name, [hash, String(day), ...rest]);
};

/** Whether a password opens an account: a locked or starred one is opened by none. */
export const passwordFits = (droplet: Droplet, name: string, password: string): boolean => {
	const hash = shadowOf(droplet, name)?.[0] ?? '*';
	const salt = /^\$practice\$(?<salt>[^$]*)\$/.exec(hash)?.groups?.salt;
	return salt !== undefined && hashOf(password, salt) === hash;
};

/** A password that must be changed at the next log-in, as `chage -d 0` leaves it. */
export const passwordExpired = (droplet: Droplet, name: string): boolean => shadowOf(droplet, name)?.[1] === '0';
