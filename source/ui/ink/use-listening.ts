import {useEffect, useState} from 'react';

/** False for so many milliseconds, and true from then on: a key for the screen before is none for this one. */
export const useListening = (deafMs: number): boolean => {
	const [listens, setListens] = useState(deafMs === 0);
	useEffect(() => {
		const timer = setTimeout(() => {
			setListens(true);
		}, deafMs);
		return () => {
			clearTimeout(timer);
		};
	}, [deafMs]);
	return listens;
};
