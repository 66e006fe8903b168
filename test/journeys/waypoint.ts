/** A screen of the wizard and the way there, for what is tried at every one of them. */
import type {ExecutionContext} from 'ava';
import {
	enter, pageUp, type Journey,
} from './terminal.js';
import type {Begun} from './connect.js';

export type Waypoint = {
	readonly name: string;
	/** What becomes of letters there: they are typed, or they are keys. Where something runs there is no way back. */
	readonly takes: 'letters' | 'secret' | 'keys' | 'keys of a step' | 'keys while it runs';
	/** The screen as it stands. */
	readonly stands: RegExp;
	/** Makes what must be there before, a server or a home; then as many journeys lead there as are wanted. */
	readonly prepare: (t: ExecutionContext) => Promise<{
		readonly go: () => Promise<Begun>;
		/** Fails where anything was done to a server. */
		readonly untouched: (begun: Begun) => void;
	}>;
	/** Where Esc leads, and the keys that lead on from there: Enter unless told, and none where nothing leads there at once. */
	readonly back?: {readonly to: RegExp; readonly again?: string};
	/** The screen as it stands at 60 by 16, where it is another. */
	readonly narrow?: RegExp;
	/** What `e` shows, where there is something to explain. */
	readonly explains?: RegExp;
	/** The last words to whoever leaves there by Ctrl-C. */
	readonly lastWords?: RegExp;
	/** The last words to whoever presses it twice. */
	readonly lastWordsAtOnce?: RegExp;
};

/** Keys pressed one by one, however they are read: between two letters something stands that moves nothing. */
export const oneByOne = (letters: string): string => [...letters].map(letter => `${letter}${pageUp}`).join('');

/** Types a line once its question stands, and takes it. */
export const typeAt = async (journey: Journey, question: RegExp, line = ''): Promise<void> => {
	await journey.sees(question);
	journey.press(`${line}${enter}`);
};
