/*
The end of `.ci/run`: minutes by part, every test that failed with the first line of its reason, and `N passed, N failed` over all parts.

Reads lines `NAME<tab>CODE<tab>SECONDS<tab>LOG` from standard input. Its own exit code is 0 where nothing failed.
*/
import {readFileSync} from 'node:fs';
import process from 'node:process';
import {stripVTControlCharacters} from 'node:util';
import {summed, type Part} from './summed.js';

const parts = readFileSync(0, 'utf8').split('\n').filter(Boolean).map((line): Part => {
	const [name = '', code = '', seconds = '', log = ''] = line.split('\t');
	return {
		name, code: Number(code), seconds: Number(seconds), output: stripVTControlCharacters(readFileSync(log, 'utf8')),
	};
});
const {lines, failed} = summed(parts);
console.log(lines.join('\n'));
process.exitCode = failed === 0 ? 0 : 1;
