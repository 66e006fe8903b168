/**
What a server can be asked and told. Two stand behind it: a real one over SSH, and the practice droplet.

Everything it hands back is untrusted text.
*/
import type {
	Argv,
	Dialled,
	Question,
	Reading,
	Secret,
	Undoing,
} from '../step.js';

/** One thing to do, numbered so that a later connection can ask what became of it. Ids are unique over all runs and safe as file names: `[a-z0-9-]+`. */
export type Order = {readonly id: string} & (
	| {readonly do: 'run'; readonly argv: Argv; readonly stdin?: string | Secret; /** Files the command edits itself: kept before it runs. */ readonly touches?: readonly string[]; readonly undo?: Undoing}
	| {readonly do: 'write'; readonly path: string; /** The content's sha256 now, or `absent`; anything else there refuses the order. */ readonly expects: string; readonly content: string; readonly mode: number; readonly owner?: string}
	| {readonly do: 'restore'; readonly path: string; readonly expects: string; /** What to put back; undefined removes the file. */ readonly to: Kept}
);

/** A file as it stood before an order changed it. Its content stays on the server, readable by root alone. */
export type Kept = {readonly path: string; readonly sha256: string; readonly mode: number; readonly owner: string} | {readonly path: string; readonly sha256: 'absent'};

export type OutputChunk = {readonly stream: 'out' | 'err'; readonly text: string};

/** What became of an order. `refused`: the file was not as expected, nothing was changed, and the reason is in `err`. */
export type Outcome = {
	readonly outcome: 'ran' | 'refused' | 'no-such-command';
	readonly code: number;
	readonly out: string;
	readonly err: string;
	/** What the order changed, as it was before. */
	readonly kept: readonly Kept[];
	/** Where a guard is armed: seconds until it fires, by the server's clock, which every order starts anew. */
	readonly secondsLeft?: number;
};

/** How things stand on the server apart from the steps. */
export type ServerStatus = {
	/** The random id dropwise gave this server, if it did. */
	readonly id: string | undefined;
	readonly guard: {readonly state: 'none'} | {readonly state: 'armed'; readonly id: string; readonly secondsLeft: number} | {readonly state: 'reverting'; readonly id: string} | {readonly state: 'reverted'; readonly id: string; readonly why: 'time' | 'boot' | 'asked'; /** What it could not put back, as `revert` says it. */ readonly amiss: readonly string[]};
	readonly lease: {readonly holder: string; readonly secondsLeft: number} | undefined;
	/** Orders begun that have not ended, oldest first. */
	readonly running: readonly string[];
};

export type Login = {readonly user: string; /** A private key's path, or `agent`. */ readonly identity?: string; /** `ssh-ed25519 AAAA…`: of an agent's keys this one alone is offered. */ readonly publicKey?: string; readonly password?: Secret; readonly passphrase?: Secret; readonly sudoPassword?: Secret};

export interface Server {
	/** As whom and where we are. */
	readonly me: {readonly user: string; readonly address: string; readonly sshPort: number; readonly root: 'is' | 'sudo' | 'sudo-password'};
	/** All host keys the server showed, as `SHA256:…`, the one in use first. */
	readonly hostKeys: readonly string[];
	/** The ways to log in that sshd named before it let us in, such as `publickey`, `password`; `none` where it asked for nothing. */
	readonly offered: readonly string[];
	/** True on the practice droplet: for words on a screen, never for a decision. */
	readonly practice: boolean;

	/** Asks all questions at once, in one round trip; the answers stand in the order of the questions. */
	look(questions: readonly Question[]): Promise<readonly Reading[]>;
	status(): Promise<ServerStatus>;
	/** Gives the server its id if it has none yet, and returns it. */
	assignId(): Promise<string>;

	/**
	Takes the lease for thirty seconds and keeps it while connected; false: another holds it (see `status`). `holder` is a sentence fragment such as `ada@laptop since 10:31`.
	*/
	lock(holder: string): Promise<boolean>;
	unlock(): Promise<void>;

	/** Carries out an order in a session of its own: it ends even if we do not hear of it. Refused without the lease. Under an armed guard its way back is written down first, and the guard's clock starts anew. */
	act(order: Order, onOutput: (output: OutputChunk) => void): Promise<Outcome>;
	/** Hears the rest of an order begun earlier, from its first output on; undefined where the server does not know it. */
	attach(id: string, onOutput: (output: OutputChunk) => void): Promise<Outcome | undefined>;

	/** Arms the revert, which fires after `seconds` without an order or `confirm`, or at the next boot. `port`: where sshd took our connection on; what we dialled where it is left out. */
	arm(id: string, seconds: number, port?: number): Promise<void>;
	/** Disarms it. False: too late, the revert won the race. */
	confirm(id: string): Promise<boolean>;
	/** Reverts now, waits until it is done and was looked at, and says what is not as it was, such as `the file /etc/ssh/sshd_config`. */
	revert(id: string): Promise<readonly string[]>;

	/** Puts a new connection in the place of this one, which may be lost: a server that was restarted is the same server. The lease does not come along. Rejects with a `ConnectError`, and then all is as before. */
	reconnect(login: Login): Promise<void>;
	/** Opens a new connection to the same server, with nothing shared with this one. Rejects with a `ConnectError`. */
	connectAgain(login: Login): Promise<Server>;
	/** Dials one of the server's addresses from where the person sits. At most `milliseconds`. */
	dial(address: string, port: number, milliseconds: number): Promise<Dialled>;
	close(): Promise<void>;
}
