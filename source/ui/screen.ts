import type {ByHand, Decision, LookingOn} from '../engine/events.js';
import type {DisplayOptions} from './lines-display.js';
import type {RunState, StateListener} from './run-state.js';
import type {Theme} from './theme.js';
import {Back, NoAnswer, type Questions} from './questions.js';

/** How one step's run is shown and asked about. */
export type RunDisplay = {
	readonly listener: StateListener;
	/** What the person says to the plan that the run has come to. */
	readonly decide: (state: RunState) => Promise<Decision>;
	/** Shows how it stands, as long as the person does it with their own hands. */
	readonly byHand: (looking: LookingOn, state: () => RunState) => ReturnType<ByHand>;
};

/** What was said to a plan: to go back is an answer, and to say nothing any more stops. */
export const decisionOf = async (asked: Promise<Decision>): Promise<Decision> => {
	try {
		return await asked;
	} catch (error) {
		if (error instanceof Back) {
			return 'back';
		}

		if (error instanceof NoAnswer) {
			return 'stop';
		}

		throw error;
	}
};

/** What a server said in earlier runs, and in which folder that is written down. */
export type Earlier = {readonly said: readonly string[]; readonly folder: string};

/** What the person sits at: screens, or lines. */
export type Screen = {
	readonly theme: Theme;
	readonly questions: Questions;
	readonly say: (line: string) => void;
	readonly show: (options: DisplayOptions) => RunDisplay;
	/** Waits until what was told was read, where the next question would cover it. `typing`: the person was typing, and what their fingers do in the first moment is for the prompt. Throws `Back` where the person wants the overview instead. */
	readonly linger: (typing?: boolean) => Promise<void>;
	/** Something long to be read: from its top, until the person has read enough. */
	readonly read: (lines: readonly string[]) => Promise<void>;
	/** Shows what was said earlier to whoever asks for the log. */
	readonly recall: (earlier: Earlier) => void;
	/** All that the server said, and where it is written down. */
	readonly showLog: (file: string) => Promise<void>;
};
