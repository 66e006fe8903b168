/**
What the engine needs of a record: what was done to one server, kept on the person's own disk.
*/
import type {Kept} from '../server/server.js';
import type {
	Argv,
	ServerInfo,
	KeyInHand,
	Rehearsed,
	Undoing,
} from '../step.js';

/** An action as it is about to be carried out, with all that is needed to take it back. No contents: hashes only. */
export type Begun = {
	readonly id: string;
	readonly step: string;
	readonly do: 'run' | 'write' | 'install' | 'upgrade' | 'reboot';
	readonly shows: string;
	/** The command itself, where it is one without secrets: what puts it back once it was undone. */
	readonly argv?: Argv;
	readonly undo: Undoing | {readonly cannot: string};
	/** Files it changes. */
	readonly files: readonly string[];
	/** For a restart: the id of the boot it ends. Another one proves that it took place. */
	readonly boot?: string;
	/** The guard it stands under, if one is armed. */
	readonly guard?: string;
};

/** An action that was carried out. */
export type Done = Begun & {
	readonly code: number;
	/** Its files as they were before. */
	readonly kept: readonly Kept[];
	/** Its files' contents right after, by path: sha256 or `absent`. */
	readonly left: Readonly<Record<string, string>>;
	/** An undo of it was cut off, and its step done anew since: of its commands some may have been taken back already. */
	readonly partly?: true;
	/** Packages it brought, for saying what stays behind. */
	readonly packages?: readonly string[];
};

/** What is known of a server from earlier runs. */
export type Known = {
	readonly user: string;
	readonly key: KeyInHand | undefined;
	readonly hostKeys: readonly string[];
	readonly info: ServerInfo | undefined;
	readonly answers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

/** What claims say, by step and id. */
export type Statements = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** An event that is about to be gone through on purpose. */
export type Rehearsing = {
	readonly step: string;
	/** The id of the boot it ends. */
	readonly boot: string;
	/** What holds before it, and what does not. */
	readonly holding: Statements;
	readonly red: Statements;
};

/** Every promise resolves when the line is on disk (fsync). */
export interface Journal {
	/** Actions carried out and not undone, oldest first. */
	done(): readonly Done[];
	/** An action that was begun and of whose end nothing is recorded. */
	begun(): Begun | undefined;
	/** A guard that was armed and of whose end nothing is recorded. */
	guard(): {readonly id: string; readonly step: string} | undefined;
	known(): Known | undefined;
	/** An event that was begun on purpose and after which nobody has looked yet. */
	rehearsing(): Rehearsing | undefined;
	/** What was seen when a step's event was last gone through. */
	rehearsed(step: string): Rehearsed | undefined;
	/** An undo that was begun and has not ended: of which step, and the files that others had changed by then. */
	undoing(): {readonly step: string; readonly theirs: readonly string[]} | undefined;

	/** Written before the action is sent. */
	begin(begun: Begun): Promise<void>;
	finish(done: Done): Promise<void>;
	/** An action begun never reached the server, or was refused there. */
	forget(id: string, why: string): Promise<void>;
	/** Written before the first thing is taken back. */
	undo(step: string, theirs: readonly string[]): Promise<void>;
	undone(...ids: readonly string[]): Promise<void>;
	/** Written before the guard is armed. */
	armed(id: string, step: string): Promise<void>;
	confirmed(id: string): Promise<void>;
	/** The guard put everything back: what was done under it is no longer done. */
	reverted(id: string): Promise<void>;
	learn(known: Partial<Known>): Promise<void>;
	/** Written before the event is begun. */
	rehearse(rehearsing: Rehearsing): Promise<void>;
	remember(step: string, rehearsed: Omit<Rehearsed, 'since'>): Promise<void>;
}
