import {
	groupNamed,
	groups,
	groupsOf,
	hashOf,
	setLine,
	setMembers,
	setPassword,
	shadowOf,
	userNamed,
	users,
	type User,
} from '../accounts.js';
import {
	entryOf,
	makeFolder,
	namesIn,
	remove,
	textOf,
	writeFile,
} from '../file-tree.js';
import type {Droplet, Machine} from '../state.js';
import {
	fails,
	notModelled,
	options,
	says,
	type Answer,
	type Call,
	type CommandSet,
} from './command.js';

/** Users, groups and passwords: every command edits the droplet's own files in /etc. */
const old = ({droplet}: Machine): boolean => droplet.level === 'ubuntu-14.04';
const day = ({now}: Machine): number => Math.floor(now / 86_400_000);

const getent = (call: Call): Answer => {
	const [database, name = ''] = call.args;
	if (call.args.length !== 2 || !['passwd', 'group', 'shadow'].includes(database!)) {
		return notModelled(call);
	}

	const line = textOf(call.droplet, `/etc/${database!}`).split('\n').find(one => one.startsWith(`${name}:`) || (database !== 'shadow' && /^\d+$/v.test(name) && one.split(':')[2] === name));
	return line === undefined ? fails(2, '') : says(`${line}\n`);
};

const id = (call: Call): Answer => {
	const {has, rest} = options(call, ['-u', '-g', '-G', '-n']);
	const [name = 'root'] = rest;
	const user = userNamed(call.droplet, name);
	if (!user) {
		return fails(1, old(call) ? `id: ${name}: no such user\n` : `id: ‘${name}’: no such user\n`);
	}

	const all = groupsOf(call.droplet, user);
	const pick = (number: number | string, word: string) => says(`${has('-n') ? word : number}\n`);
	if (has('-u')) {
		return pick(user.uid, user.name);
	}

	if (has('-g')) {
		return pick(user.gid, all[0]?.name ?? String(user.gid));
	}

	return has('-G')
		? pick(all.map(({gid}) => gid).join(' '), all.map(group => group.name).join(' '))
		: says(`uid=${user.uid}(${user.name}) gid=${user.gid}(${all[0]?.name ?? user.gid}) groups=${all.map(group => `${group.gid}(${group.name})`).join(',')}\n`);
};

const groupsCommand = (call: Call): Answer => {
	const [name = 'root'] = call.args;
	const user = userNamed(call.droplet, name);
	return user ? says(`${name} : ${groupsOf(call.droplet, user).map(group => group.name).join(' ')}\n`) : fails(1, old(call) ? `groups: ${name}: no such user\n` : `groups: ‘${name}’: no such user\n`);
};

const nextId = (taken: readonly number[]): number => Math.max(999, ...taken.filter(one => one < 60_000)) + 1;

const subordinate = (machine: Machine, name: string): void => {
	for (const file of ['/etc/subuid', '/etc/subgid']) {
		const lines = textOf(machine.droplet, file).split('\n').filter(Boolean);
		if (entryOf(machine.droplet, file)) {
			writeFile(machine, file, [...lines, `${name}:${100_000 + (lines.length * 65_536)}:65536`].map(line => `${line}\n`).join(''));
		}
	}
};

/** A new home with what /etc/skel holds. */
const makeHome = (machine: Machine, {home, uid, gid}: User): void => {
	makeFolder(machine, home, old(machine) ? 0o755 : 0o700, uid, gid);
	for (const name of namesIn(machine.droplet, '/etc/skel')) {
		writeFile(machine, `${home}/${name}`, textOf(machine.droplet, `/etc/skel/${name}`), {mode: 0o644, uid, gid});
	}
};

