import {useState, type ReactNode} from 'react';
import {footer} from '../key-bindings.js';
import {cursorOn, toAscii, type Theme} from '../theme.js';
import {warning} from '../warning.js';
import {indent} from '../words.js';
import {Box, Text} from './ink.js';
import type {Typed} from './edit.js';
import {Lines} from './text-lines.js';
import {useLine} from './use-line.js';
import type {FieldView, View} from './views.js';

/** What stands in the field: dots for a secret, the cursor as a reversed letter, the part around it where the line is long. */
export const drawnLine = ({text, cursor}: Typed, secret: boolean, room: number, {ascii}: Theme): string => {
	const letters = secret ? Array.from({length: [...text].length}, () => ascii ? '*' : '•') : [...text];
	const from = Math.max(0, cursor - room + 1);
	const at = letters[cursor] ?? ' ';
	return `${letters.slice(from, cursor).join('')}${cursorOn(at)}${letters.slice(cursor + 1, from + room).join('')}`;
};

/** A line of text. */
export const FieldScreen = ({view, theme, rows}: {readonly view: View & FieldView; readonly theme: Theme; readonly rows: number}): ReactNode => {
	const {asked: {under = [], says, explain, default: byDefault, read, check}, secret, answer, back} = view;
	const [wrong, setWrong] = useState<string>();
	const [isChecking, setIsChecking] = useState(false);
	const {columns, paint, ascii} = theme;
	const enter = async (line: string): Promise<void> => {
		if (isChecking) {
			return;
		}

		// A password may begin or end with a space.
		const text = secret ? line : line.trim();
		const taken = text === '' ? byDefault : text;
		const result = taken === undefined ? {wrong: 'An answer is needed here.'} : read(taken);
		setIsChecking(check !== undefined);
		const found = 'wrong' in result ? result.wrong : await check?.(result.value);
		setIsChecking(false);
		if ('value' in result && found === undefined) {
			answer(result.value);
		} else {
			setWrong(found);
		}
	};

	const {typed} = useLine({
		enter, back, changed() {
			setWrong(undefined);
		},
	});
	const empty = typed.text === '' && byDefault !== undefined;
	const line = ` ${paint.cyan('❯')} ${empty ? `${cursorOn(' ')} ${paint.dim(`enter takes ${byDefault}`)}` : drawnLine(typed, secret, columns - 6, theme)}`;
	const below = isChecking ? [paint.dim('   looking for it …')] : wrong === undefined ? [] : warning(wrong, theme);
	// The line itself, a blank one and the footer.
	const room = Math.max(3, rows - 3 - below.length);
	const question = ['', ...indent(says, columns, ' ').map(text => paint.bold(text))];
	const explained = explain === undefined ? [] : indent(explain, columns, ' ');
	const above = under.length === 0 ? [] : ['', ...under];
	// What it is about comes before how to answer, which a wrong answer is told anyway.
	const ways = [[...above, ...question, ...explained, ''], [...above, ...question, ''], [...above.slice(0, 2), ...question, ...explained, '']];
	const lines = (ways.find(one => one.length <= room) ?? ways.at(-1)!).slice(0, room);
	return (
		<Box flexDirection='column'>
			<Lines lines={lines} theme={theme}/>
			<Text wrap='truncate-end'>{ascii ? toAscii(line) : line}</Text>
			<Lines lines={[...below, '', footer(['enter', 'back'], theme, {}, ['leave'])]} theme={theme}/>
		</Box>
	);
};
