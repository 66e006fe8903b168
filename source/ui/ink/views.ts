import type {Verdict} from '../../engine/events.js';
import type {RunState, StepState} from '../run-state.js';
import type {Asking, Choosing} from '../questions.js';
import type {Hand} from '../commands-to-type.js';

export type ChoiceView = {readonly kind: 'choice'; readonly asked: Choosing<unknown>; /** How long Enter and Esc are not for it, in milliseconds. */ readonly deafMs?: number};
export type FieldView = {readonly kind: 'field'; readonly asked: Asking<unknown>; readonly secret: boolean};
export type StepView = {
	readonly kind: 'step';
	readonly step: StepState;
	readonly claims: readonly Verdict[];
	readonly place: {readonly number: number; readonly total: number};
};
/** Somebody does a step with their own hands. */
export type HandView = {
	readonly kind: 'by-hand';
	/** What the run has come to by now. */
	readonly state: () => RunState;
	readonly hand: Hand | undefined;
	/** Looks at once; resolves when it was told how it stands. */
	readonly look: () => Promise<void>;
	/** Gives this window to the server; undefined where that cannot be. `suspend`: lets the terminal go meanwhile. */
	readonly logIn: ((suspend: (meanwhile: () => Promise<void>) => Promise<void>) => void) | undefined;
	/** A line was typed, and this was said to it: it stays, above what is typed next. */
	readonly note: (lines: readonly string[]) => void;
};
export type LogView = {readonly kind: 'log'; readonly file: string};
/** Something long to be read. */
export type TextView = {readonly kind: 'text'; readonly lines: readonly string[]};

/** Something asked of the person, before it stands on the screen. */
export type AskView = ChoiceView | FieldView | StepView | HandView | LogView | TextView;

/** Something asked that stands on the screen. */
export type View = AskView & {readonly id: number; readonly answer: (answer: unknown) => void; readonly back: () => void};

/** What goes on: its lines at a time (milliseconds since the epoch), no more than `rows`. */
export type Busy = {readonly lines: (now: number, rows: number) => readonly string[]};

/** Where letters are typed: there they are no keys. */
export const takesLetters = (view: AskView | undefined): boolean => view?.kind === 'field' || (view?.kind === 'by-hand' && view.hand?.prompt !== undefined);
