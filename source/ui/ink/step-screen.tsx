import {useEffect, useState, type ReactNode} from 'react';
import {Box} from 'ink';
import {footer, type KeyName} from '../key-bindings.js';
import type {Theme} from '../theme.js';
import {nextDepth, stepLines, type Depth} from '../step-before.js';
import {typingLines} from '../type-it-yourself.js';
import {Lines} from './text-lines.js';
import {moreBelow} from './more-below.js';
import {useScroll} from './scroll.js';
import {Strip} from './strip.js';
import {useKeys, type Pressed} from './use-keys.js';
import type {StepView, View} from './views.js';

/** How long a screen that decides over a server is deaf: an Enter for the screen before is none for this one. Milliseconds. */
const deafMs = 300;

/** What is heard while one types oneself. */
const whileTyping: ReadonlySet<Pressed> = new Set(['back', 'up', 'down', 'page-up', 'page-down']);

const depths: readonly Depth[] = ['plain', 'lesson', 'commands'];

/** A step before its work. Enter reads on while there is more below: nothing is done that was not to be seen. */
export const StepScreen = ({view, theme, rows}: {readonly view: View & StepView; readonly theme: Theme; readonly rows: number}): ReactNode => {
	const {step, hand, answer, back} = view;
	const {plan} = step;
	const [listens, setListens] = useState(false);
	const [depth, setDepth] = useState(0);
	const [diffs, setDiffs] = useState(false);
	const [typing, setTyping] = useState(false);
	useEffect(() => {
		const timer = setTimeout(() => {
			setListens(true);
		}, deafMs);
		return () => {
			clearTimeout(timer);
		};
	}, []);
	const lines = typing ? ['', ...typingLines(plan, {guarded: step.guarded, hand}, theme, true)] : stepLines(view, {depth: depths[depth]!, diffs}, theme);
	const {shown, more, readOn, rewind, hear} = useScroll(lines, Math.max(3, rows - 5), moreBelow(theme));
	const turn = (change: () => void): void => {
		change();
		rewind();
	};

	useKeys(pressed => {
		// Heard from the first moment and let go: whoever sees the mark is heard at once.
		if (!listens || (typing && !whileTyping.has(pressed))) {
			return;
		}

		switch (pressed) {
			case 'back': {
				if (typing) {
					turn(() => {
						setTyping(false);
					});
				} else {
					back();
				}

				break;
			}

			case 'explain': {
				turn(() => {
					setDepth(before => (before + 1) % depths.length);
				});
				break;
			}

			case 'differences': {
				setDiffs(before => !before);
				break;
			}

			case 'typed': {
				turn(() => {
					setTyping(true);
				});
				break;
			}

			case 'skip': {
				answer('skip');
				break;
			}

			default: {
				hear(pressed, 'lines');
				break;
			}
		}
	});
	const choices: ReadonlyArray<readonly [string, () => void]> = typing
		? [
			[more ? 'Read on' : 'It is done: look', () => {
				answer('typed');
			}],
			['Back', () => {
				turn(() => {
					setTyping(false);
				});
			}],
		]
		: [
			[more ? 'Read on' : step.round > 1 ? 'Do the rest' : 'Do it', () => {
				answer('do');
			}],
			['I\'ll type it myself', () => {
				turn(() => {
					setTyping(true);
				});
			}],
			['Skip', () => {
				answer('skip');
			}],
		];
	const names: readonly KeyName[] = typing ? ['enter', 'back'] : ['enter', 'explain', ...(depths[depth] !== 'commands' && plan.some(({diff}) => diff) ? ['differences' as const] : []), 'skip', 'back'];
	return (
		<Box flexDirection='column'>
			<Lines lines={[...shown, '']} theme={theme}/>
			<Strip
				key={typing ? 'typing' : 'deciding'}
				labels={choices.map(([label]) => label)} theme={theme} listens={listens}
				onEnter={index => {
					if (index === 0 && more) {
						readOn();
					} else {
						choices[index]![1]();
					}
				}}
			/>
			<Lines lines={['', footer(names, theme, {explain: nextDepth[depths[depth]!]})]} theme={theme}/>
		</Box>
	);
};
