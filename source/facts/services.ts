import type {Argv, Fact} from '../step.js';
import type {System} from '../systems.js';
import {Unreadable} from './files.js';

/** Whether a service starts at boot. upstart starts every job whose file says when, unless that or its override says `manual`. */
export const startsAtBoot = (system: System, service: string): Fact<boolean> => system.init === 'systemd'
	? {
		argv: ['systemctl', 'is-enabled', service],
		parse({outcome, out}) {
			if (outcome !== 'ran') {
				throw new Unreadable(`whether ${service} starts at boot could not be asked: ${outcome}`);
			}

			return out.trim() === 'enabled';
		},
	}
	: {
		// Its files, and not `initctl show-config`: of a job that runs that tells what the files said when it started.
		argv: ['cat', `/etc/init/${service}.conf`, `/etc/init/${service}.override`],
		parse({outcome, out}) {
			if (outcome !== 'ran') {
				throw new Unreadable(`whether ${service} starts at boot could not be asked: ${outcome}`);
			}

			// What stands last counts, and the override is read last.
			return out.match(/^[ \t]*(?:start[ \t]+on|manual)\b/gm)?.at(-1)?.trim().startsWith('start') ?? false;
		},
	};

/** A socket in which systemd listens in a service's place. With `each` it starts a service anew for each connection, which reads its settings then. */
export type SocketUnit = {readonly unit: string; readonly each: boolean};

/** The socket unit that listens on a TCP port, where one does. */
export const socketOn = (port: number): Fact<SocketUnit | undefined> => ({
	argv: ['systemctl', 'show', '--property=Id,ActiveState,Accept,Listen', '*.socket'],
	parse({outcome, out}) {
		if (outcome !== 'ran') {
			throw new Unreadable(`who listens on port ${port} could not be asked: ${outcome}`);
		}

		const listens = new RegExp(String.raw`^Listen=(?:\S*:)?${port} \(Stream\)$`, 'm');
		const found = out.split('\n\n').find(one => /^ActiveState=active$/m.test(one) && listens.test(one));
		return found === undefined ? undefined : {unit: /^Id=(.+)$/m.exec(found)?.[1] ?? '', each: /^Accept=yes$/m.test(found)};
	},
});

/** The command that makes a service read its settings again. */
export const reload = (system: System, service: string): Argv =>
	system.init === 'systemd' ? ['systemctl', 'reload', service] : ['service', service, 'reload'];
/** The command that starts a service anew, also when it is down. */
export const restart = (system: System, service: string): Argv =>
	system.init === 'systemd' ? ['systemctl', 'restart', service] : ['service', service, 'restart'];
/** The command by which systemd forgets how often a service was started of late: after a few starts it refuses the next. */
export const forgetFailures = (service: string): Argv => ['systemctl', 'reset-failed', service];
/** The command that lets a service start at boot. */
export const enable = (service: string): Argv => ['systemctl', 'enable', service];
export const disable = (service: string): Argv => ['systemctl', 'disable', service];
