import {useEffect, useState} from 'react';

/** Between two pictures of what goes on, in milliseconds. */
const beatMs = 200;

/** The time, in milliseconds since the epoch, told anew as long as something goes on. */
export const useBeat = (goesOn: boolean): number => {
	const [now, setNow] = useState(() => Date.now());
	useEffect(() => {
		if (!goesOn) {
			return;
		}

		setNow(Date.now());
		const timer = setInterval(() => {
			setNow(Date.now());
		}, beatMs);
		return () => {
			clearInterval(timer);
		};
	}, [goesOn]);
	return now;
};
