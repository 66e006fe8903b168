import {type Result, run} from './command.js';
import {execByAgent} from './guest-agent.js';
import {folderOf} from './paths.js';
import {isAlive} from './processes.js';
import {type DropletRecord, readState} from './record.js';

export type ExecOptions = {
	input?: string | Uint8Array;
	/** Who runs it; root if not said. */
	user?: string;
	/** After so many seconds it is killed and the promise rejects; two minutes if not said. */
	seconds?: number;
};

const environment = ['/usr/bin/env', '--ignore-environment', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LANG=C.UTF-8', 'DEBIAN_FRONTEND=noninteractive', 'HOME=/root'];

/** Where a command has to be started to run in the droplet, whatever its network and its sshd do. */
const prefix = async (record: DropletRecord): Promise<string[]> => {
	const state = await readState(record.name);
	const isOn = await isAlive(state?.init);
	const target = ['nsenter', '--target', String(state?.init?.pid)];
	if (isOn) {
		return record.kind === 'neighbour'
			? [...target, '--net']
			: [...target, '--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup', '--root', '--wd', ...environment];
	}

	if (record.kind === 'container' && state) {
		// Its power is off: its disk is what there is.
		return ['chroot', folderOf(record.name).root, ...environment];
	}

	throw new Error(`${record.name} is off`);
};

/** Runs a command in a droplet without its network and its sshd. In a container with its power off, on its disk alone. */
export const execInside = async (record: DropletRecord, argv: readonly string[], options: ExecOptions = {}): Promise<Result> => {
	const {input, user, seconds = 120} = options;
	const command = [...(user === undefined ? [] : ['runuser', '--user', user, '--']), ...argv];
	const runOptions = {seconds, ...(input === undefined ? {} : {input})};
	return record.kind === 'vm' ? execByAgent(folderOf(record.name).agent, [...environment, ...command], runOptions) : run([...await prefix(record), ...command], runOptions);
};
