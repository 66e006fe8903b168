/** Running the program and taking its time and memory. */
import {Buffer} from 'node:buffer';
import {execFile, spawn as spawnProcess} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {promisify, stripVTControlCharacters} from 'node:util';
import {spawn} from '@lydell/node-pty';
import {enter, environment, travel} from '../journeys/terminal.js';
import type {Row} from './table.js';

export const cli = fileURLToPath(new URL('../../source/cli.js', import.meta.url));

const run = promisify(execFile);

/** Milliseconds that a command takes. Rejects where its exit code is none of `codes`. */
export const timed = async (command: string, args: readonly string[], codes: readonly number[] = [0]): Promise<{milliseconds: number; out: string}> => {
	const begin = performance.now();
	const {code, out} = await run(command, [...args], {maxBuffer: 64 << 20, env: {...process.env, NO_COLOR: '1'}}).then(
		({stdout}) => ({code: 0, out: stdout}),
		(error: {code?: number; stdout?: string; stderr?: string}) => ({code: error.code ?? -1, out: `${error.stdout ?? ''}${error.stderr ?? ''}`}),
	);
	if (!codes.includes(code)) {
		throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${out.slice(-2000)}`);
	}

	return {milliseconds: performance.now() - begin, out};
};

/** The middle of several measurements, and how far they lie apart. */
export const spread = async (times: number, measure: () => Promise<number>): Promise<Readonly<Record<'median' | 'least' | 'most', number>>> => {
	const all: number[] = [];
	for (let count = 0; count < times; count++) {
		all.push(await measure());
	}

	all.sort((a, b) => a - b);
	return {median: all[Math.floor(all.length / 2)]!, least: all[0]!, most: all.at(-1)!};
};

export const median = async (times: number, measure: () => Promise<number>): Promise<number> => (await spread(times, measure)).median;

const peakMiB = (pid: number): number => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;

/** Starts the wizard in a terminal: milliseconds to its first byte and to its first question, and its memory there. */
export const firstFrame = async (home: string): Promise<{firstByte: number; firstFrame: number; memoryMiB: number}> => {
	const begin = performance.now();
	const pty = spawn(process.execPath, [cli], {
		cols: 80, rows: 24, env: {...process.env, HOME: home, XDG_STATE_HOME: home},
	});
	return new Promise(resolve => {
		let firstByte = 0;
		let text = '';
		const listening = pty.onData(data => {
			firstByte ||= performance.now() - begin;
			text += data;
			if (text.includes('Where shall we begin')) {
				const frame = performance.now() - begin;
				const memoryMiB = process.platform === 'linux' ? peakMiB(pty.pid) : Number.NaN;
				// What it had written before is still on its way.
				listening.dispose();
				pty.kill('SIGKILL');
				resolve({firstByte, firstFrame: frame, memoryMiB});
			}
		});
	});
};

/** Watches a process until it ends. `most` is its largest memory so far, in MiB: what a look misses of the last moments is missing. */
export const watchMemory = (pid: number): {readonly most: () => number; readonly stop: () => void} => {
	let most = 0;
	const look = (): void => {
		try {
			// one that has ended has no memory to speak of
			most = Math.max(most, peakMiB(pid) || 0);
		} catch {}
	};

	const timer = setInterval(look, 20);
	look();
	return {
		most: () => most,
		stop() {
			clearInterval(timer);
		},
	};
};

/** Runs the program to its end and returns its largest memory. */
export const memoryOf = async (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<number> => {
	const child = spawnProcess(process.execPath, [cli, ...args], {stdio: 'ignore', env: {...process.env, ...env}});
	const memory = watchMemory(child.pid!);
	await new Promise(resolve => {
		child.once('exit', resolve);
	});
	memory.stop();
	return memory.most();
};

/** Takes the wizard to its finish by Enter alone: its largest memory, and what it wrote to the terminal during the step of that title, in which apt works, from "Do it" to the verdict. */
export const wizardToFinish = async (words: readonly string[], home: string, title: string): Promise<{memoryMiB: number; apt: {readonly kilobytes: number; readonly milliseconds: number} | undefined}> => {
	const journey = travel(words, environment(home));
	const memory = watchMemory(journey.pid);
	let apt: {readonly kilobytes: number; readonly milliseconds: number} | undefined;
	let from = 0;
	let begin = performance.now();
	while (await journey.seesAnotherOrEnd(/❯ /)) {
		const written = journey.raw().slice(from);
		// Its verdict: what was written before it is what was seen while it worked.
		if (stripVTControlCharacters(written).includes(`✔ ${title} `)) {
			apt ??= {kilobytes: Buffer.byteLength(written) / 1000, milliseconds: performance.now() - begin};
		}

		from = journey.raw().length;
		begin = performance.now();
		journey.press(enter);
	}

	const {code, text} = await journey.ended();
	memory.stop();
	if (code !== 0) {
		throw new Error(`The wizard ended with ${code}:\n${text.slice(-2000)}`);
	}

	return {memoryMiB: memory.most(), apt};
};

/** What `wizardToFinish` measured, beside the budgets. */
export const wizardRows = async (where: string, words: readonly string[], home: string, title: string): Promise<readonly Row[]> => {
	const {memoryMiB, apt} = await wizardToFinish(words, home, title);
	return [
		{what: `memory of the wizard ${where}, to its finish`, budget: 120, measured: memoryMiB, unit: 'MB'},
		{what: `written to the terminal meanwhile, in "${title}"`, budget: undefined, measured: apt?.kilobytes ?? Number.NaN, unit: 'kB'},
		{what: 'that step takes', budget: undefined, measured: apt?.milliseconds ?? Number.NaN, unit: 'ms'},
	];
};
