import {setTimeout as delay} from 'node:timers/promises';
import type {Login, Server} from '../server/server.js';
import {freshDroplet} from './images/image.js';
import {openSession, type Clock} from './practice-server.js';
import type {Level} from './state.js';
import {openStore} from './store.js';

type PublicKeys = string | readonly string[] | undefined;

/**
The practice droplet: a model of a server behind the same interface as a real one. Nothing to pay, nothing to break, and no evidence about real servers.

Its whole state is one object in a file; see state.ts.
*/
export type Practice = {
	/** Where the droplet lives. Made if it is not there; a droplet that is there goes on. */
	readonly directory: string;
	readonly level: Level;
	readonly login: Login;
	/** The public key behind an identity (a path, or `agent` with all it holds), as it stands in authorized_keys: the droplet knows no disks. May reject with a `ConnectError`. */
	readonly keyOf?: (identity: string) => PublicKeys | Promise<PublicKeys>;
	readonly clock?: Clock;
	/** How slow commands are: 1 as the real ones, 0 at once. */
	readonly pace?: number;
	readonly sshPort?: number;
};

export const levels: readonly Level[] = ['ubuntu-14.04', 'debian-13'];

export const realClock: Clock = {
	now: () => Date.now(),
	async wait(milliseconds) {
		await delay(milliseconds);
	},
};

/** Where a person sits, as the droplet sees it: addresses for documentation (RFC 5737, RFC 3849). */
const from = {v4: '198.51.100.23', v6: '2001:db8:1::23'};

/** Opens the practice droplet and logs in. Rejects with a `ConnectError`, as a real server would. */
export const openPractice = async ({directory, level, login, keyOf, clock = realClock, pace = 1, sshPort = 22}: Practice): Promise<Server> => {
	const store = openStore(directory, level, clock.now, () => freshDroplet(level, clock.now()));
	return openSession({
		store, clock, pace, place: {from, sshPort}, keysOf: async identity => [await keyOf?.(identity) ?? []].flat(),
	}, login);
};

export {rootPassword} from './images/image.js';
