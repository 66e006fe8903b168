import {useEffect, useState, type ReactNode} from 'react';
import {footer} from '../keys.js';
import type {Look} from '../look.js';
import {Lines} from './lines.js';
import type {Busy} from './views.js';

/** Between two pictures of what goes on, in milliseconds. */
const beat = 200;

/** What goes on, with a clock that shows that it does. */
export const BusyScreen = ({busy, look, rows}: {readonly busy: Busy; readonly look: Look; readonly rows: number}): ReactNode => {
	const [now, setNow] = useState(() => Date.now());
	useEffect(() => {
		const timer = setInterval(() => {
			setNow(Date.now());
		}, beat);
		return () => {
			clearInterval(timer);
		};
	}, []);
	return <Lines lines={[...busy.lines(now, Math.max(3, rows - 3)), '', footer(['log'], look, {leave: 'stop'})]} look={look}/>;
};
