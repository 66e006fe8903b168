/**
What the engine needs of a record: what was done to one server, kept on the person's own disk.
*/
import type {Order, Kept, Outcome} from '../server/server.js';
import type {Ground, KeyInHand, Undoing} from '../step.js';

/** An action that was carried out, with all that is needed to take it back. No contents: hashes only. */
export type Done = {
	readonly id: string;
	readonly step: string;
	readonly do: 'run' | 'write' | 'install';
	readonly shows: string;
	readonly code: number;
	readonly undo: Undoing | {readonly cannot: string};
	readonly kept: readonly Kept[];
	/** What the touched files' contents were right after, by path: sha256 or `absent`. */
	readonly left: Readonly<Record<string, string>>;
};

/** What is known of a server from earlier runs. */
export type Known = {
	readonly user: string;
	readonly key: KeyInHand | undefined;
	readonly hostKeys: readonly string[];
	readonly ground: Ground | undefined;
	readonly answers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

export interface Journal {
	/** Actions carried out and not undone, oldest first. */
	done(): readonly Done[];
	/** An action that was begun and of whose end nothing is recorded. */
	begun(): {readonly step: string; readonly id: string; readonly shows: string} | undefined;
	known(): Known | undefined;

	/** On disk (fsync) before it resolves: written before the action is sent. */
	begin(step: string, order: Order, shows: string): Promise<void>;
	finish(done: Done): Promise<void>;
	/** An action begun never reached the server, or its outcome is `refused`. */
	forget(id: string, why: string): Promise<void>;
	undone(id: string): Promise<void>;
	learn(known: Partial<Known>): Promise<void>;
}

export type {Outcome};
