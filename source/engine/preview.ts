/** Actions as a person sees them before they are done. */
import {structuredPatch} from 'diff';
import {allowNew, listsStamp} from '../facts/apt.js';
import type {Action, Argv, Undoing} from '../step.js';
import type {Hunk, Planned} from './events.js';

/** A command as one could type it in a shell. */
export const typed = (argv: Argv): string =>
	argv.map(word => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll('\'', String.raw`'\''`)}'`)).join(' ');

/** Where two texts differ, with two lines of what stands around; what is nearer than that is one place. */
export const hunks = (before: string, after: string): readonly Hunk[] => structuredPatch('', '', before, after, '', '', {context: 2}).hunks.map(({oldStart, lines}) => ({
	// diff's own word on a last line without its end, which is no line of the file.
	from: oldStart, lines: lines.filter(line => !line.startsWith('\\')),
}));

/** Whether there is a way back. */
export const isUndoing = (undo: Undoing | {readonly cannot: string}): undo is Undoing => undo === 'again' || Array.isArray(undo);

/** What remains of actions that have no way back. */
export const cannotUndo = {
	install: 'packages stay installed', upgrade: 'the newer versions stay', reboot: 'what runs there is ended and started anew',
} as const;

/** How somebody would write a file by hand. */
const byHand = ({file: {path, content, mode, owner}, ...wanted}: Extract<Action, {do: 'write'}>): NonNullable<Planned['file']> => {
	const isNew = content === undefined;
	// What a new file gets from root's own hand.
	const [hasMode, hasOwner] = isNew ? [0o644, 'root:root'] : [mode, owner];
	return {
		path,
		how: isNew ? 'new' : wanted.content.startsWith(content) && (content === '' || content.endsWith('\n')) ? 'append' : 'edit',
		afterwards: [
			...(wanted.mode === hasMode ? [] : [typed(['chmod', wanted.mode.toString(8), path])]),
			...(wanted.owner === undefined || wanted.owner === hasOwner ? [] : [typed(['chown', wanted.owner, path])]),
		],
	};
};

/** An action with its number, ready to be shown. */
export const planned = (id: string, action: Action): Planned => {
	const base = {id, do: action.do, because: action.because};
	switch (action.do) {
		case 'run': {
			return {...base, shows: typed(action.argv), ...(isUndoing(action.undo) ? {} : {cannotUndo: action.undo.cannot})};
		}

		case 'write': {
			return {...base, shows: `write ${action.file.path}`, diff: hunks(action.file.content ?? '', action.content), file: byHand(action)};
		}

		case 'install': {
			const shows = `apt-get install ${action.packages.join(' ')}`;
			return {...base, shows, byHand: ['apt-get update', shows]};
		}

		case 'upgrade': {
			return {...base, shows: 'apt-get upgrade', byHand: ['apt-get update', typed(['touch', listsStamp]), typed(['apt-get', '-o', allowNew, 'upgrade'])], cannotUndo: cannotUndo.upgrade};
		}

		case 'reboot': {
			return {...base, shows: 'reboot', cannotUndo: cannotUndo.reboot};
		}
	}
};
