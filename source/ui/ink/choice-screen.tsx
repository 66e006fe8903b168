import {useState, type ReactNode} from 'react';
import {footer, type KeyName} from '../key-bindings.js';
import type {Theme} from '../theme.js';
import {indent} from '../words.js';
import {Box} from './ink.js';
import {Lines} from './text-lines.js';
import {Menu} from './menu.js';
import {moreBelow} from './more-below.js';
import {useScroll} from './scroll.js';
import {useKeys} from './use-keys.js';
import {useListening} from './use-listening.js';
import type {ChoiceView, View} from './views.js';

/** One of several: what is asked, what is to be known for it, and the list. */
export const ChoiceScreen = ({view, theme, rows}: {readonly view: View & ChoiceView; readonly theme: Theme; readonly rows: number}): ReactNode => {
	const {asked: {under, about, says, shows, choices, default: byDefault}, answer, back, deafMs = 0} = view;
	const listens = useListening(deafMs);
	// Where nothing is to be taken by Enter alone the mark stands on no choice at first.
	const extra = byDefault === undefined ? 1 : 0;
	const initial = byDefault === undefined ? 0 : byDefault - 1;
	const [marked, setMarked] = useState(initial);
	const [explained, setExplained] = useState(false);
	const explains = choices[marked - extra]?.explains;
	const {columns, paint} = theme;
	const question = says === undefined ? [] : ['', ...indent(says, columns, ' ').map(text => paint.bold(text))];
	// What may be scrolled: what follows the question, or what it is about and leads to it.
	const more = explained && explains !== undefined ? [` ${paint.bold(choices[marked - extra]!.label)}`, '', ...explains.split('\n').flatMap(text => indent(text, columns, ' '))] : undefined;
	const above = about?.(theme) ?? under;
	const lines = above
		? ['', ...more ?? above]
		: [...question, ...more ? ['', ...more] : (shows ? ['', ...shows()] : []), ''];
	const items = [...(extra ? [{label: 'Choose with the arrow keys'}] : []), ...choices.map(({label, note}) => ({label, note}))];
	// One row each for the note of a narrow screen, an empty line, the footer, and the one that the cursor stands on.
	const limit = Math.min(items.length, Math.max(3, rows - Math.min(lines.length, Math.floor(rows / 2)) - 4));
	const below = above ? [...question, ''] : [];
	const {shown, hear, rewind} = useScroll(lines, Math.max(2, rows - limit - below.length - 4), moreBelow(theme));
	useKeys(pressed => {
		switch (pressed) {
			case 'back': {
				if (listens) {
					back();
				}

				break;
			}

			case 'explain': {
				setExplained(before => !before);
				rewind();
				break;
			}

			default: {
				hear(pressed, 'pages');
				break;
			}
		}
	});
	const names: readonly KeyName[] = [...(items.length > 1 ? ['choose' as const] : []), 'enter', ...(shown.length < lines.length ? ['page' as const] : []), ...(choices.some(one => one.explains !== undefined) ? ['explain' as const] : []), 'back'];
	return (
		<Box flexDirection='column'>
			<Lines lines={[...shown, ...below]} theme={theme}/>
			<Menu
				items={items} initial={initial} limit={limit} theme={theme} listens={listens} onMark={setMarked}
				onEnter={index => {
					const choice = choices[index - extra];
					if (choice && listens) {
						answer(choice.value);
					}
				}}
			/>
			<Lines lines={['', footer(names, theme)]} theme={theme}/>
		</Box>
	);
};
