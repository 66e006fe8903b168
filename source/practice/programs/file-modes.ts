import path from 'node:path/posix';
import {
	entryAt,
	entryOf,
	idsOf,
	isFolder,
	ownerOf,
	remove,
	resolved,
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
} from './command.js';

/** Modes, owners and moving. */
const quoted = (call: Call, file: string): string => call.droplet.level === 'ubuntu-14.04' ? `‘${file}’` : `'${file}'`;
const missing = 'No such file or directory';

const below = (call: Call, file: string): Entry[] => {
	const real = resolved(call.droplet, file);
	return Object.entries(call.droplet.files).filter(([name]) => name === real || name.startsWith(`${real}/`)).map(([, entry]) => entry);
};

const bits: Record<string, number> = {r: 4, w: 2, x: 1};

/** The mode that `600`, `go-w` or `u=rwx,go=` make of one. */
const changedMode = (call: Call, mode: number, wanted: string): number => {
	if (/^[0-7]{3,4}$/v.test(wanted)) {
		return Number.parseInt(wanted, 8);
	}

	let changed = mode;
	for (const part of wanted.split(',')) {
		const [, who = '', sign = '', what = ''] = /^([ugoa]*)([+\-=])([rwx]*)$/v.exec(part) ?? notModelled(call);
		const value = [...what].reduce((sum, letter) => sum | bits[letter]!, 0);
		for (const letter of who === '' || who.includes('a') ? 'ugo' : who) {
			const shift = {u: 6, g: 3, o: 0}[letter]!;
			const others = changed & ~(7 << shift);
			const own = (changed >> shift) & 7;
			changed = others | ((sign === '+' ? own | value : (sign === '-' ? own & ~value : value)) << shift);
		}
	}

	return changed;
};

const chmod = (call: Call): Answer => {
	const recursive = call.args[0] === '-R';
	const [wanted = '', ...files] = call.args.slice(recursive ? 1 : 0);
	for (const file of files) {
		if (!entryOf(call.droplet, file)) {
			return fails(1, `chmod: cannot access ${quoted(call, file)}: ${missing}\n`);
		}

		for (const entry of recursive ? below(call, file) : [entryOf(call.droplet, file)!]) {
			entry.mode = changedMode(call, entry.mode, wanted);
		}
	}

	return says('');
};

const chown = (call: Call): Answer => {
	const {has, rest} = options(call, ['-R', '-h']);
	const [owner = '', ...files] = rest;
	for (const file of files) {
		const entry = entryOf(call.droplet, file);
		if (!entry) {
			return fails(1, `chown: cannot access ${quoted(call, file)}: ${missing}\n`);
		}

		const [user = '', group = ''] = owner.split(':');
		const ids = idsOf(call.droplet, `${user === '' ? ownerOf(call.droplet, entry).split(':')[0]! : user}:${group === '' ? String(entry.gid) : group}`);
		if (!ids) {
			return fails(1, `chown: invalid ${user ? 'user' : 'group'}: ‘${owner}’\n`);
		}

		for (const one of has('-R') ? below(call, file) : [entry]) {
			Object.assign(one, {uid: user ? ids.uid : one.uid, gid: group ? ids.gid : one.gid});
		}
	}

	return says('');
};

const chgrp = (call: Call): Answer => {
	const [group = '', ...files] = call.args;
	return chown({...call, args: [`:${group}`, ...files]});
};

const put = (call: Call, from: string, to: string, keep: boolean): void => {
	const real = resolved(call.droplet, path.dirname(from));
	const source = path.join(real, path.basename(from));
	const target = path.join(resolved(call.droplet, path.dirname(to)), path.basename(to));
	const moved = Object.entries(call.droplet.files).filter(([name]) => name === source || name.startsWith(`${source}/`));
	remove(call.droplet, target);
	for (const [name, entry] of moved) {
		if (!keep) {
			Reflect.deleteProperty(call.droplet.files, name);
		}

		call.droplet.files[target + name.slice(source.length)] = structuredClone(entry);
	}
};

const mv = (call: Call): Answer => {
	const {has, value, rest} = options(call, ['-T', '--no-target-directory', '-f', '-n'], ['--backup']);
	const [from = '', to = ''] = rest;
	if (!entryAt(call.droplet, from)) {
		return fails(1, `mv: cannot stat ${quoted(call, from)}: ${missing}\n`);
	}

	const into = !has('-T', '--no-target-directory') && isFolder(call.droplet, to) ? path.join(to, path.basename(from)) : to;
	if (!isFolder(call.droplet, path.dirname(into))) {
		return fails(1, `mv: cannot move ${quoted(call, from)} to ${quoted(call, into)}: ${missing}\n`);
	}

	const there = entryAt(call.droplet, into);
	if (there && has('-n')) {
		return says('');
	}

	if (there && value('--backup') === 'numbered') {
		let number = 1;
		while (entryAt(call.droplet, `${into}.~${number}~`)) {
			number++;
		}

		put(call, into, `${into}.~${number}~`, false);
	}

	put(call, from, into, false);
	return says('');
};

const cp = (call: Call): Answer => {
	const {rest} = options(call, ['-a', '-p', '-r', '-T']);
	const [from = '', to = ''] = rest;
	if (!entryAt(call.droplet, from)) {
		return fails(1, `cp: cannot stat ${quoted(call, from)}: ${missing}\n`);
	}

	put(call, from, isFolder(call.droplet, to) ? path.join(to, path.basename(from)) : to, true);
	return says('');
};

export const fileModeCommands: CommandSet = {
	commands: {
		chmod, chown, chgrp, mv, cp,
	},
};
