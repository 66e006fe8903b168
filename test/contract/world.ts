/**
What a scenario needs of a droplet, be it the practice droplet or a real one: the two must answer alike.
*/
import type {Login, Server} from '../../source/server/server.js';
import type {Argv, KeyInHand} from '../../source/step.js';

export interface World {
	readonly name: string;
	/** How one logs in to the fresh droplet. */
	readonly root: Login;
	/** How the admin will log in. */
	readonly admin: Login;
	readonly key: KeyInHand;
	open(login: Login): Promise<Server>;
	/** Does something as root behind the program's back, and fails where it fails. */
	do(argv: Argv, stdin?: string): Promise<string>;
	/** Writes a file behind the program's back. */
	write(path: string, content: string, mode?: number): Promise<void>;
	close(): Promise<void>;
}

/** Who the scenarios set up. */
export const adminName = 'ada';
