import {Buffer} from 'node:buffer';
import {spawn} from 'node:child_process';
import process from 'node:process';

/** What a command answered. `code` is 128 + the signal's number when a signal ended it. */
export type Result = {code: number; out: string; err: string};

export type RunOptions = {
	input?: string | Uint8Array;
	environment?: Record<string, string>;
	/** After so many seconds the command is killed and the promise rejects. */
	seconds?: number;
};

const signals: Partial<Record<NodeJS.Signals, number>> = {
	SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15,
};

/** Runs a command to its end. Any exit code resolves; rejects only if it cannot be started or takes too long. */
export const run = async (argv: readonly string[], options: RunOptions = {}): Promise<Result> => new Promise((resolve, reject) => {
	const [command = '', ...rest] = argv;
	const child = spawn(command, rest, {env: {...process.env, LC_ALL: 'C.UTF-8', ...options.environment}});
	const out: Uint8Array[] = [];
	const error: Uint8Array[] = [];
	const timer = options.seconds === undefined
		? undefined
		: setTimeout(() => {
			child.kill('SIGKILL');
			reject(new Error(`${argv.join(' ')} took more than ${options.seconds} s`));
		}, options.seconds * 1000);

	child.stdout.on('data', (chunk: Uint8Array) => {
		out.push(chunk);
	});
	child.stderr.on('data', (chunk: Uint8Array) => {
		error.push(chunk);
	});
	child.once('error', problem => {
		clearTimeout(timer);
		reject(problem);
	});
	child.once('close', (code, signal) => {
		clearTimeout(timer);
		resolve({
			code: code ?? (128 + (signals[signal ?? 'SIGKILL'] ?? 0)),
			out: Buffer.concat(out).toString('utf8'),
			err: Buffer.concat(error).toString('utf8'),
		});
	});
	// A command that does not read its input closes the pipe early; that is its right.
	child.stdin.on('error', () => undefined);
	child.stdin.end(options.input);
});

/** As `run`, but rejects with the command and what it said when the code is not 0. Resolves to its output. */
export const must = async (argv: readonly string[], options?: RunOptions): Promise<string> => {
	const {code, out, err} = await run(argv, options);
	if (code !== 0) {
		throw new Error(`${argv.join(' ')} ended with ${code}: ${err.trim() || out.trim()}`);
	}

	return out;
};
