/** Somebody at work on the practice droplet beside the wizard: another session, over the same files. */
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {openConsole, type Console} from '../../source/practice/console.js';

export const directoryIn = (home: string): string => path.join(home, '.local', 'state', 'dropwise', 'practice', 'ubuntu-14.04');

export const consoleOf = (home: string): Console => openConsole({directory: directoryIn(home), level: 'ubuntu-14.04'});

/** Makes the admin by another way than the wizard would. */
export const makeAda = async (home: string): Promise<void> => {
	const console = consoleOf(home);
	const key = await readFile(path.join(directoryIn(home), 'id_ed25519.pub'), 'utf8');
	console.run(['useradd', '--create-home', '--shell', '/bin/bash', 'ada']);
	console.write('/etc/sudoers.d/my-own', 'ada ALL=(ALL) NOPASSWD: ALL\n', {mode: 0o440});
	console.run(['install', '-d', '-m', '700', '-o', 'ada', '-g', 'ada', '/home/ada/.ssh']);
	console.write('/home/ada/.ssh/authorized_keys', key, {mode: 0o600, owner: 'ada:ada'});
};
