import {dump, effective, type ConnectionSpec} from '../sshd/effective.js';
import {parseConfig} from '../sshd/parse-config.js';
import {listening} from '../listening.js';
import {sshdComplains} from '../services.js';
import {isFolder} from '../file-tree.js';
import {methodsOffered} from '../log-in.js';
import {
	fails,
	notModelled,
	options,
	type Answer,
	type Call,
	type CommandSet,
} from './command.js';

/** sshd asked about its own settings, and the ssh client asked about the sshd beside it. */
const known = new Set(['user', 'host', 'addr', 'laddr', 'lport', 'rdomain']);

const connectionOf = (call: Call, spec: string): ConnectionSpec | Answer => {
	const pairs = spec.split(',').map(part => part.split(/=(.*)/sv) as [string, string]);
	const unknown = pairs.find(([name]) => !known.has(name));
	if (unknown !== undefined) {
		return fails(1, `Invalid test mode specification ${unknown[0]}=${unknown[1]}\n`);
	}

	const parts = new Map(pairs);

	const [user, host, address] = ['user', 'host', 'addr'].map(name => parts.get(name));
	// 6.6 wants all three (facts A1).
	return call.droplet.level === 'ubuntu-14.04' && (user === undefined || host === undefined || address === undefined)
		? fails(1, 'user, host and addr are all required when testing Match configs\n')
		: {
			user: user ?? '', host: host ?? '', address: address ?? '', ...(parts.has('laddr') ? {localAddress: parts.get('laddr')!} : {}), ...(parts.has('lport') ? {localPort: Number(parts.get('lport'))} : {}),
		};
};

const sshd = (call: Call): Answer => {
	const {droplet} = call;
	const {has, value, rest} = options(call, ['-t', '-T'], ['-f', '-C']);
	if (!has('-t', '-T') || rest.length > 0) {
		return notModelled(call);
	}

	const file = value('-f');
	const asked = value('-C') === undefined ? undefined : connectionOf(call, value('-C')!);
	if (asked && 'said' in asked) {
		return asked;
	}

	const parsed = parseConfig(droplet, file);
	if (parsed.code !== 0) {
		return fails(parsed.code, parsed.said);
	}

	const complaint = sshdComplains(droplet);
	if (file === undefined && complaint.code !== 0) {
		return fails(complaint.code, complaint.said);
	}

	return droplet.level === 'debian-13' && !isFolder(droplet, '/run/sshd') ? fails(255, 'Missing privilege separation directory: /run/sshd\r\n') : {code: 0, said: [...(parsed.said === '' ? [] : [{stream: 'err', text: parsed.said} as const]), ...(has('-T') ? [{stream: 'out', text: dump(droplet, effective(droplet, parsed.directives, asked))} as const] : [])]};
};

/** `ssh … USER@ONE-OF-ITS-ADDRESSES true` without any way to log in: what sshd offers is in the refusal. */
const ssh = (call: Call): Answer => {
	const {has, value, all, rest} = options(call, ['-V'], ['-p', '-o', '-F']);
	if (has('-V')) {
		return fails(0, call.droplet.level === 'ubuntu-14.04' ? 'OpenSSH_6.6.1p1 Ubuntu-2ubuntu2.8, OpenSSL 1.0.1f 6 Jan 2014\n' : 'OpenSSH_10.0p2 Debian-7, OpenSSL 3.5.1 1 Jul 2025\n');
	}

	const port = Number(value('-p') ?? 22);
	const target = rest[0] ?? '';
	const [user = '', host = ''] = target.split('@');
	if (!all('-o').includes('PreferredAuthentications=none') || !['127.0.0.1', '::1', 'localhost', call.droplet.addresses.v4, call.droplet.addresses.v6].includes(host)) {
		return notModelled(call);
	}

	const family = host.includes(':') ? 'v6' : 'v4';
	const open = listening(call.droplet).some(socket => socket.program === 'sshd' && socket.port === port && socket.family === family);
	if (!open) {
		return fails(255, `ssh: connect to host ${host} port ${port}: Connection refused\r\n`);
	}

	const offered = methodsOffered(call.droplet, user, host);
	const who = call.droplet.level === 'ubuntu-14.04' ? '' : `${target}: `;
	return fails(255, `${who}Permission denied (${offered.join(',')}).\r\n`);
};

export const sshdCommands: CommandSet = {package: 'openssh-server', commands: {sshd}};
export const sshCommands: CommandSet = {package: 'openssh-client', commands: {ssh}};
