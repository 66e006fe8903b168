/** What a person types who wants to do a step with their own hands. Pure. */
import {stripVTControlCharacters} from 'node:util';
import type {Planned} from '../engine/events.js';
import {clean, cleanLine, cut} from './clean.js';
import type {Prompt} from './prompt.js';
import type {Theme} from './theme.js';
import {printLines, shellLines} from './shell-lines.js';
import {warning} from './warning.js';
import {indent, pieces} from './words.js';

/** How one gets to where the commands are typed. */
export type Hand = {
	/** The command that logs in. */
	readonly logIn: string;
	/** Whether one is root there, or becomes root by sudo. */
	readonly isRoot: boolean;
	/** Where there is no other window to log in from: the practice droplet's prompt, as root. */
	readonly prompt?: Prompt | undefined;
	/** Logs in to the real server in this window, until the person logs out there. Says how that ended. */
	readonly logInHere?: () => Promise<string>;
};

const counts = 'Another way to the same end is as good.';

const by = ' '.repeat(3);

const howToBegin = (hand: Hand | undefined, width: number, {columns, paint}: Theme): readonly string[] => {
	const says = (text: string): readonly string[] => indent(text, columns, ' ');
	if (hand === undefined) {
		return says(`In another window, log in to the server and do this as root, in this order. ${counts}`);
	}

	if (hand.prompt) {
		return says(`At the prompt ${hand.prompt.sign} you are root on the practice droplet. On a server of your own you would log in from another window: ${hand.logIn}${hand.isRoot ? '' : ', then sudo -i to become root'}. Type this, in this order. ${counts}`);
	}

	return [
		...says('Open another window on your own computer, and log in to the server:'),
		...shellLines(hand.logIn, by, width).map(line => paint.bold(line)),
		...(hand.isRoot ? [] : [`${by}${paint.bold('sudo -i')}   ${paint.dim('becomes root, who may do everything')}`]),
		...says(`There, type this in this order. ${counts}`),
	];
};

/** Lines of a file. One that is longer than the screen is broken, and said to be one. */
const fileLines = (lines: readonly string[], width: number, {paint}: Theme): readonly string[] => lines.flatMap(line => {
	const indented = ' '.repeat(7);
	const rows = pieces(line, width - indented.length).map(piece => paint.bold(`${indented}${piece}`));
	return rows.length === 1 ? rows : [...rows, paint.dim(`${indented}(this is one line)`)];
});

/** Where in a file lines are to be put. */
const placeIn = (hunk: readonly string[]): string => {
	const first = hunk.findIndex(line => !line.startsWith(' '));
	const above = hunk[first - 1]?.slice(1).trim();
	if (above === undefined) {
		return 'at the top';
	}

	if (above === '') {
		const below = hunk.findLast(line => line.startsWith(' '))?.slice(1).trim();
		return below ? `above "${cut(below, 40)}"` : 'at the end';
	}

	return `below "${cut(above, 40)}"`;
};

/** Lines that change next to each other: a hunk may hold several such places, near each other. */
const placesIn = (hunk: readonly string[]): ReadonlyArray<readonly string[]> => {
	const starts = hunk.flatMap((line, index) => !line.startsWith(' ') && (hunk[index - 1] ?? ' ').startsWith(' ') ? [index] : []);
	return starts.map((start, index) => {
		const next = starts[index + 1] ?? hunk.length;
		const before = index === 0 ? 0 : hunk.findLastIndex((line, at) => at < start && !line.startsWith(' ')) + 1;
		return hunk.slice(before, next);
	});
};

const placeLines = (diff: ReadonlyArray<readonly string[]>, width: number, theme: Theme): readonly string[] => diff.flatMap(hunk => placesIn(hunk)).flatMap(place => {
	const lines = (sign: string): readonly string[] => place.filter(line => line.startsWith(sign)).map(line => line.slice(1));
	const [out, put] = [lines('-'), lines('+')];
	return [
		...(out.length > 0 ? ['     Take out:', ...fileLines(out, width, theme)] : []),
		...(put.length > 0 ? [`     Put ${out.length > 0 ? 'in its place' : `in ${placeIn(place)}`}:`, ...fileLines(put, width, theme)] : []),
	];
});

const editLines = (path: string, diff: ReadonlyArray<readonly string[]>, width: number, theme: Theme): readonly string[] => {
	const {columns, paint} = theme;
	return [
		paint.bold(`${by}nano ${path}`),
		...indent('opens it in an editor; ctrl-o and enter keep it, ctrl-x leaves', columns, ' '.repeat(5)).map(line => paint.dim(line)),
		...placeLines(diff, width, theme),
	];
};

const spelledOut = ({diff = []}: Planned): ReadonlyArray<readonly string[]> => diff.map(({lines}) => lines.map(line => clean(line).replaceAll('\n', ' ')));

/** What is to be changed in a file, for whoever has it open in an editor. Nothing where that is not in the plan. */
export const changesIn = (path: string, actions: readonly Planned[], theme: Theme): readonly string[] =>
	actions.filter(({file}) => file?.path === path).flatMap(action => placeLines(spelledOut(action), theme.columns, theme));

const commandLines = (action: Planned, width: number, theme: Theme): readonly string[] => {
	const {shows, file, byHand = [shows]} = action;
	const spelled = spelledOut(action);
	const bold = (lines: readonly string[]): readonly string[] => lines.map(line => theme.paint.bold(line));
	if (file === undefined) {
		return bold(byHand.flatMap(command => shellLines(cleanLine(command, 2000), by, width)));
	}

	const path = cleanLine(file.path, 2000);
	return [
		...(file.how === 'edit'
			? editLines(path, spelled, width, theme)
			: bold(printLines(spelled.flat().filter(line => line.startsWith('+')).map(line => line.slice(1)), `${file.how === 'new' ? '>' : '>>'} ${path}`, by, width))),
		...bold(file.afterwards.flatMap(command => shellLines(cleanLine(command, 2000), by, width))),
	];
};

/** Commands are to be copied: they are broken only where a screen would cut them off (`cuts`), and then so that a shell puts them together again. */
export const typingLines = (actions: readonly Planned[], {guarded, hand, isRest = false}: {readonly guarded: boolean; readonly hand?: Hand | undefined; /** It was begun: how to begin is known, and what comes next stands first. */ readonly isRest?: boolean}, theme: Theme, cuts = false): readonly string[] => {
	const {columns, paint} = theme;
	const width = cuts ? columns : Number.POSITIVE_INFINITY;
	const commands = actions.map(action => commandLines(action, width, theme));
	const unguarded = guarded ? warning('Done by hand, nothing puts it back by itself: where you are logged in, stay logged in until dropwise has looked.', theme) : [];
	return [
		...(isRest ? indent(actions.length === 0 ? 'Nothing is left to type that dropwise knows of.' : 'What is left to type:', columns, ' ') : [...unguarded, ...howToBegin(hand, width, theme)]),
		...(!isRest && commands.flat().some(line => stripVTControlCharacters(line).endsWith('\\')) ? indent('Rows that end in \\ go on in the next one: copy them together.', columns, ' ') : []),
		...actions.flatMap((action, index) => {
			const why = (end: string): readonly string[] => indent(`${cleanLine(action.because)}${end}`, columns, isRest ? '     ' : ' ').map(line => paint.dim(line));
			// What comes next has the first row, however few there are.
			return isRest ? [...commands[index]!, ...why('')] : ['', ...why(':'), ...commands[index]!];
		}),
		...(isRest && guarded ? ['', ...unguarded] : []),
	];
};
