import {textOfAnswer} from './commands/command.js';
import {runCommand} from './commands/table.js';
import {reboot} from './boot.js';
import {
	contentOf,
	entryOf,
	idsOf,
	remove,
	writeFile,
} from './files.js';
import {freshDroplet} from './fresh/fresh.js';
import type {Clock} from './session.js';
import type {Level, Moment} from './state.js';
import {openStore} from './store.js';

/**
The provider's console: root on the droplet without SSH, guard or lease. For tests that break things on purpose, and for looking on.
*/
export type Console = {
	readonly run: (argv: readonly string[], stdin?: string) => {code: number; out: string; err: string; noSuchCommand: boolean};
	readonly read: (path: string) => string | undefined;
	readonly write: (path: string, content: string, as?: {mode?: number; owner?: string}) => void;
	readonly remove: (path: string) => void;
	/** Cuts the power and switches it on again. */
	readonly restart: () => void;
	/** Whatever else is to be done with the droplet as it is. */
	readonly touch: <T>(what: (moment: Moment) => T) => T;
};

export const openConsole = ({directory, level, clock}: {readonly directory: string; readonly level: Level; readonly clock?: Clock}): Console => {
	const now = clock?.now ?? (() => Date.now());
	const {access} = openStore(directory, level, now, () => freshDroplet(level, now()));
	return {
		run: (argv, stdin = '') => access(moment => {
			const answer = runCommand({...moment, argv, stdin});
			return {
				code: answer.code, out: textOfAnswer(answer, 'out'), err: textOfAnswer(answer, 'err'), noSuchCommand: answer.noSuchCommand === true,
			};
		}),
		read: path => access(moment => contentOf(moment, path)),
		write(path, content, {mode, owner} = {}) {
			access(moment => {
				const ids = owner === undefined ? undefined : idsOf(moment.droplet, owner);
				writeFile(moment, path, content, {...(mode === undefined ? {} : {mode}), ...ids});
			});
		},
		remove(path) {
			access(({droplet}) => {
				if (entryOf(droplet, path)) {
					remove(droplet, path);
				}
			});
		},
		restart() {
			access(moment => {
				reboot(moment);
			});
		},
		touch: access,
	};
};
