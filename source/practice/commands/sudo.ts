import {userNamed} from '../accounts.js';
import {entryOf} from '../files.js';
import {readSudoers, rulesFor, included, type Sudoers} from '../sudoers.js';
import {
	fails, notModelled, options, says, type Answer, type Call, type Family,
} from './command.js';

/** sudo and visudo, in the words of 1.8.9 (14.04) and 1.9.16 (trixie). */
const path = '/usr/local/sbin\\:/usr/local/bin\\:/usr/sbin\\:/usr/bin\\:/sbin\\:/bin';

const settings = (call: Call): string => {
	const {defaults} = readSudoers(call.droplet);
	const short = defaults.filter(one => !one.startsWith('secure_path'));
	const last = short.filter(one => one === 'use_pty');
	const first = short.filter(one => one !== 'use_pty');
	return call.droplet.level === 'ubuntu-14.04'
		? `    ${first.join(', ')}, secure_path=${path}\n`
		: `    ${first.join(', ')},\n    secure_path=${path}${last.length > 0 ? `,\n    ${last.join(', ')}` : ''}\n`;
};

const complaint = ({bad}: Sudoers, old: boolean): string => {
	if (!bad) {
		return '';
	}

	return old
		? `>>> ${bad.file}: syntax error near line ${bad.line} <<<\n`
		: `${bad.file}:${bad.line}:${bad.column}: syntax error\n${bad.text}\n${' '.repeat(bad.column - 1)}^${'~'.repeat(bad.length - 1)}\n`;
};

const listing = (call: Call, name: string): Answer => {
	const {droplet} = call;
	const old = droplet.level === 'ubuntu-14.04';
	if (!userNamed(droplet, name)) {
		return fails(1, `sudo: unknown user${old ? ':' : ''} ${name}\n`);
	}

	const rules = rulesFor(droplet, name);
	if (rules.length === 0) {
		return says(`User ${name} is not allowed to run sudo on ${droplet.hostname}.\n`);
	}

	const lines = rules.map(({runAs, noPassword, commands}) => `    (${runAs.split(':').map(part => part.trim()).join(' : ')}) ${noPassword ? 'NOPASSWD: ' : ''}${commands}\n`).join('');
	return says(`Matching Defaults entries for ${name} on ${droplet.hostname}:\n${settings(call)}\nUser ${name} may run the following commands on ${droplet.hostname}:\n${lines}`);
};

const sudo = (call: Call): Answer => {
	const at = call.args.findIndex(word => !word.startsWith('-'));
	const value = call.args[at - 1] === '-U' ? call.args[at] : undefined;
	const words = new Set(call.args.slice(0, at === -1 ? undefined : at));
	const bad = readSudoers(call.droplet);
	if (bad.bad) {
		const file = bad.bad.file;
		return fails(1, call.droplet.level === 'ubuntu-14.04'
			? `sudo: >>> ${file}: syntax error near line ${bad.bad.line} <<<\nsudo: parse error in ${file} near line ${bad.bad.line}\nsudo: no valid sudoers sources found, quitting\nsudo: unable to initialize policy plugin\n`
			: `${complaint(bad, false)}sudo: a terminal is required to read the password; either use the -S option to read from standard input or configure an askpass helper\n`);
	}

	if (words.has('-V')) {
		return says(call.droplet.level === 'ubuntu-14.04' ? 'Sudo version 1.8.9p5\n' : 'Sudo version 1.9.16p2\n');
	}

	const known = ['-n', '-l', '-U', '-k'];
	if ([...words].some(word => !known.includes(word))) {
		return notModelled(call);
	}

	if (words.has('-l')) {
		return listing(call, value ?? 'root');
	}

	return at === -1 ? notModelled(call) : call.run(call.args.slice(at));
};

const visudo = (call: Call): Answer => {
	const {has, value} = options(call, ['-c', '-q'], ['-f']);
	const file = value('-f') ?? '/etc/sudoers';
	const old = call.droplet.level === 'ubuntu-14.04';
	if (!has('-c')) {
		return notModelled(call);
	}

	if (!entryOf(call.droplet, file)) {
		return fails(1, `visudo: ${old ? '' : 'unable to open '}${file}: No such file or directory\n`);
	}

	const read = readSudoers(call.droplet, file);
	if (read.bad) {
		return {code: 1, said: [{stream: 'err', text: complaint(read, old)}, ...(old ? [{stream: 'out', text: `parse error in ${read.bad.file} near line ${read.bad.line}\n`} as const] : [])]};
	}

	const also = value('-f') === undefined ? included(call.droplet, '/etc/sudoers.d') : [];
	return says([file, ...also].map(one => `${one}: parsed OK\n`).join(''));
};

export const sudoCommands: Family = {package: 'sudo', commands: {sudo, visudo}};
