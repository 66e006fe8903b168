import path from 'node:path/posix';
import {Buffer} from 'node:buffer';
import {groupNamed, userNamed} from '../accounts.js';
import {
	contentOf,
	entryAt,
	entryOf,
	isFolder,
	makeFolder,
	namesIn,
	ownerOf,
	remove,
	writeFile,
} from '../file-tree.js';
import type {Entry} from '../state.js';
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
import {find} from './find.js';

/** Reading, finding, moving and guarding files. Messages differ between coreutils 8.21 and 9.7 in how they quote. */
const old = ({droplet}: Call): boolean => droplet.level === 'ubuntu-14.04';
const curly = (file: string): string => `‘${file}’`;
/** Most messages of today's coreutils quote as a shell would; some still do it as in print. */
const quoted = (call: Call, file: string): string => old(call) ? curly(file) : `'${file}'`;
const missing = 'No such file or directory';

const cat = (call: Call): Answer => {
	const said: Said[] = [];
	for (const file of options(call, []).rest) {
		const content = contentOf(call, file);
		said.push(content === undefined ? {stream: 'err', text: `cat: ${file}: ${isFolder(call.droplet, file) ? 'Is a directory' : missing}\n`} : {stream: 'out', text: content});
	}

	return {code: said.some(({stream}) => stream === 'err') ? 1 : 0, said};
};

const kind = (entry: Entry): string => ({folder: 'directory', link: 'symbolic link', file: entry.type === 'file' && entry.content === '' ? 'regular empty file' : 'regular file'})[entry.type];
const letters = (entry: Entry): string => ({folder: 'd', link: 'l', file: '-'})[entry.type] + [6, 3, 0].map(shift => ['r', 'w', 'x'].map((letter, index) => ((entry.mode >> shift) & (4 >> index)) === 0 ? '-' : letter).join('')).join('');
const size = (entry: Entry): number => entry.type === 'file' ? Buffer.byteLength(entry.content) : (entry.type === 'link' ? entry.to.length : 4096);

const stat = (call: Call): Answer => {
	const {value, has, rest} = options(call, ['-L'], ['-c', '--format']);
	const format = value('-c', '--format') ?? notModelled(call);
	const said = rest.map((file): Said => {
		const entry = has('-L') ? entryOf(call.droplet, file) : entryAt(call.droplet, file);
		if (!entry) {
			return {stream: 'err', text: `stat: cannot ${old(call) ? 'stat' : 'statx'} ${quoted(call, file)}: ${missing}\n`};
		}

		const [user = '', group = ''] = ownerOf(call.droplet, entry).split(':');
		const known: Record<string, string> = {
			a: entry.mode.toString(8), A: letters(entry), U: user, G: group, u: String(entry.uid), g: String(entry.gid), n: file, s: String(size(entry)), F: kind(entry), Y: String(Math.floor(entry.mtime)), '%': '%',
		};
		return {stream: 'out', text: `${format.replaceAll(/%(.)/gv, (_, letter: string) => known[letter] ?? notModelled(call))}\n`};
	});
	return {code: said.some(({stream}) => stream === 'err') ? 1 : 0, said};
};

const ls = (call: Call): Answer => {
	const {has, rest} = options(call, ['-1', '-l', '-d', '-a', '-A']);
	const said = (rest.length === 0 ? ['/root'] : rest).map((file): Said => {
		const entry = entryAt(call.droplet, file);
		if (!entry) {
			return {stream: 'err', text: `ls: cannot access ${old(call) ? file : `'${file}'`}: ${missing}\n`};
		}

		const names = entry.type === 'folder' && !has('-d') ? namesIn(call.droplet, file).filter(name => has('-a', '-A') || !name.startsWith('.')) : [file];
		if (!has('-l')) {
			return {stream: 'out', text: names.map(name => `${name}\n`).join('')};
		}

		return {
			stream: 'out', text: names.map(name => {
				const one = entryAt(call.droplet, name === file ? file : `${file}/${name}`)!;
				const when = new Date(one.mtime * 1000).toUTCString();
				const [user, group] = ownerOf(call.droplet, one).split(':');
				return `${letters(one)} 1 ${user} ${group} ${size(one)} ${when.slice(8, 11)} ${when.slice(5, 7)} ${when.slice(17, 22)} ${name}\n`;
			}).join(''),
		};
	});
	return {code: said.some(({stream}) => stream === 'err') ? 2 : 0, said};
};

