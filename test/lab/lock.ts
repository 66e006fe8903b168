import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import {runtime} from './paths.js';

/**
Runs `task` while no other process holds the lock of that name. Waits as long as it takes.

The lock is held by a `cat` under flock(1): it echoes a byte once it has the lock, and ends, releasing it, when the pipe from this process closes, however this process dies.
*/
export const locked = async <T>(name: string, task: () => Promise<T>): Promise<T> => {
	await mkdir(runtime, {recursive: true});
	const holder = spawn('flock', [path.join(runtime, `${name}.lock`), 'cat'], {stdio: ['pipe', 'pipe', 'inherit'], detached: true});
	const ended = once(holder, 'close');
	holder.stdin.write('?');
	await Promise.race([once(holder.stdout, 'data'), ended]);
	try {
		return await task();
	} finally {
		holder.stdin.end();
		await ended;
	}
};
