import {type Result, type RunOptions, run} from './command.js';
import {folderOf} from './paths.js';
import {isAlive} from './processes.js';
import {type Record, readState} from './record.js';

export type ExecOptions = {
	input?: string | Uint8Array;
	/** Who runs it; root if not said. */
	user?: string;
	/** After so many seconds it is killed and the promise rejects; two minutes if not said. */
	seconds?: number;
};

const environment = ['env', '--ignore-environment', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LANG=C.UTF-8', 'DEBIAN_FRONTEND=noninteractive'];

/** Where a command has to be started to run in the droplet, whatever its network and its sshd do. */
const prefix = async (record: Record): Promise<string[]> => {
	const state = await readState(record.name);
	const isOn = await isAlive(state?.init);
	const target = ['nsenter', '--target', String(state?.init?.pid)];
	if (record.kind === 'neighbour') {
		if (!isOn) {
			throw new Error(`${record.name} is not there any more`);
		}

		return [...target, '--net'];
	}

	return isOn
		? [...target, '--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup', '--root', '--wd', ...environment, 'HOME=/root']
		// Its power is off: its disk is what there is.
		: ['chroot', folderOf(record.name).root, ...environment, 'HOME=/root'];
};

/** Runs a command in a droplet without its network and its sshd. With its power off, on its disk alone. */
export const execInside = async (record: Record, argv: readonly string[], options: ExecOptions = {}): Promise<Result> => {
	const {input, user, seconds = 120} = options;
	const as = user === undefined ? [] : ['runuser', '--user', user, '--'];
	const runOptions: RunOptions = {seconds, ...(input === undefined ? {} : {input})};
	return run([...await prefix(record), ...as, ...argv], runOptions);
};
