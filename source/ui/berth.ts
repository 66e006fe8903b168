import type {Ground, Step} from '../step.js';
import type {AllAnswers} from './asks.js';
import type {Ending} from './finish.js';
import type {Progress} from './progress.js';
import type {Questions} from './questions.js';
import type {Earlier, Shown} from './table.js';
import type {Telling} from './lines.js';

export type Outcome = {readonly code: number; readonly progress: Progress; /** Where the log of it is. */ readonly log: string};

/** A server we are logged in to, and what can be done there. */
export type Berth = {
	readonly name: string;
	readonly practice: boolean;
	readonly me: Ground['me'];
	readonly steps: readonly Step[];
	/** Answers of earlier runs. */
	readonly known: AllAnswers;
	/** Steps that something was done for before. */
	readonly before: ReadonlySet<string>;
	/** When each step was last seen to hold, ISO 8601. */
	readonly heldAt: Readonly<Record<string, string>>;
	/** What the server said in earlier runs, if anything is kept of that. */
	readonly earlier: () => Promise<Earlier | undefined>;
	/** Finds or makes the key pair that is to open the door; asks if it must. Returns what becomes `admin-user.identity`. */
	readonly findKey: (questions: Questions) => Promise<string>;
	/** Looks; tells nothing by itself but what goes wrong. */
	readonly check: (answers: AllAnswers, steps: readonly Step[]) => Promise<Outcome>;
	readonly apply: (answers: AllAnswers, step: Step, show: (telling: Telling) => Shown, telling: Pick<Telling, 'place' | 'before'>) => Promise<Outcome & Pick<Shown, 'wentBack'>>;
	/** Keeps how things stand in the record. */
	readonly stand: (progress: Progress) => Promise<void>;
	readonly ending: (progress: Progress) => Ending;
};
