/** The program in a terminal of 80 by 24: keys pressed, screens read. Nothing sleeps; everything waits for what must appear. */
import {readFileSync} from 'node:fs';
import {mkdtemp} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {stripVTControlCharacters} from 'node:util';
import {spawn} from '@lydell/node-pty';
import xterm, {type Terminal} from '@xterm/headless';

export const cli = fileURLToPath(new URL('../../source/cli.js', import.meta.url));

/** An empty home: no keys, no record. */
export const emptyHome = async (): Promise<string> => mkdtemp(path.join(tmpdir(), 'dropwise-home-'));

/** The environment of somebody at home there, without what this machine's own has to say. */
export const environment = (home: string, over: Readonly<Record<string, string>> = {}): Record<string, string> => ({
	PATH: process.env['PATH'] ?? '', HOME: home, TERM: 'xterm-256color', LANG: 'C.UTF-8', USER: 'ada', ...over,
});

/** For journeys on which nobody acts while something is at work: on the practice droplet all takes a tenth of its time. */
export const hurried = {DROPWISE_PRACTICE_PACE: '0.1'} as const;

export type Journey = {
	/** Waits for text that appears after the last key pressed, and returns all of that. */
	until(pattern: RegExp): Promise<string>;
	/** Waits for text as `until` does, or for the program's end: then false. */
	untilOrEnd(pattern: RegExp): Promise<boolean>;
	/** Waits for what the screen shows now, and returns that. */
	sees(pattern: RegExp): Promise<string>;
	/** Waits for words that it wrote since a key was pressed last, shown for however short a moment: a terminal that is busy draws over them before anybody looks. */
	wrote(pattern: RegExp): Promise<void>;
	/** Waits for a screen like this that is another than when a key was pressed last, or for the program's end: then false. */
	seesAnotherOrEnd(pattern: RegExp): Promise<boolean>;
	resize(columns: number, rows: number): void;
	/** Closes the terminal, as its window's cross does: it takes nothing any more, and says nothing. */
	hangUp(): void;
	/** Presses keys; what is waited for next comes after them. */
	press(keys: string): void;
	/** Waits for the program's end. */
	ended(): Promise<{readonly code: number; readonly text: string}>;
	/** Lines that the terminal broke, wherever its edge was, because they are longer than it is wide. */
	broken(): readonly string[];
	/** All bytes that came. */
	raw(): string;
	/** All text there was. */
	text(): string;
	signal(name: string): void;
	readonly pid: number;
	/** What the terminal shows, cell by cell. */
	readonly screen: Terminal;
};

/** Milliseconds to wait for what must appear. */
const patienceMs = 40_000;

