/**
Everything there is on a droplet: each file with its content, mode, owner and the moment of its last change, the accounts, the kernel's rules, what runs.

Only what a log-in itself leaves behind is left out: sshd's and systemd's own notes of who came and went.
*/
import type {Droplet} from '../lab/lab.js';
import {rulesOf, type State} from './state-of.js';

const notes = ['/proc', '/sys', '/dev', '/var/log', '/run/log', '/run/systemd', '/run/user', '/run/utmp', '/run/lock', '/run/sudo', '/var/lib/sudo', '/var/lib/systemd', '/var/cache/ldconfig', '/run/credentials', '/run/host', '/run/sshd', '/run/motd.dynamic'];

const prune = (): string[] => notes.flatMap((folder, index) => [...(index === 0 ? [] : ['-o']), '-path', folder]);

/** What a log-in starts under systemd is named after the session; the rest must be the same. */
const ofSessions = /^(?:session-|user@|user-|run-user-|init\.scope)/;

export const everythingOf = async (droplet: Droplet): Promise<State> => {
	const [listing, sums, units] = await Promise.all([
		droplet.must(['find', '/', '(', ...prune(), ')', '-prune', '-o', '-printf', String.raw`%p\t%m %u:%g %y %l %T@ %C@\n`]),
		// Folders with programs are told by their last change alone: reading them all takes a minute.
		droplet.must(['find', '/etc', '/home', '/root', '/tmp', '/opt', '/srv', '/var/spool', '-type', 'f', '-exec', 'sha256sum', '{}', '+']),
		droplet.must(['systemctl', 'list-units', '--plain', '--no-legend', '--type=service,socket,timer', '--state=active']),
	]);
	const rules = await Promise.all(['iptables', 'ip6tables'].map(async family => rulesOf(family, await droplet.must([`${family}-save`]))));
	return new Map([
		// The folder above those notes changes with them.
		...listing.split('\n').filter(Boolean).map(line => line.split('\t') as [string, string]).filter(([file]) => file !== '/run'),
		...sums.split('\n').filter(Boolean).map((line): [string, string] => [`sum ${line.slice(66)}`, line.slice(0, 64)]),
		...units.split('\n').map(line => line.trim().split(/\s+/v)[0] ?? '').filter(unit => unit !== '' && !ofSessions.test(unit)).map((unit): [string, string] => [`unit ${unit}`, 'active']),
		...rules.flat(),
		['boot', await droplet.read('/proc/sys/kernel/random/boot_id')],
	]);
};
