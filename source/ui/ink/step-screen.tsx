import {useState, type ReactNode} from 'react';
import {footer, type KeyName} from '../key-bindings.js';
import type {Theme} from '../theme.js';
import {nextDepth, stepLines, type Depth} from '../step-before.js';
import {Box} from './ink.js';
import {Lines} from './text-lines.js';
import {moreBelow} from './more-below.js';
import {useScroll} from './scroll.js';
import {Strip} from './strip.js';
import {useKeys} from './use-keys.js';
import {useListening} from './use-listening.js';
import type {StepView, View} from './views.js';

/** How long a screen that decides over a server is deaf: an Enter for the screen before is none for this one. Milliseconds. */
const deafMs = 300;

const depths: readonly Depth[] = ['plain', 'lesson', 'commands'];

/** A step before its work. Enter reads on while there is more below: nothing is done that was not to be seen. */
export const StepScreen = ({view, theme, rows}: {readonly view: View & StepView; readonly theme: Theme; readonly rows: number}): ReactNode => {
	const {step, answer, back} = view;
	const {plan} = step;
	const listens = useListening(deafMs);
	const [depth, setDepth] = useState(0);
	const [diffs, setDiffs] = useState(false);
	const lines = stepLines(view, {depth: depths[depth]!, diffs}, theme);
	const {shown, more, readOn, rewind, hear} = useScroll(lines, Math.max(3, rows - 5), moreBelow(theme));
	const turn = (change: () => void): void => {
		change();
		rewind();
	};

	useKeys(pressed => {
		// Heard from the first moment and let go: whoever sees the mark is heard at once.
		if (!listens) {
			return;
		}

		switch (pressed) {
			case 'back': {
				back();
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
				answer('typed');
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
	const choices: ReadonlyArray<readonly [string, () => void]> = [
		[more ? 'Read on' : step.round > 1 ? 'Do the rest' : 'Do it', () => {
			answer('do');
		}],
		['I\'ll type it myself', () => {
			answer('typed');
		}],
		['Skip', () => {
			answer('skip');
		}],
	];
	const names: readonly KeyName[] = ['enter', 'explain', 'back', 'skip', ...(depths[depth] !== 'commands' && plan.some(({diff}) => diff) ? ['differences' as const] : [])];
	return (
		<Box flexDirection='column'>
			<Lines lines={[...shown, '']} theme={theme}/>
			<Strip
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
