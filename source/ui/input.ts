import {createInterface, type Interface} from 'node:readline';

/** `hidden`: what is typed is not shown. `signal`: once it is set off there is no line, as if there were no more. */
export type LineOptions = {readonly hidden?: boolean; readonly signal?: AbortSignal | undefined};

/** Lines that a person types, one at a time. */
export type Input = {
	/** One line, or undefined where there are no more. */
	line(prompt: string, how?: LineOptions): Promise<string | undefined>;
	/** Gives the keyboard to another program meanwhile, where there is one to give. */
	readonly lend?: (meanwhile: () => Promise<void>) => Promise<void>;
	/** Ends an open question without an answer; from now on there are none. */
	cancel(): void;
	close(): void;
};

/**
Lines from a pipe: kept until somebody asks.
*/
export const pipedInput = (input: NodeJS.ReadableStream, write: (text: string) => unknown): Input => {
	const waiting: string[] = [];
	let ended = false;
	let over = false;
	let wanted: ((line: string | undefined) => void) | undefined;
	let lines: Interface | undefined;
	const start = (): void => {
		lines = createInterface({input, terminal: false});
		lines.on('line', line => {
			if (wanted) {
				wanted(line);
				wanted = undefined;
			} else {
				waiting.push(line);
			}
		});
		lines.on('close', () => {
			ended = true;
			wanted?.(undefined);
			wanted = undefined;
		});
	};

	return {
		async line(prompt, {signal} = {}) {
			if (over || signal?.aborted) {
				return undefined;
			}

			if (!lines) {
				start();
			}

			write(prompt);
			const line = waiting.shift();
			const answer = line ?? (ended
				? undefined
				: await new Promise<string | undefined>(resolve => {
					wanted = resolve;
					signal?.addEventListener('abort', () => {
						wanted = undefined;
						resolve(undefined);
					});
				}));
			// Nobody pressed Enter here: without this the next line would stand behind the question.
			write('\n');
			return answer;
		},
		cancel() {
			over = true;
			wanted?.(undefined);
			wanted = undefined;
		},
		close() {
			lines?.close();
		},
	};
};

type Terminal = NodeJS.ReadStream;
const ctrlC = 3;

/**
Lines from a terminal. Between two questions keys are swallowed: an Enter pressed while something runs must not answer the question that comes after it. Ctrl-C calls `interrupt` at any time.
*/
export const terminalInput = (input: Terminal, output: NodeJS.WriteStream, interrupt: () => void): Input => {
	let asking = false;
	let closed = false;
	let over = false;
	let cancel: (() => void) | undefined;
	const swallow = (bytes: Buffer | string): void => {
		// Pressed twice quickly, both may come in one piece.
		for (const byte of asking ? [] : Buffer.from(bytes)) {
			if (byte === ctrlC) {
				interrupt();
			}
		}
	};

	const idle = (): void => {
		if (closed) {
			return;
		}

		input.setRawMode(true);
		input.on('data', swallow);
		input.resume();
		// Waiting for keys must not keep the program alive.
		input.unref();
	};

	idle();
	return {
		async line(prompt, {hidden = false, signal} = {}) {
			if (over || signal?.aborted) {
				return undefined;
			}

			input.off('data', swallow);
			input.ref();
			asking = true;
			const muted = {
				write(text: string, ...rest: unknown[]) {
					return output.write(text, ...rest as []);
				},
			};
			const lines = createInterface({
				input, output: hidden ? undefined : output, terminal: true, historySize: 0,
			});
			try {
				return await new Promise<string | undefined>(resolve => {
					cancel = () => {
						resolve(undefined);
					};

					signal?.addEventListener('abort', () => {
						output.write('\n');
						resolve(undefined);
					});
					lines.on('SIGINT', () => {
						output.write('\n');
						interrupt();
						resolve(undefined);
					});
					lines.on('close', () => {
						resolve(undefined);
					});
					if (hidden) {
						muted.write(prompt);
					}

					lines.question(hidden ? '' : prompt, answer => {
						if (hidden) {
							muted.write('\n');
						}

						resolve(answer);
					});
				});
			} finally {
				cancel = undefined;
				lines.close();
				asking = false;
				idle();
			}
		},
		async lend(meanwhile) {
			input.off('data', swallow);
			input.setRawMode(false);
			input.pause();
			try {
				await meanwhile();
			} finally {
				idle();
			}
		},
		cancel() {
			over = true;
			cancel?.();
		},
		close() {
			closed = true;
			input.off('data', swallow);
			input.setRawMode(false);
			input.pause();
		},
	};
};
