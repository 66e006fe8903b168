/** An editor for who has no screen that can be drawn on: a file's lines by their numbers. */
import {clean, cleanLine} from './clean.js';
import type {EditedFile} from './prompt.js';
import {Back, type Questions} from './questions.js';
import type {Theme} from './theme.js';
import {indent} from './words.js';

/** What one line asks for: another text for a line, a new one below it (0: at the top), or none any more. Undefined where it asks for nothing that there is. */
export const changedLines = (lines: readonly string[], typed: string): readonly string[] | undefined => {
	const {number = '', how = '', text = ''} = /^(?<number>\d{1,6})(?<how>[+-]?)(?: (?<text>.*))?$/.exec(typed)?.groups ?? {};
	const at = Number(number);
	if (number === '' || at > lines.length || (at === 0 && how !== '+')) {
		return undefined;
	}

	if (how === '+') {
		return lines.toSpliced(at, 0, text);
	}

	return how === '-' ? lines.toSpliced(at - 1, 1) : lines.with(at - 1, text);
};

/** Shows the file and takes changes until the person keeps it, or leaves it as it was. */
export const editInLines = async ({questions, say, theme}: {readonly questions: Questions; readonly say: (line: string) => void; readonly theme: Theme}, {path, content, keep}: EditedFile): Promise<void> => {
	let lines: readonly string[] = content === '' ? [] : content.replace(/\n$/, '').split('\n');
	const show = (): void => {
		say('');
		say(` ${cleanLine(path)}`);
		for (const [index, line] of lines.entries()) {
			say(` ${String(index + 1).padStart(4)}  ${clean(line)}`);
		}
	};

	show();
	const tell = (text: string): void => {
		for (const line of indent(text, theme.columns, ' ')) {
			say(line);
		}
	};

	tell('A number and a text put that in the line\'s place, as in: 28 PermitRootLogin no. A number and + put it below that line, 0+ at the top; a number and - take the line out. Enter alone keeps the file; "back" leaves it as it was.');
	try {
		for (;;) {
			const typed = await questions.text({says: '', sign: 'line>', read: text => ({value: text})});
			if (typed === '') {
				keep(lines.length === 0 ? '' : `${lines.join('\n')}\n`);
				tell(`Wrote ${lines.length} lines.`);
				return;
			}

			const changed = changedLines(lines, typed);
			if (changed) {
				lines = changed;
				show();
			} else {
				tell(`${JSON.stringify(cleanLine(typed, 40))} names no line from 1 to ${lines.length}. For example: 1 and a text.`);
			}
		}
	} catch (error) {
		if (!(error instanceof Back)) {
			throw error;
		}
	}
};
