/** A step at work: what was done, what runs, what the server says, how long until it puts everything back. Pure. */
import {cleanLine, cleanTail, cut} from '../clean.js';
import {runningIn, stepIn, type RunState} from '../run-state.js';
import {secondsLeft, secondsTaken} from '../countdown.js';
import {progressBar} from '../progress-bar.js';
import {mark, type Theme} from '../theme.js';
import {warning} from '../warning.js';
import {duration, spread} from '../words.js';

const frames = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];
const asciiFrames = [...'-\\|/'];
/** The picture of a spinner at a time. */
export const frameAt = (now: number, {ascii}: Theme): string => {
	const all = ascii ? asciiFrames : frames;
	return all[Math.floor(now / 200) % all.length]!;
};

const tailLines = 5;

/** Nothing where nothing goes on. `now` in milliseconds since the epoch. */
export const workingLines = (state: RunState, now: number, rows: number, theme: Theme): readonly string[] => {
	const {current, work, waiting, saying, progress} = state;
	const {columns, paint} = theme;
	const title = stepIn(state, current)?.title;
	const running = runningIn(state);
	const spinner = paint.cyan(frameAt(now, theme));
	const line = (sign: string, text: string, right: string): string => {
		const shown = cut(cleanLine(text, 300), columns - right.length - 9);
		return spread(`   ${sign} ${shown}`, right, columns + sign.length - 1);
	};

	const done = work.map(({action, code, seconds}) => code === undefined
		? line(spinner, action.shows, '')
		: line(code === 0 ? mark('holds', theme) : mark('false', theme), action.shows, seconds === undefined ? '' : duration(seconds)).trimEnd());
	const tail = cleanTail(saying.text, columns - 8, tailLines).map(text => paint.dim(`     | ${text}`));
	const bar = progress ? [`     ${progressBar(progress, theme)}`] : [];
	const left = secondsLeft(state, now);
	const guard = left === undefined ? [] : warning(`The server puts everything back in ${left} s unless dropwise gets back in.`, theme, ' '.repeat(2));
	const named = waiting === '' || waiting === running?.shows ? '' : cleanLine(waiting, columns - 8);
	const wait = named === '' ? [] : [running ? `     ${named}` : `   ${spinner} ${named}`];
	const elapsed = secondsTaken(state, now);
	const head = title === undefined ? [''] : ['', spread(` ${title}`, elapsed >= 2 ? duration(elapsed) : '', columns).replace(title, paint.bold(title)).trimEnd()];
	const room = Math.max(1, rows - head.length - tail.length - guard.length - wait.length - bar.length);
	return [...head, ...done.slice(-room), ...wait, ...bar, ...tail, ...guard];
};

/** Whether anything goes on that is to be seen. */
export const goesOn = ({current, waiting}: RunState): boolean => current !== undefined || waiting !== '';
