import {spawn} from 'node:child_process';
import {readdirSync} from 'node:fs';
import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {openConsole} from '../../source/practice/console.js';
import {openPractice} from '../../source/practice/droplet.js';
import {asRoot} from './scene.js';
import {temporary} from './temporary.js';

/** The program may be killed at any moment; the droplet goes on. */
const program = fileURLToPath(new URL('killed-child.js', import.meta.url));

const child = (directory: string, ...words: string[]) => spawn(process.execPath, [program, directory, ...words], {stdio: ['ignore', 'pipe', 'inherit']});

test('killed in the middle of an order: the next start hears it from its first line to its end', async t => {
	const directory = temporary();
	const running = child(directory, '0.4', 'install', 'apt-get', '-q', '-y', 'install', 'ufw');
	for await (const chunk of running.stdout) {
		if (String(chunk).includes('Reading package lists')) {
			break;
		}
	}

	running.kill('SIGKILL');
	const server = await openPractice({
		directory, level: 'debian-13', login: asRoot, pace: 0.4,
	});
	t.deepEqual((await server.status()).running, ['install-0']);
	t.is((await server.status()).lease?.holder, 'a program that is going to be killed');
	t.false(await server.lock('another'));
	let heard = '';
	const outcome = await server.attach('install-0', ({text}) => {
		heard += text;
	});
	t.like(outcome, {outcome: 'ran', code: 0, err: ''});
	t.is(heard, outcome!.out);
	t.true(heard.startsWith('Reading package lists'));
	t.true(heard.includes('Setting up ufw'));
	t.deepEqual((await server.status()).running, []);
	await server.close();
});

test('killed at any moment: what was begun is there whole, or not at all', async t => {
	const directory = temporary();
	const console = openConsole({directory, level: 'debian-13'});
	for (let round = 0; round < 6; round++) {
		const running = child(directory, '0', `round-${round}`, 'touch', `/root/${round}-%`);
		await new Promise(resolve => {
			running.stdout.once('data', resolve);
		});
		await delay(round * 7);
		running.kill('SIGKILL');
		await new Promise(resolve => {
			running.once('close', resolve);
		});

		console.touch(({droplet}) => {
			droplet.lease = undefined;
			const begun = Object.keys(droplet.orders).filter(id => id.startsWith(`round-${round}-`)).map(id => id.replace('round-', ''));
			t.true(begun.length > 0);
			t.true(begun.every(name => Object.hasOwn(droplet.files, `/root/${name}`)));
		});
	}

	t.true(readdirSync(directory).filter(name => name.startsWith('droplet-')).length <= 2);
});

test('two programs at once see one droplet, and no change is lost', async t => {
	const directory = temporary();
	const [a, b] = [openConsole({directory, level: 'debian-13'}), openConsole({directory, level: 'debian-13'})];
	a.write('/root/a', '1');
	t.is(b.read('/root/a'), '1');
	const running = [child(directory, '0', 'one', 'touch', '/root/one-%')];
	await new Promise(resolve => {
		running[0]!.stdout.once('data', resolve);
	});
	for (let number = 0; number < 60; number++) {
		b.write(`/root/two-${number}`, '');
		await delay(1);
	}

	running[0]!.kill('SIGKILL');
	await new Promise(resolve => {
		running[0]!.once('close', resolve);
	});
	a.touch(({droplet}) => {
		const there = (start: string) => Object.keys(droplet.files).filter(path => path.startsWith(`/root/${start}-`)).length;
		t.is(there('two'), 60);
		t.true(there('one') > 0);
	});
});
