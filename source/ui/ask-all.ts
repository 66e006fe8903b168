import {isAboutKey} from '../engine/roles.js';
import type {
	AllAnswers, Ask, ServerInfo, Step,
} from '../step.js';
import {readTyped, spelled} from './read-answer.js';
import type {Questions} from './questions.js';

const askOne = async (questions: Questions, {question, explain, choices, schema}: Ask<unknown>, byDefault: unknown): Promise<unknown> => (choices
	? questions.choose({
		says: explain === undefined ? question : `${question} ${explain}`, choices, default: choices.findIndex(({value}) => value === byDefault) + 1 || undefined,
	})
	: questions.text({
		says: question,
		...(explain !== undefined && {explain}),
		...(byDefault !== undefined && {default: spelled(byDefault)}),
		read: text => readTyped(text, schema),
	}));

/** Asks what the steps want to know. `known` are answers of earlier times: they become the defaults. A key pair is not asked for: it is found. */
export const askAll = async (questions: Questions, steps: readonly Step[], known: AllAnswers, me: ServerInfo['me']): Promise<AllAnswers> => {
	const answers: Record<string, Record<string, unknown>> = {};
	for (const {id, asks = {}} of steps) {
		answers[id] = {...known[id]};
		for (const [field, ask] of Object.entries(asks as Record<string, Ask<unknown>>)) {
			if (isAboutKey(ask)) {
				continue;
			}

			const before = ask.schema.safeParse(known[id]?.[field]);
			const byDefault = before.success ? before.data : ask.default?.({me});
			// One after another: a person answers them.
			answers[id][field] = await askOne(questions, ask, byDefault);
		}
	}

	return answers;
};
