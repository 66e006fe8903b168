import type {ReactNode} from 'react';
import {footer} from '../key-bindings.js';
import type {Theme} from '../theme.js';
import {Lines} from './text-lines.js';
import {useBeat} from './use-beat.js';
import type {Busy} from './views.js';

/** What goes on, with a clock that shows that it does. */
export const BusyScreen = ({busy, theme, rows}: {readonly busy: Busy; readonly theme: Theme; readonly rows: number}): ReactNode => {
	const now = useBeat(true);
	return <Lines lines={[...busy.lines(now, Math.max(3, rows - 3)), '', footer(['log'], theme, {leave: 'stop'})]} theme={theme}/>;
};
