import type {Fact, FileFact, Reading} from '../step.js';

/** Stands for the sha256 of a file that is not there. */
export const absent = 'absent';

/** Thrown by a parser where an answer cannot be read: what depends on it is unknown, never false. */
export class Unreadable extends Error {
	override readonly name = 'Unreadable';
}

export const parseFile = (path: string) => (reading: Reading): FileFact => {
	if (reading.outcome !== 'ran' || reading.code > 1) {
		throw new Unreadable(`${path} could not be read: ${reading.outcome === 'timed-out' ? 'it took too long' : reading.err.trim()}`);
	}

	if (reading.code === 1) {
		return {
			path, content: undefined, mode: 0, owner: '', sha256: absent,
		};
	}

	const end = reading.out.indexOf('\n');
	const [mode = '', owner = '', sha256 = ''] = reading.out.slice(0, end).split(' ');
	return {
		path, content: reading.out.slice(end + 1), mode: Number.parseInt(mode, 8), owner, sha256,
	};
};

/** A file with its content, mode and owner. */
export const file = (path: string): Fact<FileFact> => ({file: path, parse: parseFile(path)});

/** A file's state in a line, for comparing it later: `MODE OWNER:GROUP SHA256`. */
export const stateOfFile = ({mode, owner, sha256}: FileFact): string => `${mode.toString(8)} ${owner} ${sha256}`;

/** Mode and owner of one path, or undefined where it is not there. */
export type Permissions = {readonly path: string; readonly mode: number; readonly owner: string};

/** Modes and owners of paths that exist, without following links: `stat` of several paths at once. */
export const permissions = (paths: readonly string[]): Fact<readonly Permissions[]> => ({
	argv: ['stat', '-c', '%a %U:%G %n', ...paths],
	parse({outcome, out, err}) {
		if (outcome !== 'ran') {
			throw new Unreadable(`The permissions of ${paths.join(', ')} could not be read: ${err.trim() || outcome}`);
		}

		return out.split('\n').filter(Boolean).map(line => {
			const [mode = '', owner = '', ...path] = line.split(' ');
			return {path: path.join(' '), mode: Number.parseInt(mode, 8), owner};
		});
	},
});

/** Names of the files `*.conf` in a folder, sorted as sshd and others read them; empty where there is no such folder. */
export const confFiles = (folder: string): Fact<readonly string[]> => ({
	argv: ['find', folder, '-maxdepth', '1', '-name', '*.conf', '-type', 'f'],
	parse({outcome, out}) {
		if (outcome !== 'ran') {
			throw new Unreadable(`The folder ${folder} could not be listed: ${outcome}`);
		}

		// By bytes, as glob(3) sorts in the C locale.
		return out.split('\n').filter(Boolean).toSorted((a, b) => (a < b ? -1 : 1));
	},
});
