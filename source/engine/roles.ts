/** What steps declare of themselves, for those who must know it without knowing a step. Pure. */
import type {AllAnswers, Ask, Step} from '../step.js';

/** Whether a step makes the user who must be able to log in from now on. */
export const makesAdmin = ({provides}: Pick<Step, 'provides'>): boolean => provides?.admin !== undefined;

/** The name of that user, as the steps' answers say; undefined where no step makes one, or nothing was answered. */
export const adminOf = (steps: readonly Step[], answers: AllAnswers): string | undefined => {
	const step = steps.find(one => makesAdmin(one));
	return step?.provides?.admin?.(answers[step.id] ?? {});
};

/** The ids of the steps that make that user: where one of them holds, the admin gets in with the key. */
export const adminSteps = (steps: readonly Step[]): ReadonlySet<string> => new Set(steps.filter(step => makesAdmin(step)).map(({id}) => id));

/** Steps once which hold only keys open the door, and not for root. */
export const keysOnlySteps = (steps: readonly Step[]): readonly Step[] => steps.filter(({provides}) => provides?.keysOnly === true);

/** The question that the key pair in the person's hands answers. */
export type KeyQuestion = {readonly step: string; readonly field: string};

export const isAboutKey = ({from}: Ask<unknown>): boolean => from === 'key-in-hand';

export const keyQuestionOf = (steps: readonly Step[]): KeyQuestion | undefined => {
	for (const {id: step, asks = {}} of steps) {
		for (const [field, ask] of Object.entries(asks as Record<string, Ask<unknown>>)) {
			if (isAboutKey(ask)) {
				return {step, field};
			}
		}
	}

	return undefined;
};

/** The private half's place, as far as it was answered. */
export const identityIn = (answers: AllAnswers, question: KeyQuestion | undefined): string | undefined =>
	question && answers[question.step]?.[question.field] as string | undefined;

/** The answers with the key pair that was found. */
export const withIdentity = (answers: AllAnswers, question: KeyQuestion | undefined, identity: string | undefined): AllAnswers =>
	question === undefined || identity === undefined ? answers : {...answers, [question.step]: {...answers[question.step], [question.field]: identity}};
