import {spawn} from 'node:child_process';
import {once} from 'node:events';
import process from 'node:process';
import test from 'ava';
import {watchMemory} from './measure.js';

(process.platform === 'linux' ? test : test.skip)('a process that has ended has a largest memory all the same', async t => {
	const child = spawn(process.execPath, ['--eval', 'setTimeout(() => {}, 300)'], {stdio: 'ignore'});
	const memory = watchMemory(child.pid!);
	await once(child, 'exit');
	// Once more after its end: what the kernel no longer tells must not spoil what was seen.
	await new Promise(resolve => {
		setTimeout(resolve, 100);
	});
	memory.stop();
	t.true(memory.most() > 10, String(memory.most()));
});
