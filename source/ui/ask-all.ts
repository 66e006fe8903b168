import type {Ask, ServerInfo, Step} from '../step.js';
import {readTyped, spelled} from './read-answer.js';
import type {Questions} from './questions.js';

export type AllAnswers = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Asks what the steps want to know. `known` are answers of earlier times: they become the defaults. `leave` are fields that are found out otherwise. */
export const askAll = async (questions: Questions, steps: readonly Step[], known: AllAnswers, me: ServerInfo['me'], leave: ReadonlySet<string>): Promise<AllAnswers> => {
	const answers: Record<string, Record<string, unknown>> = {};
	for (const {id, asks = {}} of steps) {
		answers[id] = {...known[id]};
		for (const [field, ask] of Object.entries(asks as Record<string, Ask<unknown>>)) {
			if (leave.has(`${id}.${field}`)) {
				continue;
			}

			const before = ask.schema.safeParse(known[id]?.[field]);
			const byDefault = before.success ? before.data : ask.default?.({me});
			// One after another: a person answers them.

			answers[id][field] = await questions.text({
				says: ask.question,
				...(ask.explain !== undefined && {explain: ask.explain}),
				...(byDefault !== undefined && {default: spelled(byDefault)}),
				read: text => readTyped(text, ask.schema),
			});
		}
	}

	return answers;
};
