/** A step at work: what was done, what runs, what the server says, how long until it puts everything back. Pure. */
import type {Event, Planned} from '../../engine/events.js';
import {cleanLine, cleanTail, cut} from '../clean.js';
import {deadlineAfter} from '../guard-countdown.js';
import {mark, type Theme} from '../theme.js';
import {warning} from '../warning.js';
import {duration, spread} from '../words.js';

type Work = {readonly action: Planned; readonly code: number | undefined; readonly seconds: number | undefined};

export type Working = {
	readonly title: string;
	/** Milliseconds since the epoch. */
	readonly since: number;
	readonly actions: readonly Work[];
	readonly said: string;
	/** What is waited for, where that is said. */
	readonly waiting: string;
	/** The order whose output was heard last. */
	readonly heard: string;
	/** When the server puts everything back, in milliseconds since the epoch. */
	readonly deadline: number | undefined;
};

export const noWork: Working = {
	title: '', since: 0, actions: [], said: '', waiting: '', heard: '', deadline: undefined,
};

const mostSaid = 20_000;

/** What one more event makes of it. `now` in milliseconds since the epoch. */
export const followWork = (working: Working, event: Event, now: number): Working => {
	const before = {...working, deadline: deadlineAfter(working.deadline, event, now)};
	switch (event.event) {
		case 'step-started': {
			return {...noWork, title: event.title, since: now, waiting: 'looking at the server'};
		}

		case 'waiting': {
			return {...before, waiting: event.for};
		}

		case 'action-started': {
			return {...before, actions: [...before.actions, {action: event.action, code: undefined, seconds: undefined}], said: '', waiting: ''};
		}

		case 'output': {
			// An action may come to several orders: what the one before waited for is over.
			return {
				...before, said: `${before.said}${event.text}`.slice(-mostSaid), heard: event.part, waiting: event.part === before.heard ? before.waiting : '',
			};
		}

		case 'action-finished': {
			return {...before, actions: before.actions.map(one => one.action.id === event.id ? {...one, code: event.code, seconds: event.seconds} : one), said: event.code === 0 ? '' : before.said, waiting: 'looking again'};
		}

		default: {
			return before;
		}
	}
};

const frames = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];
const asciiFrames = [...'-\\|/'];
/** The picture of a spinner at a time. */
export const frameAt = (now: number, {ascii}: Theme): string => {
	const all = ascii ? asciiFrames : frames;
	return all[Math.floor(now / 200) % all.length]!;
};

const tailLines = 5;

export const workingLines = ({title, since, actions, said, waiting, deadline}: Working, now: number, rows: number, theme: Theme): readonly string[] => {
	const {columns, paint} = theme;
	const running = actions.find(({code}) => code === undefined)?.action;
	const spinner = paint.cyan(frameAt(now, theme));
	const line = (sign: string, text: string, right: string): string => {
		const shown = cut(cleanLine(text, 300), columns - right.length - 9);
		return spread(`   ${sign} ${shown}`, right, columns + sign.length - 1);
	};

	const done = actions.map(({action, code, seconds}) => code === undefined
		? line(spinner, action.shows, '')
		: line(code === 0 ? mark('holds', theme) : mark('false', theme), action.shows, seconds === undefined ? '' : duration(seconds)).trimEnd());
	const tail = cleanTail(said, columns - 8, tailLines).map(text => paint.dim(`     | ${text}`));
	const guard = deadline === undefined ? [] : warning(`The server puts everything back in ${Math.max(0, Math.round((deadline - now) / 1000))} s unless dropwise gets back in.`, theme, ' '.repeat(2));
	const named = waiting === '' || waiting === running?.shows ? '' : cleanLine(waiting, columns - 8);
	const wait = named === '' ? [] : [running ? `     ${named}` : `   ${spinner} ${named}`];
	const elapsed = Math.max(0, Math.round((now - since) / 1000));
	const head = ['', spread(` ${title}`, elapsed >= 2 ? duration(elapsed) : '', columns).replace(title, paint.bold(title)).trimEnd()];
	const room = Math.max(1, rows - head.length - tail.length - guard.length - wait.length);
	return [...head, ...done.slice(-room), ...wait, ...tail, ...guard];
};
