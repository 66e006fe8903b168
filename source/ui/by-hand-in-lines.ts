/** A step that somebody does with their own hands, told in lines. */
import type {LookingOn, Verdict} from '../engine/events.js';
import {lendingLines} from './by-hand.js';
import {claimLines, markOf} from './claim-lines.js';
import {promptInLines, unlessPointless} from './prompt-in-lines.js';
import type {Questions} from './questions.js';
import {stepIn, type RunState} from './run-state.js';
import type {Theme} from './theme.js';
import {typingLines, type Hand} from './commands-to-type.js';

type Lines = {
	readonly questions: Questions;
	readonly say: (line: string) => void;
	readonly theme: Theme;
	/** Gives the keyboard to another program meanwhile. */
	readonly lend: ((meanwhile: () => Promise<void>) => Promise<void>) | undefined;
};

/** What the run has come to by now, and hearing when the step was looked at again. */
type Watched = {readonly state: () => RunState; readonly onLooked: (hear: () => void) => void};

/** Claims that are told otherwise than before. */
const turned = (before: readonly Verdict[], now: readonly Verdict[]): readonly Verdict[] =>
	now.filter(claim => before.every(one => one.id !== claim.id || one.by !== claim.by || markOf(one) !== markOf(claim)));

/** Says which claims turned since it was called last, and what is to be typed that was not told before. */
const teller = ({say, theme}: Lines, hand: Hand | undefined, looking: LookingOn, {state}: Watched): ((whole?: boolean) => void) => {
	let told: readonly Verdict[] = [];
	const shown = new Set(stepIn(state(), state().current)!.plan.map(({shows}) => shows));
	return (whole = false) => {
		// With the last of them the step's verdict says it all.
		if (looking.over.aborted) {
			return;
		}

		const {claims, plan, guarded} = stepIn(state(), state().current)!;
		for (const line of (whole ? claims : turned(told, claims)).flatMap(claim => claimLines(claim, theme))) {
			say(line);
		}

		told = claims;
		if (plan.some(({shows}) => !shown.has(shows))) {
			say('');
			for (const line of typingLines(plan, {guarded, hand, isRest: true}, theme)) {
				say(line);
			}
		}

		for (const {shows} of plan) {
			shown.add(shows);
		}
	};
};

/** Until all holds, or the person goes back: how the step stands, told anew as claims turn. */
const watch = async (lines: Lines, hand: Hand | undefined, looking: LookingOn, watched: Watched, tell: (whole?: boolean) => void): Promise<'back'> => {
	const {questions, say, lend} = lines;
	const {logInHere} = hand ?? {};
	while (!looking.over.aborted) {
		const looked = new AbortController();
		watched.onLooked(() => {
			looked.abort();
		});
		const choice = await unlessPointless(questions.choose<'look' | 'log-in' | 'back'>({
			choices: [
				{label: 'Look now', note: 'dropwise looks by itself, too', value: 'look'},
				...(logInHere && lend ? [{label: 'Log in from here', note: 'in this window', value: 'log-in'} as const] : []),
				{label: 'Back', value: 'back'},
			],
			default: 1,
			signal: AbortSignal.any([looked.signal, looking.over]),
		}));
		switch (choice) {
			case 'back': {
				return choice;
			}

			case 'look': {
				await looking.look();
				say('');
				tell(true);
				break;
			}

			case 'log-in': {
				for (const line of lendingLines(watched.state(), lines.theme)) {
					say(line);
				}

				await lend!(async () => {
					const said = await logInHere!();
					say('');
					say(` ${said}`);
				});
				await looking.look();
				tell(true);
				break;
			}

			default: {
				tell();
				break;
			}
		}
	}

	return 'back';
};

/** Rejects as questions do. */
export const byHandInLines = async (lines: Lines, hand: Hand | undefined, looking: LookingOn, watched: Watched): Promise<'back'> => {
	const {say, theme} = lines;
	const {plan, guarded} = stepIn(watched.state(), watched.state().current)!;
	for (const line of ['', ...typingLines(plan, {guarded, hand}, theme)]) {
		say(line);
	}

	await looking.look();
	say('');
	say(' How it stands, looked at again and again while you type:');
	const tell = teller(lines, hand, looking, watched);
	tell(true);
	if (!hand?.prompt) {
		return watch(lines, hand, looking, watched, tell);
	}

	say('');
	say(' "back" leaves the prompt; Enter alone looks again.');
	await promptInLines(lines, hand.prompt, {
		over: looking.over,
		async after(typed) {
			await looking.look();
			tell(typed === '');
		},
	});
	return 'back';
};
