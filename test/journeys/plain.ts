/** The wizard as numbered lines in a terminal: what its tests share. */
import {
	emptyHome, enter, environment, travel, type Journey,
} from './terminal.js';

/** Steps that a test goes through one by one; what others come to stand between them is tried by Enter alone. */
export const four = ['--steps', 'admin-user,ssh-keys-only,firewall,seen-from-outside'];

export const begin = async (words: readonly string[] = [], {over = {}, home}: {over?: Readonly<Record<string, string>>; home?: string} = {}): Promise<{journey: Journey; home: string}> => {
	const at = home ?? await emptyHome();
	return {journey: travel([...words, '--plain'], environment(at, over)), home: at};
};

/** Types the number that stands before a choice, once the question is there. Returns what stood above it. */
export const choose = async (journey: Journey, label: string): Promise<string> => {
	const pattern = new RegExp(String.raw`^ +(\d+) {2}${label}[\s\S]*^ A number[^\n]*:$`, 'm');
	const text = await journey.until(pattern);
	journey.press(`${pattern.exec(text)![1]!}${enter}`);
	return text;
};

/** Answers a question for a line of text. */
export const answer = async (journey: Journey, question: RegExp, text = ''): Promise<void> => {
	await journey.until(new RegExp(String.raw`${question.source}[\s\S]*^ (?:>|Enter alone is [^\n]*:)$`, 'm'));
	journey.press(`${text}${enter}`);
};

/** From the overview to the question whether the first of the four is to be done. */
export const toFirstStep = async (journey: Journey): Promise<void> => {
	await choose(journey, 'Go on with "Your own user"');
	await answer(journey, /What should your own user be called\?/);
	await journey.until(/1 {2}Do it[\s\S]*Enter alone is 1:$/);
};

/** Types a line at a prompt, once it stands there. Returns what stood above it. */
export const prompt = async (journey: Journey, text: string, sign = '~#'): Promise<string> => {
	const above = await journey.until(new RegExp(String.raw`^ \S*${sign}$`, 'm'));
	journey.press(`${text}${enter}`);
	return above;
};
