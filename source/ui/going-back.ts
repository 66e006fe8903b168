import {spelled} from './read-answer.js';
import {Back, type Questions} from './questions.js';

/** Several questions in a row, over which one may go back. */
export type Trail = {
	/** Asks, and what was answered already is not asked again. Throws `Back` on where the person leaves the first question that way. */
	ask<T>(ask: (questions: Questions) => Promise<T>): Promise<T>;
	/** Forgets the last answer, but as what Enter alone takes; false where there is none. */
	back(): boolean;
	/** Forgets all of them in that way. */
	restart(): void;
};

/** What was answered to each question, as its default for another time. Secrets are not kept. */
export type Answered = {readonly labels: Map<string | undefined, string>; readonly texts: Map<string, string>};

export const nothingAnswered = (): Answered => ({labels: new Map(), texts: new Map()});

/** `answered` is for whoever asks the same questions another time. */
export const trailOf = (questions: Questions, {labels, texts} = nothingAnswered()): Trail => {
	const given: unknown[] = [];
	const back = (): boolean => given.splice(-1).length > 0;
	return {
		back,
		restart() {
			given.length = 0;
		},
		async ask(ask) {
			for (;;) {
				let next = 0;
				const answer = async <A>(fresh: () => Promise<A>): Promise<A> => {
					if (next === given.length) {
						given.push(await fresh());
					}

					return given[next++] as A;
				};

				try {
					return await ask({
						choose: async question => answer(async () => {
							const {says, choices} = question;
							const before = choices.findIndex(({label}) => label === labels.get(says)) + 1;
							const value = await questions.choose(before === 0 ? question : {...question, default: before});
							labels.set(says, choices.find(one => one.value === value)?.label ?? '');
							return value;
						}),
						text: async question => answer(async () => {
							const before = texts.get(question.says);
							const value = await questions.text(before === undefined ? question : {...question, default: before});
							texts.set(question.says, spelled(value));
							return value;
						}),
						secret: async says => answer(async () => questions.secret(says)),
					});
				} catch (error) {
					if (!(error instanceof Back) || !back()) {
						throw error;
					}
				}
			}
		},
	};
};

/** Asks such a row of questions: going back forgets the last answer, and what asks them begins anew with the answers before it. */
export const goingBack = async <T>(questions: Questions, ask: (questions: Questions) => Promise<T>): Promise<T> => trailOf(questions).ask(ask);
