import type {KeyQuestion} from '../engine/roles.js';
import type {AllAnswers, ServerInfo, Step} from '../step.js';
import type {Ending} from './finish.js';
import type {RunState} from './run-state.js';
import type {Questions} from './questions.js';
import type {Earlier, RunDisplay} from './screen.js';
import type {DisplayOptions} from './lines-display.js';

export type RunResult = {readonly code: number; readonly state: RunState; /** Where the log of it is. */ readonly log: string};

/** A server we are logged in to, and what can be done there. */
export type WizardServer = {
	readonly name: string;
	readonly practice: boolean;
	readonly me: ServerInfo['me'];
	readonly steps: readonly Step[];
	/** Answers of earlier runs. */
	readonly known: AllAnswers;
	/** Steps that something was done for before. */
	readonly before: ReadonlySet<string>;
	/** When each step was last seen to hold, ISO 8601. */
	readonly heldAt: Readonly<Record<string, string>>;
	/** What the server said in earlier runs, if anything is kept of that. */
	readonly earlier: () => Promise<Earlier | undefined>;
	/** Whom these answers make the one who can log in from now on; where they do not say, who is taken for granted. */
	readonly adminIn: (answers: AllAnswers) => string;
	/** Which answer the key pair is. */
	readonly keyQuestion: KeyQuestion | undefined;
	/** Finds or makes the key pair that is to open the door; asks if it must. Returns what answers `keyQuestion`. */
	readonly findKey: (questions: Questions) => Promise<string>;
	/** Looks; tells nothing by itself but what goes wrong. */
	readonly check: (answers: AllAnswers, steps: readonly Step[]) => Promise<RunResult>;
	readonly apply: (answers: AllAnswers, step: Step, show: (options: DisplayOptions) => RunDisplay, options: Pick<DisplayOptions, 'place' | 'before'>) => Promise<RunResult>;
	/** Keeps how things stand in the record. */
	readonly keepState: (state: RunState) => Promise<void>;
	readonly ending: (state: RunState) => Ending;
};