const useradd = (call: Call): Answer => {
	const {has, value, rest} = options(call, ['-m', '--create-home', '-U', '--user-group'], ['-s', '--shell', '-c', '--comment', '-G', '--groups']);
	const [name = ''] = rest;
	const {droplet} = call;
	if (userNamed(droplet, name)) {
		return fails(9, `useradd: user '${name}' already exists\n`);
	}

	if (!/^[a-z_][a-z0-9_\-]*$/v.test(name)) {
		return fails(old(call) ? 3 : 19, `useradd: invalid user name '${name}'${old(call) ? '' : ': use --badname to ignore'}\n`);
	}

	if (groupNamed(droplet, name)) {
		return fails(9, `useradd: group ${name} exists - if you want to add this user to that group, use -g.\n`);
	}

	const unknown = value('-G', '--groups')?.split(',').find(group => !groupNamed(droplet, group));
	if (unknown !== undefined) {
		return fails(6, `useradd: group '${unknown}' does not exist\n`);
	}

	const uid = nextId(users(droplet).map(user => user.uid));
	const gid = groups(droplet).some(group => group.gid === uid) ? nextId(groups(droplet).map(group => group.gid)) : uid;
	const shell = value('-s', '--shell') ?? (old(call) ? '' : '/bin/sh');
	setLine(droplet, '/etc/passwd', name, ['x', String(uid), String(gid), value('-c', '--comment') ?? '', `/home/${name}`, shell]);
	setLine(droplet, '/etc/shadow', name, ['!', String(day(call)), '0', '99999', '7', '', '', '']);
	setLine(droplet, '/etc/group', name, ['x', String(gid), '']);
	setLine(droplet, '/etc/gshadow', name, ['!', '', '']);
	subordinate(call, name);
	for (const group of value('-G', '--groups')?.split(',') ?? []) {
		setMembers(droplet, group, [...groupNamed(droplet, group)!.members, name]);
	}

	if (has('-m', '--create-home') && !entryOf(droplet, `/home/${name}`)) {
		makeHome(call, userNamed(droplet, name)!);
	}

	return {...says(''), seconds: 0.3};
};

const usermod = (call: Call): Answer => {
	const {value, has, rest} = options(call, ['-a', '-L', '-U'], ['-G', '-s', '--shell', '-p']);
	const [name = ''] = rest;
	const {droplet} = call;
	const user = userNamed(droplet, name);
	if (!user) {
		return fails(6, `usermod: user '${name}' does not exist\n`);
	}

	const added = value('-G')?.split(',') ?? [];
	const unknown = added.find(group => !groupNamed(droplet, group));
	if (unknown !== undefined) {
		return fails(6, `usermod: group '${unknown}' does not exist\n`);
	}

	if (value('-G') !== undefined) {
		for (const group of groups(droplet)) {
			const others = group.members.filter(member => member !== name);
			if (added.includes(group.name)) {
				setMembers(droplet, group.name, group.members.includes(name) ? group.members : [...others, name]);
			} else if (!has('-a') && others.length < group.members.length) {
				setMembers(droplet, group.name, others);
			}
		}
	}

	const shell = value('-s', '--shell');
	if (shell !== undefined) {
		setLine(droplet, '/etc/passwd', name, ['x', String(user.uid), String(user.gid), user.comment, user.home, shell]);
	}

	const hash = shadowOf(droplet, name)?.[0] ?? '';
	const wanted = value('-p') ?? (has('-L') && !hash.startsWith('!') ? `!${hash}` : (has('-U') ? hash.replace(/^!/v, '') : undefined));
	if (wanted !== undefined) {
		setPassword(droplet, name, wanted, day(call));
	}

	return says('');
};

const userdel = (call: Call): Answer => {
	// --force: also while somebody is logged in as them, which the model does not mind anyway.
	const {has, rest} = options(call, ['-r', '-f', '--force']);
	const [name = ''] = rest;
	const {droplet} = call;
	const user = userNamed(droplet, name);
	if (!user) {
		return fails(6, `userdel: user '${name}' does not exist\n`);
	}

	for (const group of groups(droplet).filter(one => one.members.includes(name))) {
		setMembers(droplet, group.name, group.members.filter(member => member !== name));
	}

	for (const file of ['/etc/passwd', '/etc/shadow', '/etc/group', '/etc/gshadow'] as const) {
		setLine(droplet, file, name, undefined);
	}

	for (const file of ['/etc/subuid', '/etc/subgid']) {
		if (entryOf(droplet, file)) {
			writeFile(call, file, textOf(droplet, file).split('\n').filter(line => line !== '' && !line.startsWith(`${name}:`)).map(line => `${line}\n`).join(''));
		}
	}

	if (has('-r')) {
		remove(droplet, user.home);
		return {code: 0, said: [{stream: 'err', text: `userdel: ${name} mail spool (/var/mail/${name}) not found\n`}]};
	}

	return says('');
};

