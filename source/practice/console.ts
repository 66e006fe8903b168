import {textOfAnswer} from './programs/command.js';
import {runCommand} from './programs/programs.js';
import {reboot} from './reboot.js';
import {
	contentOf,
	entryOf,
	idsOf,
	remove,
	writeFile,
} from './file-tree.js';
import {freshDroplet} from './images/image.js';
import type {Clock} from './practice-server.js';
import type {Level, Machine} from './state.js';
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
	readonly touch: <T>(what: (machine: Machine) => T) => T;
};

export const openConsole = ({directory, level, clock}: {readonly directory: string; readonly level: Level; readonly clock?: Clock}): Console => {
	const now = clock?.now ?? (() => Date.now());
	const {access} = openStore(directory, level, now, () => freshDroplet(level, now()));
	return {
		run: (argv, stdin = '') => access(machine => {
			const answer = runCommand({...machine, argv, stdin});
			return {
				code: answer.code, out: textOfAnswer(answer, 'out'), err: textOfAnswer(answer, 'err'), noSuchCommand: answer.noSuchCommand === true,
			};
		}),
		read: path => access(machine => contentOf(machine, path)),
		write(path, content, {mode, owner} = {}) {
			access(machine => {
				const ids = owner === undefined ? undefined : idsOf(machine.droplet, owner);
				writeFile(machine, path, content, {...(mode === undefined ? {} : {mode}), ...ids});
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
			access(machine => {
				reboot(machine, argv => runCommand({...machine, argv}));
			});
		},
		touch: access,
	};
};
