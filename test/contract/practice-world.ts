/** A practice droplet as the contract suite's scenarios see it: in a folder of its own, and nothing takes time. */
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {Clock} from '../../source/practice/practice-server.js';
import {openPractice, rootPassword} from '../../source/practice/droplet.js';
import {openPrompt} from '../../source/practice/prompt.js';
import {textOfAnswer} from '../../source/practice/programs/command.js';
import {runCommand} from '../../source/practice/programs/programs.js';
import {
	contentOf, makeFolder, ownerOf, writeFile,
} from '../../source/practice/file-tree.js';
import type {Level} from '../../source/practice/state.js';
import {openStore} from '../../source/practice/store.js';
import {makeKey, proveKey} from '../../source/server/key-pairs.js';
import {hide} from '../../source/server/secret.js';
import type {Login} from '../../source/server/server.js';
import {modern, upstart} from './ways.js';
import {
	adminName,
	unwatched,
	watched,
	type Entry,
	type World,
} from './world.js';

/** Waiting is over at once: the clock is put forward instead. */
const hurried = (): Clock => {
	let ahead = 0;
	return {
		now: () => Date.now() + ahead,
		async wait(milliseconds) {
			ahead += milliseconds;
		},
	};
};

const ways = {'debian-13': modern, 'ubuntu-14.04': upstart} as const;
const listens = {'debian-13': [8080], 'ubuntu-14.04': [3306, 8080]} as const;

const isWatched = (file: string): boolean => watched.some(one => file === one || file.startsWith(`${one}/`)) && !unwatched.test(file);

export const practiceWorld = async (level: Level): Promise<World & {readonly prompt: ReturnType<typeof openPrompt>}> => {
	const directory = await mkdtemp(path.join(tmpdir(), 'dropwise-contract-'));
	const clock = hurried();
	const keyFile = path.join(directory, 'key');
	await makeKey(keyFile);
	const root: Login = {user: 'root', password: hide(rootPassword)};
	const open = async (login: Login) => openPractice({
		directory: path.join(directory, 'droplet'), level, login, clock, pace: 0, keyOf: async identity => (await readFile(`${identity}.pub`, 'utf8')).trim(),
	});
	await (await open(root)).close();
	const {access} = openStore(path.join(directory, 'droplet'), level, clock.now, () => {
		throw new Error('the droplet is gone');
	});

	const act: World['do'] = async (argv, stdin) => {
		const answer = access(moment => runCommand({...moment, argv, ...(stdin === undefined ? {} : {stdin})}));
		if (answer.code !== 0) {
			throw new Error(`on practice ${level}, ${argv.join(' ')} ended with ${answer.code}: ${textOfAnswer(answer, 'err')}`);
		}

		return textOfAnswer(answer, 'out');
	};

	return {
		prompt: openPrompt({
			directory: path.join(directory, 'droplet'), level, clock, pace: 0,
		}),
		name: `practice ${level}`,
		ways: ways[level],
		listens: listens[level],
		root,
		admin: {user: adminName, identity: keyFile},
		key: await proveKey(keyFile),
		containers: {
			prepare: async () => undefined,
			web: ['nginx'],
			outside: {host: 'example.com', port: 80},
			async getsThrough(container, host, port) {
				return access(moment => runCommand({...moment, argv: ['docker', 'exec', container, 'curl', '-sS', '-m', '3', `http://${host}:${port}/`]})).code === 0;
			},
		},
		open,
		do: act,
		async reloadSsh() {
			await act(ways[level].reloadSsh);
		},
		async read(file) {
			return access(moment => contentOf(moment, file));
		},
		async write(file, content, mode) {
			access(moment => {
				writeFile(moment, file, content, mode === undefined ? {} : {mode});
			});
		},
		async fallsBehind() {
			access(({droplet}) => {
				droplet.packages.tzdata = '2016a-0';
			});
		},
		async cutsInstallingOff() {
			access(({droplet}) => {
				droplet.unpacked = ['cut'];
			});
		},
		async startsFirstBoot() {
			access(moment => {
				moment.droplet.packages['cloud-init'] = '1';
				makeFolder(moment, '/run/cloud-init');
				writeFile(moment, '/run/cloud-init/status.json', '{}\n');
			});
		},
		async entries() {
			return access(({droplet}) => new Map(Object.entries(droplet.files).filter(([file, {type}]) => isWatched(file) && type !== 'link').toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([file, entry]): [string, Entry] => [file, {
				is: `${entry.mode.toString(8)} ${ownerOf(droplet, entry)}`, content: entry.type === 'file' ? entry.content : undefined,
			}])));
		},
		async close() {
			await rm(directory, {recursive: true, force: true});
		},
	};
};
