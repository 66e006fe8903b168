import {createHash} from 'node:crypto';
import path from 'node:path/posix';
import type {Droplet, Entry, Machine} from './state.js';
import {
	nameOfGroup,
	groupNamed,
	nameOfUser,
	userNamed,
} from './accounts.js';
import {virtualFile} from './proc.js';

/** Functions over the droplet's files. Paths are absolute; links are followed unless said otherwise. */
export const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');

const follow = (droplet: Droplet, file: string, depth = 0): string => {
	const clean = path.normalize(file).replace(/(.)\/$/, '$1');
	const parts = clean.split('/').slice(1);
	let at = '';
	for (const [index, part] of parts.entries()) {
		at += `/${part}`;
		const entry = droplet.files[at];
		if (entry?.type === 'link' && depth < 8) {
			const target = path.resolve(path.dirname(at), entry.to);
			return follow(droplet, path.join(target, ...parts.slice(index + 1)), depth + 1);
		}
	}

	return clean;
};

/** The entry at a path, its last link not followed. */
export const entryAt = (droplet: Droplet, file: string): Entry | undefined => {
	const clean = path.normalize(file);
	return droplet.files[path.join(follow(droplet, path.dirname(clean)), path.basename(clean)).replace(/(.)\/$/, '$1')];
};

/** The entry a path leads to. */
export const entryOf = (droplet: Droplet, file: string): Entry | undefined => droplet.files[follow(droplet, file)];

/** A file's content; undefined where there is no such file. Knows the files of /proc. */
export const contentOf = ({droplet, now}: Machine, file: string): string | undefined => {
	const entry = entryOf(droplet, file);
	return entry?.type === 'file' ? entry.content : virtualFile({droplet, now}, file);
};

/** A text file that must be there for the droplet to be one. */
export const textOf = (droplet: Droplet, file: string): string => {
	const entry = entryOf(droplet, file);
	return entry?.type === 'file' ? entry.content : '';
};

export const isFolder = (droplet: Droplet, file: string): boolean => entryOf(droplet, file)?.type === 'folder';

/** When something changes that changes now: after all that changed before, however quickly one follows the other. */
const timeOfChange = ({droplet, now}: Machine): number => Math.max(now / 1000, ...Object.values(droplet.files).map(({mtime}) => mtime + 1e-6));

/** Writes a file; one that is there keeps its mode and owner where none are given. The folder must exist. */
export const writeFile = (machine: Machine, file: string, content: string, as: {mode?: number; uid?: number; gid?: number} = {}): void => {
	const {droplet} = machine;
	const at = follow(droplet, file);
	const before = droplet.files[at];
	droplet.files[at] = {
		type: 'file',
		content,
		mode: as.mode ?? before?.mode ?? 0o644,
		uid: as.uid ?? before?.uid ?? 0,
		gid: as.gid ?? before?.gid ?? 0,
		mtime: timeOfChange(machine),
	};
};

export const makeFolder = (machine: Machine, file: string, mode = 0o755, uid = 0, gid = 0): void => {
	machine.droplet.files[follow(machine.droplet, file)] = {
		type: 'folder', mode, uid, gid, mtime: timeOfChange(machine),
	};
};

/** Names in a folder, sorted by bytes. */
export const namesIn = (droplet: Droplet, folder: string): string[] => {
	const start = `${follow(droplet, folder)}/`.replace('//', '/');
	return Object.keys(droplet.files)
		.filter(file => file.startsWith(start) && file !== start && !file.slice(start.length).includes('/'))
		.map(file => file.slice(start.length))
		.toSorted((a, b) => (a < b ? -1 : 1));
};

/** Removes a path and everything below it. */
export const remove = (droplet: Droplet, file: string): void => {
	const clean = path.normalize(file);
	const at = path.join(follow(droplet, path.dirname(clean)), path.basename(clean));
	for (const name of Object.keys(droplet.files)) {
		if (name === at || name.startsWith(`${at}/`)) {
			Reflect.deleteProperty(droplet.files, name);
		}
	}
};

/** `user:group` by name, as `stat -c %U:%G` says it. */
export const ownerOf = (droplet: Droplet, entry: Entry): string =>
	`${nameOfUser(droplet, entry.uid) ?? 'UNKNOWN'}:${nameOfGroup(droplet, entry.gid) ?? 'UNKNOWN'}`;

/** As the carrier says it: by number where either has no name. */
export const carriedOwnerOf = (droplet: Droplet, entry: Entry): string => {
	const owner = ownerOf(droplet, entry);
	return owner.includes('UNKNOWN') ? `${entry.uid}:${entry.gid}` : owner;
};

/** Ids of an owner written `user:group`; undefined where one of them does not exist. */
export const idsOf = (droplet: Droplet, owner: string): {uid: number; gid: number} | undefined => {
	const [user = '', group = ''] = owner.split(':');
	const uid = userNamed(droplet, user)?.uid ?? (/^\d+$/.test(user) ? Number(user) : undefined);
	const gid = groupNamed(droplet, group)?.gid ?? (/^\d+$/.test(group) ? Number(group) : undefined);
	return uid === undefined || gid === undefined ? undefined : {uid, gid};
};

export {follow as resolved};
