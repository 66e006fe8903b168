import {useRef, useState, type ReactNode} from 'react';
import {clean, cleanLine} from '../clean.js';
import type {EditedFile} from '../prompt.js';
import {caution, toAscii, type Theme} from '../theme.js';
import {spread} from '../words.js';
import {
	Box, Text, useInput, usePaste,
} from './ink.js';
import {strokesIn, type Keystroke} from './edit.js';
import {contentOfLines, editText, linesOf, type EditedText, type TextStroke} from './edit-text.js';
import {drawnLine} from './field-screen.js';
import {Lines} from './text-lines.js';
import {strokesOf} from './use-line.js';

/** What the editor asks at the bottom: where to write, or whether to keep what was changed. */
type Asked = 'where' | 'leaving' | undefined;

/** The least that is seen of the file, in lines. */
const leastText = 4;

/** The least that a person needs who learnt nano's keys from a lesson: move, type, cut a line, keep, leave. */
export const Editor = ({file, hints, theme, rows, onClose}: {readonly file: EditedFile; /** What is to be changed in it. */ readonly hints: readonly string[]; readonly theme: Theme; readonly rows: number; readonly onClose: () => void}): ReactNode => {
	const [text, setText] = useState<EditedText>(() => ({lines: linesOf(file.content), row: 0, column: 0}));
	// Keys that come in one piece are all heard before anything is drawn.
	const latest = useRef(text);
	const kept = useRef(contentOfLines(linesOf(file.content)));
	const asked = useRef<Asked>(undefined);
	const [asking, setAsking] = useState<Asked>();
	const ask = (what: Asked): void => {
		asked.current = what;
		setAsking(what);
	};

	const [says, setSays] = useState('');
	const {paint, columns} = theme;
	const most = Math.max(2, rows - 6 - leastText);
	const toDo = hints.length <= most ? hints : [...hints.slice(0, most - 1), `       … and ${hints.length - most + 1} more: ctrl-x leaves, there they scroll`];
	const room = Math.max(leastText, rows - 5 - (toDo.length > 0 ? toDo.length + 1 : 0));
	const isChanged = (): boolean => contentOfLines(latest.current.lines) !== kept.current;
	const put = (stroke: TextStroke): void => {
		latest.current = editText(latest.current, stroke);
		setText(latest.current);
		setSays('');
	};

	const keep = (): void => {
		file.keep(contentOfLines(latest.current.lines));
		kept.current = contentOfLines(latest.current.lines);
		ask(undefined);
		setSays(`Wrote ${latest.current.lines.length} lines.`);
	};

	const answer = (stroke: Keystroke): void => {
		if (asked.current === 'where') {
			if (stroke.kind === 'enter') {
				keep();
			}

			return;
		}

		const letter = stroke.kind === 'insert' ? stroke.text.slice(0, 1).toLowerCase() : '';
		if (letter === 'y') {
			keep();
		}

		if (letter === 'y' || letter === 'n') {
			onClose();
		}
	};

	const press = (stroke: Keystroke): void => {
		if (asked.current !== undefined) {
			answer(stroke);
		} else if (stroke.kind === 'ctrl') {
			if (stroke.letter === 'o') {
				ask('where');
			} else if (stroke.letter === 'x' && isChanged()) {
				ask('leaving');
			} else if (stroke.letter === 'x') {
				onClose();
			}
		} else {
			put(stroke.kind === 'enter' ? {kind: 'split'} : stroke.kind === 'kill-after' ? {kind: 'cut-line'} : stroke);
		}
	};

	useInput((input, key) => {
		if (key.escape) {
			ask(undefined);
		} else if (asked.current === undefined && (key.upArrow || key.downArrow || key.pageUp || key.pageDown)) {
			put({kind: key.upArrow || key.pageUp ? 'up' : 'down', by: key.pageUp || key.pageDown ? room - 1 : 1});
		} else {
			for (const stroke of strokesOf(input, key)) {
				press(stroke);
			}
		}
	});
	usePaste(pasted => {
		for (const stroke of strokesIn(pasted)) {
			press(stroke);
		}
	});
	const from = Math.max(0, Math.min(text.row - Math.floor(room / 2), text.lines.length - room));
	const shown = text.lines.slice(from, from + room).map((line, index) => {
		const isHere = from + index === text.row;
		const letters = clean(line.replaceAll('\t', ' '));
		const row = ` ${isHere ? drawnLine({text: letters, cursor: text.column}, false, columns - 2, theme) : letters}`;
		return <Text key={from + index} wrap='truncate-end'>{theme.ascii ? toAscii(row) : row}</Text>;
	});
	const question = {where: `Write to ${file.path}: enter does, esc does not.`, leaving: 'Keep what was changed? y or n; esc goes on editing.', '': ''}[asking ?? ''];
	return (
		<Box flexDirection='column'>
			<Lines lines={['', ...toDo, ...(toDo.length > 0 ? [''] : []), paint.inverse(spread(` nano   ${cleanLine(file.path, columns - 30)}`, isChanged() ? 'changed' : '', columns - 1))]} theme={theme}/>
			{shown}
			<Lines
				lines={[
					question === '' ? ` ${says}` : ` ${caution(paint)(question)}`,
					` ctrl-o ${paint.dim('keep')}   ctrl-x ${paint.dim('leave')}   ctrl-k ${paint.dim('cut line')}   ctrl-c ${paint.dim('stop')}`,
				]} theme={theme}
			/>
		</Box>
	);
};
