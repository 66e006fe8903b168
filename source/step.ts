/**
The contract that steps are written against. Imports nothing at run time.

A step is one thing made true. It says which facts to look up, what to do about them, and how to tell that it holds. It never talks to a server, a disk or a person itself.
*/
import type {z} from 'zod';
import type {System} from './systems.js';

/** A command as the list of its words. Never passed through a shell. */
export type Argv = readonly [command: string, ...args: string[]];

/** A password or the like. Opaque, and prints as dots; only `server/` opens it. */
export interface Secret {
	readonly kind: 'secret';
}

/** What can be asked of a server: a command to run, or a file to read. Both as root, both without changing anything. */
export type Question =
	| {readonly argv: Argv; readonly seconds?: number; /** Text given to the command. */ readonly stdin?: string}
	| {readonly file: string};

/**
The raw answer to a question.

For a file: `code` 0 and `out` = `MODE OWNER:GROUP SHA256\n` followed by the content, or `code` 1 when there is no such file. `timed-out` is never a no: what could not be read is unknown.
*/
export type Reading = {
	readonly outcome: 'ran' | 'no-such-command' | 'timed-out';
	readonly code: number;
	readonly out: string;
	readonly err: string;
};

/** A question and how to read its answer. Equal questions of several steps are asked once. */
export type Fact<T> = Question & {readonly parse: (reading: Reading) => T};

/** A file as it was looked at. `content` is undefined where there is none. `mode` is a number such as 0o644, `owner` is `user:group`. */
export type FileFact = {
	readonly path: string;
	readonly content: string | undefined;
	readonly mode: number;
	readonly owner: string;
	readonly sha256: string;
};

/** What a step looks up: by name a fact, or a list of facts of one kind. */
export type Lookup = Readonly<Record<string, Fact<any> | ReadonlyArray<Fact<any>>>>;

/** The values that a lookup yields. */
export type Found<L> = {
	readonly [K in keyof L]: L[K] extends Fact<infer T> ? T : L[K] extends ReadonlyArray<Fact<infer T>> ? readonly T[] : never;
};

/** What connecting teaches, before any question is asked. */
export type ServerInfo = {
	readonly system: System;
	readonly me: {
		/** As whom we are logged in. */
		readonly user: string;
		/** The server's address or name, as the person gave it. */
		readonly address: string;
		/** The port we reached SSH by. */
		readonly sshPort: number;
		readonly root: 'is' | 'sudo' | 'sudo-password';
	};
	/** Our own address as the server sees it. */
	readonly from: string;
	/** The server's own address that sshd took our connection on. */
	readonly at: string;
	/** The port sshd itself took our connection on. Another than `me.sshPort` where something in between forwards it. */
	readonly sshdPort: number;
	readonly memoryMiB: number;
	/** The server's global addresses, v4 and v6. */
	readonly addresses: readonly string[];
	readonly bootId: string;
};

/** A key pair that was proven to be in the person's hands. */
export type KeyInHand = {
	/** As it stands in authorized_keys: `ssh-ed25519 AAAA…`, without a comment. */
	readonly publicKey: string;
	/** `SHA256:…` */
	readonly fingerprint: string;
	/** Where the private half is: a file's path, or `agent`. */
	readonly identity: string;
};

/** One of the answers that there are to choose from. */
export type Alternative<T> = {
	readonly value: T;
	readonly label: string;
	/** What it costs, or for whom it is, in a few words. */
	readonly note: string;
	/** More about it, for somebody who asks. */
	readonly explains: string;
};