/** What the system says of a process: one that hangs is told apart from one whose end nobody heard of. */
const stateOfProcess = (pid: number): string => {
	try {
		return /^State:\s*(.+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 'in no state';
	} catch {
		return 'gone';
	}
};

/** `before`: words to put in front, such as a shell's that looks at the terminal afterwards. */
export const travel = (words: readonly string[], env: Readonly<Record<string, string>>, {columns = 80, rows = 24, before = [], waits = patienceMs}: {columns?: number; rows?: number; before?: readonly string[]; waits?: number} = {}): Journey => {
	const screen = new xterm.Terminal({
		cols: columns, rows, scrollback: 5000, allowProposedApi: true,
	});
	const [command = '', ...rest] = [...before, process.execPath, cli, ...words];
	const program = spawn(command, rest, {
		cols: columns, rows, env: {...env}, name: env['TERM'] ?? 'xterm',
	});
	let raw = '';
	let from = 0;
	let rawFrom = 0;
	let pressedAt = '';
	let exit: number | undefined;
	const waiting = new Set<() => void>();
	const changed = (): void => {
		for (const look of waiting) {
			look();
		}
	};

	screen.onData(data => {
		program.write(data);
	});
	program.onData(data => {
		raw += data;
		screen.write(data, () => {
			changed();
		});
	});
	program.onExit(({exitCode}) => {
		exit = exitCode;
		// What was written last may still be on its way to the screen.
		screen.write('', () => {
			changed();
		});
	});

	const lines = (start: number): string => {
		const {active} = screen.buffer;
		return Array.from({length: active.length - start}, (_, index) => active.getLine(start + index)?.translateToString(true) ?? '').join('\n').trimEnd();
	};

	const wait = async <T>(check: () => T | undefined, what: string | (() => string)): Promise<T> => new Promise((resolve, reject) => {
		const look = (): void => {
			// Half a frame is nothing that anybody saw.
			if (screen.modes.synchronizedOutputMode && exit === undefined) {
				return;
			}

			try {
				const result = check();
				if (result !== undefined) {
					done();
					resolve(result);
				}
			} catch (error) {
				done();
				reject(error);
			}
		};

		const done = (): void => {
			clearTimeout(limit);
			waiting.delete(look);
		};

		const limit = setTimeout(() => {
			done();
			reject(new Error(`Waited in vain for ${typeof what === 'string' ? what : what()}. There was:\n${lines(0)}`));
		}, waits);
		waiting.add(look);
		look();
	});

	const seen = (): string => {
		const {active} = screen.buffer;
		return lines(active.baseY);
	};

	return {
		pid: program.pid,
		screen,
		async sees(pattern) {
			return wait(() => {
				if (pattern.test(seen())) {
					return seen();
				}

				if (exit !== undefined) {
					throw new Error(`It ended with ${exit} before ${String(pattern)}. There was:\n${lines(0)}`);
				}

				return undefined;
			}, String(pattern));
		},
		async wrote(pattern) {
			await wait(() => pattern.test(stripVTControlCharacters(raw.slice(rawFrom)).replaceAll(/\s+/g, ' ')) || undefined, String(pattern));
		},
		async seesAnotherOrEnd(pattern) {
			return wait(() => exit === undefined ? (seen() !== pressedAt && pattern.test(seen())) || undefined : false, `${String(pattern)} or the end`);
		},
		resize(wide, high) {
			program.resize(wide, high);
			screen.resize(wide, high);
		},
		hangUp() {
			// The system tells the program so, once; node-pty's own way would tell it another time, while it leaves.
			(program as unknown as {_socket: {destroy: () => void}})._socket.destroy();
		},
		async until(pattern) {
			return wait(() => {
				const text = lines(from);
				if (pattern.test(text)) {
					return text;
				}

				if (exit !== undefined) {
					throw new Error(`It ended with ${exit} before ${String(pattern)}. There was:\n${lines(0)}`);
				}

				return undefined;
			}, String(pattern));
		},
		async untilOrEnd(pattern) {
			return wait(() => exit === undefined ? pattern.test(lines(from)) || undefined : false, `${String(pattern)} or the end`);
		},
		press(keys) {
			const {active} = screen.buffer;
			from = active.baseY + active.cursorY + 1;
			pressedAt = seen();
			rawFrom = raw.length;
			program.write(keys);
		},
		async ended() {
			return wait(() => exit === undefined ? undefined : {code: exit, text: lines(0)}, () => `the end of ${program.pid}, ${stateOfProcess(program.pid)}`);
		},
		broken() {
			const {active} = screen.buffer;
			const long: string[] = [];
			for (let index = 1; index < active.length; index++) {
				if (!active.getLine(index)!.isWrapped) {
					continue;
				}

				const above = active.getLine(index - 1)!;
				const piece = active.getLine(index)!.translateToString(true);
				long.push(above.isWrapped ? `${long.pop() ?? ''}${piece}` : `${above.translateToString(true)}${piece}`);
			}

			return long;
		},
		raw: () => raw,
		text: () => lines(0),
		signal(name) {
			program.kill(name);
		},
	};
};

export const enter = '\r';
export const escape = '\u001B';
export const up = '\u001B[A';
export const down = '\u001B[B';
export const left = '\u001B[D';
export const right = '\u001B[C';
export const pageUp = '\u001B[5~';
export const pageDown = '\u001B[6~';
/** Ctrl-U: takes away what was typed. */
export const killLine = '\u0015';
export const backspace = '\u007F';
export const ctrlC = '\u0003';
export const ctrlD = '\u0004';
