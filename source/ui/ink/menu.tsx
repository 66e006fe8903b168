import {useRef, useState, type ReactNode} from 'react';
import {cut} from '../clean.js';
import {toAscii, type Theme} from '../theme.js';
import {Box, SelectInput, Text} from './ink.js';
import {useKeys} from './use-keys.js';

export type Item = {readonly label: string; readonly note?: string | undefined};

/** No digit ever runs anything, and no letter moves anything: ink-select-input only draws, and keys are heard here. */
export const Menu = ({items, initial, limit, theme, listens = true, onMark, onEnter}: {readonly items: readonly Item[]; readonly initial: number; readonly limit: number; readonly theme: Theme; /** Without its mark it shows that Enter is not for it yet. */ readonly listens?: boolean; readonly onMark: (index: number) => void; readonly onEnter: (index: number) => void}): ReactNode => {
	// Keys that come in one piece over a slow line are all heard before anything is drawn.
	const latest = useRef(initial);
	const [marked, setMarked] = useState(initial);
	const {paint, columns, ascii} = theme;
	useKeys(pressed => {
		if (pressed === 'enter') {
			onEnter(latest.current);
		} else if (pressed === 'up' || pressed === 'down') {
			latest.current = (latest.current + (pressed === 'up' ? items.length - 1 : 1)) % items.length;
			setMarked(latest.current);
			onMark(latest.current);
		}
	});
	const widest = Math.max(...items.map(({label}) => [...label].length));
	const noted = items.every(({note = ''}) => widest + [...note].length + 7 <= columns);
	const spell = (text: string): string => ascii ? toAscii(text) : text;
	const besides = widest + 3;
	const textOf = ({label, note}: Item): string => noted && note ? `${label.padEnd(besides)}${note}` : cut(label, columns - 4);
	// Where there is no room beside it, the note of what is marked stands below it.
	const below = new Map(noted ? [] : items.flatMap(item => item.note ? [[spell(textOf(item)), spell(item.note)] as const] : []));
	return (
		<Box flexDirection='column'>
			<SelectInput
				items={items.map((item, index) => ({key: String(index), label: spell(textOf(item)), value: index}))}
				key={marked}
				initialIndex={marked}
				isFocused={false}
				limit={Math.max(1, limit)}
				// Were it to give way to a long label, the line would be wider than the terminal.
				indicatorComponent={({isSelected}) => <Box flexShrink={0}><Text>{isSelected && listens ? spell(` ${paint.cyan('❯')} `) : '   '}</Text></Box>}
				itemComponent={({label, isSelected}) => (
					<Box flexDirection='column'>
						<Text wrap='truncate-end'><Text bold={isSelected}>{noted ? label.slice(0, besides) : label}</Text>{noted ? label.slice(besides) : ''}</Text>
						{isSelected && below.has(label) ? <Text wrap='truncate-end'>{`  ${below.get(label)!}`}</Text> : null}
					</Box>
				)}
			/>
		</Box>
	);
};
