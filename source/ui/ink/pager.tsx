import type {ReactNode} from 'react';
import {footer} from '../key-bindings.js';
import type {Theme} from '../theme.js';
import {Lines} from './text-lines.js';
import {moreBelow} from './more-below.js';
import {useScroll} from './scroll.js';
import {useKeys} from './use-keys.js';

/** Text to be read, until the person has read enough. */
export const Pager = ({lines, theme, rows, onClose}: {readonly lines: readonly string[]; readonly theme: Theme; readonly rows: number; readonly onClose: () => void}): ReactNode => {
	const room = Math.max(3, rows - 3);
	const {shown, hear} = useScroll(lines, room, moreBelow(theme));
	useKeys(pressed => {
		if (pressed === 'back' || pressed === 'enter') {
			onClose();
		} else {
			hear(pressed, 'lines');
		}
	});
	return <Lines lines={[...shown, '', footer(['back', ...(lines.length > room ? ['choose', 'page'] as const : [])], theme, {choose: 'scroll', page: 'by page'}, ['leave'])]} theme={theme}/>;
};
