import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';
import type {Clock} from '../../source/practice/practice-server.js';

const made: string[] = [];
// eslint-disable-next-line unicorn/no-top-level-side-effects
process.on('exit', () => {
	for (const directory of made) {
		rmSync(directory, {recursive: true, force: true});
	}
});

/** A folder for one test's droplet, gone when the tests are over. */
export const temporary = (): string => {
	const directory = mkdtempSync(path.join(tmpdir(), 'dropwise-practice-'));
	made.push(directory);
	return directory;
};

/** A clock that stands until it is moved. Waiting moves it. */
export const handClock = (start = Date.UTC(2026, 10, 23, 12)): Clock & {pass: (seconds: number) => void} => {
	let now = start;
	return {
		now: () => now,
		async wait(milliseconds) {
			now += milliseconds;
			await delay(0);
		},
		pass(seconds) {
			now += seconds * 1000;
		},
	};
};
