/** A real droplet that was set up, and the wizard opened on it. */
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type {ExecutionContext} from 'ava';
import {adminName} from '../contract/world.js';
import {environment, travel, type Journey} from '../journeys/terminal.js';
import {type Droplet, up} from '../lab/lab.js';
import {listensForAll} from './listeners.js';
import {homeFor, type Home} from './program.js';
import {realWorld} from './real-world.js';

/** Milliseconds for a step's work on a busy machine: packages take most of it. */
export const working = 180_000;

export type SetUp = {readonly droplet: Droplet; readonly home: Home; readonly open: (words?: readonly string[]) => Journey; readonly reloadSsh: () => Promise<void>};

/** A droplet that was set up, on which something listens that nobody should reach. `alsoInPath`: a folder of programs that the wizard finds before others. */
export const setUp = async (t: ExecutionContext, {alsoInPath = ''} = {}): Promise<SetUp> => {
	const [droplet, home] = await Promise.all([up({release: 'trixie'}), homeFor(t)]);
	t.teardown(async () => droplet.down());
	await listensForAll(droplet, 'preview', 8080);
	const [password, answers] = [path.join(home.folder, 'password'), path.join(home.folder, 'answers.json')];
	await writeFile(password, `${droplet.rootPassword}\n`, {mode: 0o600});
	await writeFile(answers, JSON.stringify({'admin-user': {name: adminName, identity: droplet.keyFile}}));
	const {ed25519: hostKey = ''} = await droplet.fingerprints();
	const applied = await home.dropwise(['apply', `root@${droplet.address}`, '--yes', '--password-file', password, '--host-key', hostKey, '--answers', answers]);
	t.is(applied.code, 0, applied.out + applied.err);
	const world = await realWorld(droplet, droplet.address, [8080]);
	return {
		droplet, home,
		open(words = [droplet.address]) {
			const journey = travel([...words, '--state-dir', home.state], environment(home.folder, alsoInPath === '' ? {} : {PATH: `${alsoInPath}:${process.env['PATH'] ?? ''}`}), {waits: working});
			t.teardown(() => {
				journey.signal('SIGKILL');
			});
			return journey;
		},
		reloadSsh: async () => world.reloadSsh(),
	};
};
