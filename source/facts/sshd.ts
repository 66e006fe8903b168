import type {Fact, ServerInfo} from '../step.js';
import {Unreadable} from './files.js';

/** sshd's settings as they take effect: keyword in lower case → its values in order. */
export type Effective = {readonly settings: ReadonlyMap<string, readonly string[]>} | {readonly broken: string};

/** What `sshd -T` says for a log-in of `user` coming from `address`: Match blocks included. All three of user, host and addr are needed by OpenSSH 6.6 (facts A1). */
export const effectiveFor = (user: string, address: string): Fact<Effective> => ({
	argv: ['/usr/sbin/sshd', '-T', '-C', `user=${user},host=${address},addr=${address}`],
	parse({outcome, code, out, err}) {
		if (outcome !== 'ran') {
			throw new Unreadable(outcome === 'timed-out' ? 'sshd did not print its settings in time' : 'there is no sshd on this server');
		}

		if (code !== 0) {
			// sshd ends the lines of its log as a terminal in raw mode wants them.
			return {broken: err.replaceAll('\r', '').trim() || `sshd -T ended with ${code}`};
		}

		const settings = new Map<string, string[]>();
		for (const line of out.split('\n').filter(Boolean)) {
			const [keyword = '', ...values] = line.trim().split(' ');
			// OpenSSH 10.5 prints keywords in mixed case (facts A1).
			const key = keyword.toLowerCase();
			settings.set(key, [...(settings.get(key) ?? []), values.join(' ')]);
		}

		return {settings};
	},
});

/** First value of a setting, in lower case. */
export const setting = (effective: Effective, keyword: string): string | undefined =>
	'broken' in effective ? undefined : effective.settings.get(keyword)?.[0]?.toLowerCase();

/** The ports sshd is set to listen on. */
const sshdPorts = (effective: Effective): readonly number[] =>
	'broken' in effective ? [] : (effective.settings.get('port') ?? []).map(Number);

/** SSH's real ports: the one we came by, and those sshd is set to. */
export const sshPorts = ({sshdPort}: Pick<ServerInfo, 'sshdPort'>, sshd: Effective): readonly number[] => [...new Set([sshdPort, ...sshdPorts(sshd)])];

/** The ways to log in that the running sshd offers at one of the server's own addresses, asked of it by the server itself; undefined where sshd does not answer there. */
export const offered = (address: string, port: number): Fact<readonly string[] | undefined> => ({
	argv: ['ssh', '-F', '/dev/null', '-o', 'BatchMode=yes', '-o', 'PreferredAuthentications=none', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'ConnectTimeout=5', '-o', 'LogLevel=ERROR', '-p', String(port), `root@${address}`, 'true'],
	parse({outcome, err}) {
		if (outcome === 'no-such-command') {
			throw new Unreadable('there is no ssh command on this server');
		}

		return /Permission denied \(([^)]*)\)/.exec(err)?.[1]?.split(',').filter(Boolean);
	},
});
