/** The carrier's answers, read. Pure. */
import type {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import type {Question, Reading} from '../step.js';
import type {Kept, Outcome, ServerStatus} from './server.js';
import {oneLine} from './one-line.js';
import {decode} from './wire.js';

const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A file's answer becomes what `Reading` promises: mode, owner and sha256 on the first line, then its content. */
const fileText = (bytes: Buffer): string => {
	const newline = bytes.indexOf(10);
	const [mode = '', names = '', numbers = ''] = bytes.toString('latin1', 0, newline).split(' ');
	const content = bytes.subarray(newline + 1);
	return `${mode} ${names.includes('UNKNOWN') ? numbers : names} ${hash(content)}\n${content.toString()}`;
};

/** Takes apart the three frames of a look. */
export const readReadings = (questions: readonly Question[], codes: string, sizes: string, bytes: Buffer): Reading[] => {
	const lengths = sizes.split('\n').map(line => Number.parseInt(line, 10));
	let at = 0;
	const next = (): Buffer => bytes.subarray(at, at += lengths.shift() ?? 0);
	return codes.trimEnd().split('\n').map((line, index) => {
		const [outcome, code] = line.split(' ');
		const out = next();
		const error = next().toString();
		const ok = 'file' in questions[index]! && outcome === 'ran' && code === '0';
		return {
			outcome: outcome as Reading['outcome'], code: Number(code), out: ok ? fileText(out) : out.toString(), err: error,
		};
	});
};

const readKept = (line: string): Kept => {
	const [sha256 = '', mode = '', owner = '', path = ''] = line.split(' ');
	return sha256 === 'absent'
		? {path: decode(path), sha256}
		: {
			path: decode(path), sha256, mode: Number.parseInt(mode, 8), owner,
		};
};

/** How an order ended, without its output. */
export const readEnded = (text: string): Pick<Outcome, 'outcome' | 'code' | 'kept' | 'secondsLeft'> => {
	const [first = '', ...more] = text.trimEnd().split('\n');
	const [outcome, code] = first.split(' ');
	const [guard] = more.filter(line => line.startsWith('guard '));
	return {
		outcome: outcome as Outcome['outcome'],
		code: Number(code),
		kept: more.filter(line => line !== guard).map(line => readKept(line)),
		...(guard === undefined ? {} : {secondsLeft: Math.max(0, Number(guard.slice('guard '.length)))}),
	};
};

/** What a revert could not put back, in words. */
const amissWords: Readonly<Record<string, (what: string) => string>> = {
	file: what => `the file ${decode(what)}`,
	rules: what => `the firewall's rules in the kernel, over IPv${what}`,
	unit: what => `${what}, which ran and runs no more`,
	port: what => `port ${what}, where SSH listened and nothing does now`,
};

export const readAmiss = (lines: readonly string[]): readonly string[] => lines.filter(Boolean).map(line => {
	const blank = line.indexOf(' ');
	const what = line.slice(blank + 1);
	return oneLine(amissWords[line.slice(0, blank)]?.(what) ?? line);
});

const readGuard = (words: readonly string[], amiss: readonly string[]): ServerStatus['guard'] => {
	const [state, id = '', more = ''] = words;
	switch (state) {
		case 'armed': {
			return {state, id, secondsLeft: Math.max(0, Number(more))};
		}

		case 'reverting': {
			return {state, id};
		}

		case 'reverted': {
			return {
				state, id, why: more as 'time' | 'boot' | 'asked', amiss: readAmiss(amiss),
			};
		}

		default: {
			return {state: 'none'};
		}
	}
};

export const readStatus = (text: string): ServerStatus => {
	const rows = text.trimEnd().split('\n').map(line => line.split(' '));
	const row = (name: string): string[] | undefined => rows.find(([first]) => first === name)?.slice(1);
	const lease = row('lease');
	return {
		id: row('id')?.[0],
		guard: readGuard(row('guard') ?? [], text.split('\n').filter(line => line.startsWith('amiss ')).map(line => line.slice('amiss '.length))),
		lease: lease && {secondsLeft: Number(lease[0]), holder: decode(lease[1] ?? '')},
		running: rows.filter(([first]) => first === 'running').map(([, id]) => id ?? ''),
	};
};
