import type {Login, Server} from '../server/server.js';
import type {Prompt} from '../ui/prompt.js';
import type {Arrival} from '../witness/arrival.js';

/** A server that was connected to, before its record is opened. */
export type Connection = {
	readonly server: Server;
	readonly login: Login;
	/** What was seen while connecting, where somebody wants to know. */
	readonly arrival?: Arrival;
	/** As the person named it. */
	readonly given: string;
	/** How to name it in a hint. */
	readonly name: string;
	/** Its address and port in one spelling. */
	readonly place: string;
	/** Where the practice droplet keeps its own key pair; undefined for a real one. */
	readonly keyFolder: string | undefined;
	/** A prompt on the practice droplet, as in another window; on a real server one logs in. */
	readonly prompt?: Prompt;
	/** How long what starts with the server takes at most, in seconds, where that is known. */
	readonly startSeconds?: number;
};
