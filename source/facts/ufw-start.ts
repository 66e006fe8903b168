/** Whether ufw comes back after a reboot, and what sees to it. */
import type {FileFact, GuardedAction, ServerInfo} from '../step.js';
import {disable, enable} from './services.js';

/** Where upstart is told not to start ufw by itself, and the word for it. */
export const upstartOverride = '/etc/init/ufw.override';
const manual = /^[ \t]*manual\b.*$/gm;

/** `boots`: that it does come back. */
export const startsAgain = ({boots, override}: {readonly boots: boolean; readonly override: FileFact}, {system}: ServerInfo): readonly GuardedAction[] => {
	const because = 'otherwise the firewall would be gone after a reboot';
	if (!boots && system.init === 'systemd') {
		return [{
			do: 'run', because, argv: enable('ufw'), undo: [disable('ufw')],
		}];
	}

	return !boots && manual.test(override.content ?? '')
		? [{
			do: 'write', because, file: override, content: override.content!.replaceAll(manual, '# Set aside by dropwise: $&'), mode: override.mode,
		}]
		: [];
};
