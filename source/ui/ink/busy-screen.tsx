import {useEffect, useState, type ReactNode} from 'react';
import {footer} from '../key-bindings.js';
import type {Theme} from '../theme.js';
import {Lines} from './text-lines.js';
import type {Busy} from './views.js';

/** Between two pictures of what goes on, in milliseconds. */
const beatMs = 200;

/** What goes on, with a clock that shows that it does. */
export const BusyScreen = ({busy, theme, rows}: {readonly busy: Busy; readonly theme: Theme; readonly rows: number}): ReactNode => {
	const [now, setNow] = useState(() => Date.now());
	useEffect(() => {
		const timer = setInterval(() => {
			setNow(Date.now());
		}, beatMs);
		return () => {
			clearInterval(timer);
		};
	}, []);
	return <Lines lines={[...busy.lines(now, Math.max(3, rows - 3)), '', footer(['log'], theme, {leave: 'stop'})]} theme={theme}/>;
};
