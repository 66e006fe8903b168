import {spawn} from 'node:child_process';
import {once} from 'node:events';
import process from 'node:process';
import {setImmediate as nextTurn} from 'node:timers/promises';

/** Hands the terminal to the real ssh until the person logs out there, and says how that ended. `signal`: ends it. */
export const handOver = async (words: readonly string[], signal: AbortSignal): Promise<string> => {
	// What is pressed belongs to the server; ssh asks for a password before it hears ctrl-c as a letter, and then it is ssh that ends.
	const heard = process.listeners('SIGINT');
	const deaf = (): void => undefined;
	process.removeAllListeners('SIGINT');
	process.on('SIGINT', deaf);
	// Node reads the keyboard on, and the first that is pressed would be ours: only a stream that flows can be told to stop.
	process.stdin.resume();
	await nextTurn();
	process.stdin.pause();
	await nextTurn();
	try {
		const [code] = await once(spawn('ssh', words, {stdio: 'inherit', signal}), 'exit') as [number | null];
		return code === 255 ? 'ssh could not log in, or lost the connection: it says why above.' : 'You are back in dropwise.';
	} catch (error) {
		const {code, message} = error as NodeJS.ErrnoException;
		if (code === 'ENOENT') {
			return 'There is no ssh program on this computer: use another window, or a program such as PuTTY.';
		}

		return signal.aborted ? 'ssh was ended.' : `ssh could not be started: ${message}.`;
	} finally {
		process.off('SIGINT', deaf);
		for (const listener of heard) {
			process.on('SIGINT', listener);
		}
	}
};
