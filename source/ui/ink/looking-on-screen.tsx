import {useState, type ReactNode} from 'react';
import {byHandScreen} from '../by-hand.js';
import {footer} from '../key-bindings.js';
import type {Theme} from '../theme.js';
import {Box, useApp} from './ink.js';
import {Lines} from './text-lines.js';
import {moreBelow} from './more-below.js';
import {useScroll} from './scroll.js';
import {Strip} from './strip.js';
import {useBeat} from './use-beat.js';
import {useKeys} from './use-keys.js';
import type {HandView, View} from './views.js';
import {frameAt} from './working.js';

/** Slowly: what is drawn anew takes away what somebody marks with the mouse to copy it. Milliseconds. */
const calmBeatMs = 1000;

/** Somebody types in another window, and sees here how each claim turns. */
export const LookingOnScreen = ({view, theme, rows}: {readonly view: View & HandView; readonly theme: Theme; readonly rows: number}): ReactNode => {
	const {state, hand, look, logIn, back} = view;
	const {suspendTerminal} = useApp();
	const [looking, setLooking] = useState(false);
	const moves = frameAt(useBeat(true, calmBeatMs), theme);
	// A blank line and the strip, a blank line and the footer.
	const screen = byHandScreen(state(), hand, {rows, below: 4, sign: moves}, theme);
	const {shown, more, readOn, hear} = useScroll(screen.typing, screen.room, moreBelow(theme), screen.subject);
	useKeys(pressed => {
		if (pressed === 'back') {
			back();
		} else {
			hear(pressed, 'lines');
		}
	});
	const lookNow = async (): Promise<void> => {
		setLooking(true);
		await look();
		setLooking(false);
	};

	const logInHere = (): void => {
		logIn?.(suspendTerminal);
	};

	const choices = [
		...(more ? [{label: 'Read on', take: readOn}] : []),
		{label: looking ? 'Looking …' : 'Look now', take: lookNow},
		...(logIn ? [{label: 'Log in from here', take: logInHere}] : []),
		{label: 'Back', take: back},
	];
	return (
		<Box flexDirection='column'>
			<Lines lines={[...screen.head, ...shown, ...screen.claims, '']} theme={theme}/>
			<Strip
				listens labels={choices.map(({label}) => label)} theme={theme} onEnter={index => {
					choices[index]?.take();
				}}
			/>
			<Lines lines={['', footer(['enter', 'beside', 'back'], theme)]} theme={theme}/>
		</Box>
	);
};
