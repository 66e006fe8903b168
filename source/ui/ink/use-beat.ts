import {useEffect, useState} from 'react';

/** Between two pictures of what goes on, in milliseconds. */
const beatMs = 200;

/** The time, in milliseconds since the epoch, told anew as long as something goes on, `every` so many milliseconds. */
export const useBeat = (goesOn: boolean, every = beatMs): number => {
	const [now, setNow] = useState(() => Date.now());
	useEffect(() => {
		if (!goesOn) {
			return;
		}

		setNow(Date.now());
		const timer = setInterval(() => {
			setNow(Date.now());
		}, every);
		return () => {
			clearInterval(timer);
		};
	}, [goesOn, every]);
	return now;
};
