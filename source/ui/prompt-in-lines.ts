/** A prompt where a person types commands, told in lines. */
import {saidLines} from './by-hand.js';
import {editInLines} from './edit-in-lines.js';
import type {Prompt, PromptAnswer} from './prompt.js';
import {Pointless, type Questions} from './questions.js';
import type {Theme} from './theme.js';

type Lines = {readonly questions: Questions; readonly say: (line: string) => void; readonly theme: Theme};

/** What is asked, or undefined where there is nothing to be asked any more. */
export const unlessPointless = async <T>(asked: Promise<T>): Promise<T | undefined> => {
	try {
		return await asked;
	} catch (error) {
		if (error instanceof Pointless) {
			return undefined;
		}

		throw error;
	}
};

/** One line after another, until the person leaves or it is over. `after`: called when a line was carried out. Rejects as questions do. */
export const promptInLines = async (lines: Lines, prompt: Prompt, {over, after}: {readonly over?: AbortSignal; readonly after?: (typed: string) => Promise<void>} = {}): Promise<void> => {
	const {questions, say, theme} = lines;
	let held = '';
	let asked: Extract<PromptAnswer, {said: string}>['asks'];
	while (!over?.aborted) {
		const typed = await unlessPointless(questions.text({
			says: '', sign: held === '' ? asked?.question ?? prompt.sign : '>', ...(over && {signal: over}), read: text => ({value: text}),
		}));
		if (typed === undefined) {
			return;
		}

		const entered = await (asked?.answer ?? prompt.enter)(`${held}${typed}`);
		held = 'goesOn' in entered ? `${held}${typed}\n` : '';
		asked = 'said' in entered ? entered.asks : undefined;
		if (held !== '') {
			continue;
		}

		if ('leaves' in entered) {
			return;
		}

		if ('file' in entered) {
			await editInLines(lines, entered.file);
		} else if ('said' in entered) {
			for (const line of saidLines(entered.said, theme)) {
				say(line);
			}
		}

		await after?.(typed);
	}
};
