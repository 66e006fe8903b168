/** Log-ins that know nothing of dropwise: OpenSSH's own, without its memory. */
import {run, type Result} from '../lab/command.js';
import type {Droplet} from '../lab/lab.js';

const forgetful = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR', '-o', 'ConnectTimeout=5'] as const;

export const byPassword = async (droplet: Droplet, user: string, password: string): Promise<Result> =>
	run(['sshpass', '-e', 'ssh', ...forgetful, '-o', 'PubkeyAuthentication=no', '-o', 'NumberOfPasswordPrompts=1', `${user}@${droplet.address}`, 'true'], {environment: {SSHPASS: password}, seconds: 30});

export const byKey = async (droplet: Droplet, user: string, command: readonly string[], keyFile = droplet.keyFile): Promise<Result> =>
	run(['ssh', ...forgetful, '-o', 'BatchMode=yes', '-o', 'IdentitiesOnly=yes', '-i', keyFile, `${user}@${droplet.address}`, ...command], {seconds: 30});