/** A question to the person. Every question has a default that can be trusted, if there can be one. */
export type Ask<T> = {
	readonly question: string;
	/** What happens with each answer, in a sentence. */
	readonly explain?: string;
	/** An answer that fits, for a sentence about one that does not. */
	readonly example?: T;
	/** Answered by the key pair in the person's hands, which is found or made, and not by typing. */
	readonly from?: 'key-in-hand';
	/** Where the answer is one of a few. */
	readonly choices?: ReadonlyArray<Alternative<T>>;
	readonly schema: z.ZodType<T>;
	readonly default?: (g: Pick<ServerInfo, 'me'>) => T | undefined;
};
export type Asks = Readonly<Record<string, Ask<any>>>;
/** The answers of all steps, by step and field. */
export type AllAnswers = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
export type Answers<A> = {readonly [K in keyof A]: A[K] extends Ask<infer T> ? T : never};

/** What was seen when a step's event was gone through on purpose. */
export type Rehearsed = {
	/** When, ISO 8601. */
	readonly on: string;
	/** The id of the boot that came of it. */
	readonly boot: string;
	/** How many claims of all steps held before it. */
	readonly held: number;
	/** What did not hold after it, though it had, or though nobody had known. */
	readonly lost: ReadonlyArray<{readonly step: string; readonly title: string; readonly says: string; readonly actual: string}>;
	/** What had held, and could not be seen after it. */
	readonly unseen: ReadonlyArray<{readonly title: string; readonly says: string; readonly why: string}>;
	/** The files that the steps went by, as they were then: `MODE OWNER:GROUP SHA256` by path. */
	readonly files: Readonly<Record<string, string>>;
	/** What dropwise did on the server since, as it was shown, oldest first. */
	readonly since: readonly string[];
};

export type Context<A = Asks> = {
	readonly info: ServerInfo;
	readonly answers: Answers<A>;
	/** The user who must be able to log in from now on, and become root. */
	readonly admin: string;
	/** The key pair that must open the door; undefined while there is none. */
	readonly key: KeyInHand | undefined;
	/** The answers of all steps, for the few steps that build on another's. */
	readonly all: AllAnswers;
	/** For a step that rehearses: what was seen the last time, if there was one. */
	readonly rehearsed?: Rehearsed | undefined;
};

/**
A command to run as root.

`undo` are the commands that take it back, in the order they must run; `'again'` says that the same command, run once more after everything else was put back, is its own way back (a reload). `touches` names files that the command itself edits: they are kept before and put back byte for byte.
*/
type Run<U> = {
	readonly do: 'run';
	readonly because: string;
	readonly argv: Argv;
	readonly stdin?: string | Secret;
	readonly touches?: readonly string[];
	readonly undo: U;
};
/** A file to write, whole and at once. Refused if it is no longer as it was looked at. Undo is built in. */
export type Write = {
	readonly do: 'write';
	readonly because: string;
	readonly file: FileFact;
	readonly content: string;
	readonly mode: number;
	/** `user:group`; an existing file keeps its owner unless this says otherwise. */
	readonly owner?: string;
};
/** Packages to install from the distribution, waiting for others who are installing. */
export type Install = {readonly do: 'install'; readonly because: string; readonly packages: readonly string[]};

/** Everything installed brought up to date: waits for the first boot and for others who are installing, ends what was half installed, reads the lists of packages anew. */
export type Upgrade = {readonly do: 'upgrade'; readonly because: string};
/** The server restarted, and waited for until it is back. */
export type Reboot = {readonly do: 'reboot'; readonly because: string};

export type Undoing = readonly Argv[] | 'again';
/** What has no exact inverse cannot stand under a guard. */
export type GuardedAction = Run<Undoing> | Write;
export type FreeAction = Run<Undoing | {readonly cannot: string}> | Write | Install | Upgrade | Reboot;
export type Action = FreeAction;

/** A sentence about the server that holds, does not, or is unknown. `id` stays the same from run to run and server to server. */
export type Claim = {readonly id: string; readonly says: string} & (
	| {readonly holds: boolean; readonly expected: string; readonly actual: string}
	| {readonly unknown: string}
);

/** What the outside made of one port. `silent`: nothing came back in time; `unreachable`: no way from here to that address at all. */
export type Dialled = 'open' | 'refused' | 'silent' | 'unreachable';
export type Family = 'v4' | 'v6';

