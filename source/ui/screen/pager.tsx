import type {ReactNode} from 'react';
import {footer} from '../keys.js';
import type {Look} from '../look.js';
import {Lines} from './lines.js';
import {moreBelow} from './more.js';
import {useScroll} from './scroll.js';
import {useKeys} from './use-keys.js';

/** Text to be read, until the person has read enough. */
export const Pager = ({lines, look, rows, onClose}: {readonly lines: readonly string[]; readonly look: Look; readonly rows: number; readonly onClose: () => void}): ReactNode => {
	const room = Math.max(3, rows - 3);
	const {shown, page, step} = useScroll(lines, room, moreBelow(look));
	useKeys(pressed => {
		switch (pressed) {
			case 'back':
			case 'enter': {
				onClose();
				break;
			}

			case 'up':
			case 'down': {
				step(pressed === 'up' ? -1 : 1);
				break;
			}

			case 'page-up':
			case 'page-down': {
				page(pressed === 'page-up' ? -1 : 1);
				break;
			}

			default: {
				break;
			}
		}
	});
	return <Lines lines={[...shown, '', footer(['back', ...(lines.length > room ? ['choose', 'page'] as const : [])], look, {choose: 'scroll', page: 'by page'}, ['leave'])]} look={look}/>;
};
