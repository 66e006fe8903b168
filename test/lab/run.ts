/*
`npm run test:lab`: prepares the lab, runs the tests on real droplets, and leaves none of theirs. Arguments go to AVA; names of test files among them replace the default, which is all.
*/
import {spawn} from 'node:child_process';
import {randomUUID} from 'node:crypto';
import {once} from 'node:events';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {find, LabUnavailable} from './lab.js';
import {prepare} from './prepare.js';
import {names, readRecord} from './record.js';

const id = randomUUID();
const given = process.argv.slice(2);
const files = given.some(argument => argument.endsWith('.js')) ? [] : ['dist/test/lab/**/*.test.js'];
const ava = fileURLToPath(new URL('../../../node_modules/ava/entrypoints/cli.js', import.meta.url));

/** A test's droplets go with it; this is for what a bug leaves. */
const takeDownOurs = async (): Promise<void> => {
	for (const name of await names()) {
		const record = await readRecord(name);
		if (record?.run !== id) {
			continue;
		}

		const droplet = await find(name);
		await droplet.down();
	}
};

const main = async (): Promise<number> => {
	console.log('Preparing the lab (minutes the first time, nothing afterwards) …');
	await prepare();
	const child = spawn(process.execPath, [ava, '--concurrency', '2', '--timeout', '15m', ...given, ...files], {
		stdio: 'inherit',
		env: {...process.env, DROPWISE_LAB_RUN: id},
	});
	// Ctrl-C reaches AVA by itself; this waits for it and cleans up behind it.
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, () => {
			child.kill(signal);
		});
	}

	const [code] = await once(child, 'close') as [number | null];
	await takeDownOurs();
	return code ?? 130;
};

try {
	process.exitCode = await main();
} catch (error) {
	if (!(error instanceof LabUnavailable)) {
		throw error;
	}

	console.error(error.message);
	process.exitCode = 3;
}
