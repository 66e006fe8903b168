import {userNamed} from '../accounts.js';
import {entryOf} from '../file-tree.js';
import {
	readSudoers,
	rulesFor,
	included,
	sudoWorks,
	type Sudoers,
} from '../sudoers.js';
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

/** sudo and visudo, in the words of 1.8.9 (14.04) and 1.9.16 (trixie). */
const path = String.raw`/usr/local/sbin\:/usr/local/bin\:/usr/sbin\:/usr/bin\:/sbin\:/bin`;

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
	const words = call.args.slice(0, at === -1 ? undefined : at);
	const read = readSudoers(call.droplet);
	if (read.bad && !sudoWorks(call.droplet)) {
		const {file, line} = read.bad;
		return fails(1, `sudo: >>> ${file}: syntax error near line ${line} <<<\nsudo: parse error in ${file} near line ${line}\nsudo: no valid sudoers sources found, quitting\nsudo: unable to initialize policy plugin\n`);
	}

	if (words.includes('-V')) {
		return says(call.droplet.level === 'ubuntu-14.04' ? 'Sudo version 1.8.9p5\n' : 'Sudo version 1.9.16p2\n');
	}

	if (words.some(word => !['-n', '-l', '-U', '-k'].includes(word))) {
		return notModelled(call);
	}

	const warnings = read.warnings.join('') + complaint(read, false);
	const before: Said[] = warnings === '' ? [] : [{stream: 'err', text: warnings}];
	if (words.includes('-l')) {
		const answer = listing(call, value ?? 'root');
		return {...answer, said: [...before, ...answer.said]};
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

	if (value('-f') !== undefined) {
		return says(`${file}: parsed OK\n`);
	}

	const all = [file, ...included(call.droplet, '/etc/sudoers.d')];
	const loose = all.filter(one => entryOf(call.droplet, one)!.mode !== 0o440);
	return {
		code: loose.length === 0 ? 0 : 1,
		said: [
			{stream: 'out', text: all.filter(one => !loose.includes(one)).map(one => `${one}: parsed OK\n`).join('')},
			...loose.map(one => ({stream: 'err', text: `${one}: bad permissions, should be mode 0440\n`} as const)),
		],
	};
};

export const sudoCommands: CommandSet = {package: 'sudo', commands: {sudo, visudo}};