const dated = (machine: Machine, days: string): string => {
	const [year = '', month = '', date = ''] = new Date(Number(days) * 86_400_000).toISOString().slice(0, 10).split('-');
	return old(machine) ? `${month}/${date}/${year}` : `${year}-${month}-${date}`;
};

const passwd = (call: Call): Answer => {
	const {has, rest} = options(call, ['-S', '-l', '-u', '-d']);
	const [name = 'root'] = rest;
	const fields = shadowOf(call.droplet, name);
	if (!fields) {
		return fails(1, `passwd: user '${name}' does not exist\n`);
	}

	const [hash = '', changed = '', minimum = '', maximum = '', warning = ''] = fields;
	if (has('-S')) {
		return says(`${name} ${/^[!*]/v.test(hash) ? 'L' : (hash === '' ? 'NP' : 'P')} ${dated(call, changed)} ${minimum} ${maximum} ${warning} -1\n`);
	}

	const wanted = has('-l') ? `!${hash.replace(/^!/v, '')}` : (has('-u') ? hash.replace(/^!/v, '') : (has('-d') ? '' : notModelled(call) as string));
	setPassword(call.droplet, name, wanted, Number(changed));
	return says(old(call) ? 'passwd: password expiry information changed.\n' : 'passwd: password changed.\n');
};

const gpasswd = (call: Call): Answer => {
	const {value, rest} = options(call, [], ['-d', '-a']);
	const [group = ''] = rest;
	const found = groupNamed(call.droplet, group);
	if (!found) {
		return fails(3, `gpasswd: group '${group}' does not exist in /etc/group\n`);
	}

	const gone = value('-d');
	if (gone !== undefined) {
		const out = `Removing user ${gone} from group ${group}\n`;
		if (!found.members.includes(gone)) {
			return {code: 3, said: [{stream: 'out', text: out}, {stream: 'err', text: `gpasswd: user '${gone}' is not a member of '${group}'\n`}]};
		}

		setMembers(call.droplet, group, found.members.filter(member => member !== gone));
		return says(out);
	}

	const added = value('-a');
	if (added === undefined || !userNamed(call.droplet, added)) {
		return fails(3, `gpasswd: user '${added ?? ''}' does not exist\n`);
	}

	setMembers(call.droplet, group, [...new Set([...found.members, added])]);
	return says(`Adding user ${added} to group ${group}\n`);
};

const chpasswd = (call: Call): Answer => {
	const {has} = options(call, ['-e']);
	for (const [index, line] of call.stdin.split('\n').filter(Boolean).entries()) {
		const [name = '', password = ''] = line.split(/:(.*)/sv);
		if (!userNamed(call.droplet, name)) {
			return fails(1, old(call) ? `chpasswd: (user ${name}) pam_chauthtok() failed, error:\nAuthentication token manipulation error\nchpasswd: (line ${index + 1}, user ${name}) password not changed\n` : `chpasswd: (user ${name}) pam_chauthtok() failed, error:\nAuthentication token manipulation error\nchpasswd: (line ${index + 1}, user ${name}) password not changed\n`);
		}

		setPassword(call.droplet, name, has('-e') ? password : hashOf(password, saltOf(call.droplet, call.now)), day(call));
	}

	return says('');
};

const saltOf = (droplet: Droplet, now: number): string => `${droplet.nextPid++}${now.toString(36)}`;

export const accountCommands: CommandSet = {
	commands: {
		getent, id, groups: groupsCommand, useradd, usermod, userdel, passwd, gpasswd, chpasswd,
	},
};
