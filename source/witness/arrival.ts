/** What was seen while connecting, a moment ago. Good for a run that only looks: whatever would have been seen by looking once more is as old. */
import {isAgent} from '../server/key-pairs.js';
import type {Login, Server} from '../server/server.js';

export type Arrival = {
	/** How we logged in. */
	readonly login: Login;
};

/** Whether we came in as the admin does: with that very key and nothing else, and became root without a password. */
export const cameAsAdmin = ({root}: Server['me'], {login}: Arrival, admin: Login | undefined): boolean =>
	admin !== undefined && root === 'sudo'
	&& login.user === admin.user
	&& login.password === undefined && login.identity !== undefined && login.identity === admin.identity
	// an agent shows all its keys unless it is told which
	&& (login.publicKey === undefined ? !isAgent(login.identity) : login.publicKey === admin.publicKey);
