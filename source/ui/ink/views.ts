import type {Verdict} from '../../engine/events.js';
import type {StepState} from '../run-state.js';
import type {Asking, Choosing} from '../questions.js';
import type {Hand} from '../type-it-yourself.js';

export type ChoiceView = {readonly kind: 'choice'; readonly asked: Choosing<unknown>};
export type FieldView = {readonly kind: 'field'; readonly asked: Asking<unknown>; readonly secret: boolean};
export type StepView = {
	readonly kind: 'step';
	readonly step: StepState;
	readonly claims: readonly Verdict[];
	readonly place: {readonly number: number; readonly total: number};
	readonly hand: Hand | undefined;
};
export type LogView = {readonly kind: 'log'; readonly file: string};
/** Something long to be read. */
export type TextView = {readonly kind: 'text'; readonly lines: readonly string[]};

/** Something asked of the person, before it stands on the screen. */
export type AskView = ChoiceView | FieldView | StepView | LogView | TextView;

/** Something asked that stands on the screen. */
export type View = AskView & {readonly id: number; readonly answer: (answer: unknown) => void; readonly back: () => void};

/** What goes on: its lines at a time (milliseconds since the epoch), no more than `rows`. */
export type Busy = {readonly lines: (now: number, rows: number) => readonly string[]};