const test = (call: Call): Answer => {
	const [flag = '', file = ''] = call.args;
	const entry = entryOf(call.droplet, file);
	const checks: Record<string, () => boolean> = {
		'-e': () => entry !== undefined || contentOf(call, file) !== undefined,
		'-f': () => entry?.type === 'file',
		'-d': () => entry?.type === 'folder',
		'-s': () => entry?.type === 'file' && entry.content !== '',
		'-L': () => entryAt(call.droplet, file)?.type === 'link',
		'-x': () => entry !== undefined && (entry.mode & 0o111) !== 0,
		'-r': () => entry !== undefined,
		'-w': () => entry !== undefined,
	};
	return call.args.length === 2 && Object.hasOwn(checks, flag) ? fails(checks[flag]!() ? 0 : 1, '') : notModelled(call);
};

const rm = (call: Call): Answer => {
	const {has, rest} = options(call, ['-f', '-r', '-R']);
	for (const file of rest) {
		const entry = entryAt(call.droplet, file);
		if (!entry && !has('-f')) {
			return fails(1, `rm: cannot remove ${quoted(call, file)}: ${missing}\n`);
		}

		if (entry?.type === 'folder' && !has('-r', '-R')) {
			return fails(1, `rm: cannot remove ${quoted(call, file)}: Is a directory\n`);
		}

		if (path.normalize(file) === '/') {
			return fails(1, 'rm: it is dangerous to operate recursively on \'/\'\nrm: use --no-preserve-root to override this failsafe\n');
		}

		remove(call.droplet, file);
	}

	return says('');
};

const rmdir = (call: Call): Answer => {
	for (const file of options(call, []).rest) {
		const entry = entryAt(call.droplet, file);
		if (entry?.type !== 'folder' || namesIn(call.droplet, file).length > 0) {
			return fails(1, `rmdir: failed to remove ${quoted(call, file)}: ${entry ? (entry.type === 'folder' ? 'Directory not empty' : 'Not a directory') : missing}\n`);
		}

		remove(call.droplet, file);
	}

	return says('');
};

const mkdir = (call: Call): Answer => {
	const {has, value, rest} = options(call, ['-p'], ['-m']);
	for (const file of rest) {
		if (entryOf(call.droplet, file) && !has('-p')) {
			return fails(1, `mkdir: cannot create directory ${curly(file)}: File exists\n`);
		}

		const steps = file.split('/').slice(1);
		for (const index of steps.keys()) {
			const at = `/${steps.slice(0, index + 1).join('/')}`;
			const isLast = index === steps.length - 1;
			const isMissing = !entryOf(call.droplet, at);
			if (isMissing && !isLast && !has('-p')) {
				return fails(1, `mkdir: cannot create directory ${curly(file)}: ${missing}\n`);
			}

			if (isMissing) {
				makeFolder(call, at, isLast && value('-m') !== undefined ? Number.parseInt(value('-m')!, 8) : 0o755);
			}
		}
	}

	return says('');
};

const install = (call: Call): Answer => {
	const {has, value, rest} = options(call, ['-d'], ['-m', '-o', '-g']);
	if (!has('-d')) {
		return notModelled(call);
	}

	const user = userNamed(call.droplet, value('-o') ?? 'root');
	const group = groupNamed(call.droplet, value('-g') ?? 'root');
	if (!user || !group) {
		return fails(1, user ? `install: invalid group ${curly(value('-g') ?? '')}\n` : `install: invalid user ${curly(value('-o') ?? '')}\n`);
	}

	for (const folder of rest) {
		mkdir({...call, name: 'mkdir', args: ['-p', folder]});
		Object.assign(entryOf(call.droplet, folder)!, {mode: Number.parseInt(value('-m') ?? '755', 8), uid: user.uid, gid: group.gid});
	}

	return says('');
};

const touch = (call: Call): Answer => {
	for (const file of options(call, []).rest) {
		writeFile(call, file, contentOf(call, file) ?? '');
	}

	return says('');
};

export const fileCommands: CommandSet = {
	commands: {
		cat, stat, ls, test, find, rm, rmdir, mkdir, install, touch,
	},
};
