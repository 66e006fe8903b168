import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {watchMemory} from './measure.js';

// Of a process that has ended, and whose parent has not asked about it yet, the kernel tells its state and no memory.
(process.platform === 'linux' ? test : test.skip)('a process that has ended has no memory to speak of, but a number all the same', async t => {
	const parent = spawn('sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 60'], {stdio: ['ignore', 'pipe', 'ignore']});
	t.teardown(() => parent.kill());
	const [line] = await once(parent.stdout.setEncoding('utf8'), 'data') as [string];
	const pid = Number(line);
	while (!/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) {
		await sleep(20);
	}

	const {most, stop} = watchMemory(pid);
	stop();
	t.is(most(), 0);
	const own = watchMemory(process.pid);
	own.stop();
	t.true(own.most() > 10, String(own.most()));
});
