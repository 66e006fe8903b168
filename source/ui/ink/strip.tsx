import {useRef, useState, type ReactNode} from 'react';
import {toAscii, type Theme} from '../theme.js';
import {Text} from './ink.js';
import {useKeys} from './use-keys.js';

/** Choices beside each other. `listens`: nothing is taken, and nothing marked, before a person can have read what stands there. */
export const Strip = ({labels, theme, listens, onEnter}: {readonly labels: readonly string[]; readonly theme: Theme; readonly listens: boolean; readonly onEnter: (index: number) => void}): ReactNode => {
	// Keys that come in one piece over a slow line are all heard before anything is drawn.
	const latest = useRef(0);
	const [marked, setMarked] = useState(0);
	useKeys(pressed => {
		if (!listens) {
			return;
		}

		if (pressed === 'enter') {
			onEnter(latest.current);
		} else if (pressed === 'left' || pressed === 'right') {
			latest.current = Math.max(0, Math.min(labels.length - 1, latest.current + (pressed === 'left' ? -1 : 1)));
			setMarked(latest.current);
		}
	});
	const {paint, ascii} = theme;
	const text = labels.map((label, index) => index === marked && listens ? `${paint.cyan('❯')} ${paint.bold(label)}` : `  ${label}`).join(' '.repeat(3));
	return <Text wrap='truncate-end'>{ascii ? toAscii(` ${text}`) : ` ${text}`}</Text>;
};