/** What can be seen of the server from where the person sits. */
export interface Outside {
	/** The addresses the outside dials, by family; undefined where the server has none. */
	readonly addresses: Readonly<Record<Family, string | undefined>>;
	/** Dials a TCP port. Takes four seconds at most. Equal calls are made once a look. */
	tcp(family: Family, port: number): Promise<Dialled>;
	/** The ways of logging in that sshd named when it let us in, such as `publickey`, `password`; undefined where something was done since. */
	readonly offered: readonly string[] | undefined;
	/** Logs in over a new connection as the admin with the key in hand and becomes root. `offered`: what sshd named then, where it came so far. Never throws. A log-in that fails counts against us, so it is not for seeing what is known already. */
	logIn(): Promise<{readonly loggedIn: boolean; readonly root: boolean; readonly why: string; readonly offered: readonly string[] | undefined}>;
}

export type Phase = 'Harden' | 'Firewall' | 'Docker' | 'Sites' | 'Proof';

export type Step<A extends Asks = any, F extends Lookup = any, D extends Lookup = any, G extends boolean = boolean> = {
	readonly id: string;
	readonly title: string;
	readonly phase: Phase;
	/** What is at stake, in two sentences. */
	readonly why: string;
	/** How it goes wrong, how to see it on one's own server, the way back. */
	readonly lesson: string;
	readonly minutes: number;
	/** Steps that come first, where they are there. */
	readonly after?: readonly string[];
	/** Steps without which this cannot be true; their undo is refused while this stands on them. */
	readonly needs?: readonly string[];
	/** Why it cannot be had on a release yet, in one sentence; undefined where it can. Left out there, and so is what needs it. */
	readonly unavailable?: (system: System) => string | undefined;
	readonly guarded: G;
	/** Its work is an event that is gone through on purpose, to see that everything else outlasts it. All other steps are looked at before and after, and what was seen is remembered. Where nobody is asked it is gone through once at most, and only where `unasked` allows that: because nobody would miss anything after it. */
	readonly rehearses?: {readonly unasked: (facts: Found<F> & Found<D>) => boolean};
	/** What a step makes true that others must know of. */
	readonly provides?: {
		/** It makes the user who must be able to log in from now on: the name, from its answers. */
		readonly admin?: (answers: Partial<Answers<A>>) => string | undefined;
		/** Once it holds, only keys open the door, and not for root. */
		readonly keysOnly?: true;
	};
	readonly asks?: A;
	/** Installed before a guard is armed. */
	readonly packages?: (facts: Found<F> & Found<D>, c: Context<A>) => readonly string[];
	/** All steps' together are one round trip. */
	readonly look: (c: Context<A>) => F;
	/** What `lookDeeper` asks on nearly every server: asked along with `look`, which spares the second round trip there. */
	readonly likely?: (c: Context<A>) => Lookup;
	/** What the answers of `look` lead to: one more round trip, but for what was `likely`. */
	readonly lookDeeper?: (facts: Found<F>, c: Context<A>) => D;
	/** What to do about it. Empty when there is nothing to do. Pure. */
	readonly plan: (facts: Found<F> & Found<D>, c: Context<A>) => ReadonlyArray<G extends true ? GuardedAction : FreeAction>;
	/** Whether it holds. Pure. */
	readonly verify: (facts: Found<F> & Found<D>, c: Context<A>) => readonly Claim[];
	/** Whether it holds as seen from where the person sits. */
	readonly witness?: (outside: Outside, facts: Found<F> & Found<D>, c: Context<A>) => Promise<readonly Claim[]>;
	/** Seconds that a claim may stay red after acting. */
	readonly settle?: number;
};

/** Lets TypeScript infer a step's types from what it looks up. */
export const defineStep = <A extends Asks, F extends Lookup, G extends boolean, D extends Lookup = Readonly<Record<never, never>>>(step: Step<A, F, D, G>): Step<A, F, D, G> => step;
