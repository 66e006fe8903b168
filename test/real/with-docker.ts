/** A real droplet on which all was done that comes before Docker's place behind the firewall, with an image to run. */
import type {ExecutionContext} from 'ava';
import {unsavedRecord} from '../../source/record/server-record.js';
import {explain, go, unrehearsed, type Options, type Told} from '../contract/scenario.js';
import {up, type Release} from '../lab/lab.js';
import {makeImage} from './containers.js';
import {realWorld} from './real-world.js';

/** `run` is one run of the engine over it, as the admin: of all steps but the rehearsed restart, where none are named. */
export const withDocker = async (t: ExecutionContext, release: Release, kind: 'container' | 'vm' = 'container') => {
	const droplet = await up({release, kind});
	t.teardown(async () => droplet.down());
	const world = await realWorld(droplet);
	const journal = unsavedRecord();
	const applied = await go(world, 'apply', {journal, only: ['admin-user', 'ssh-keys-only', 'firewall', 'docker']});
	t.is(applied.exitCode, 0, explain(applied));
	await makeImage(droplet);
	const run = async (doing: Parameters<typeof go>[1], options: Options = {}): Promise<Told> => go(world, doing, {login: world.admin, journal, only: await unrehearsed(), ...options});
	return {droplet, run};
};
