import {mkdir} from 'node:fs/promises';
import path from 'node:path';

type Variables = Readonly<Record<string, string | undefined>>;

/** Where a person's own runs live: never in the checkout. */
export const stateDirOf = (variables: Variables, platform: NodeJS.Platform, home: string): string => {
	const xdg = variables.XDG_STATE_HOME;
	// The XDG specification: a relative path is invalid and to be ignored.
	if (xdg !== undefined && path.isAbsolute(xdg)) {
		return path.join(xdg, 'dropwise');
	}

	if (platform === 'darwin') {
		return path.join(home, 'Library', 'Application Support', 'dropwise');
	}

	return platform === 'win32' ? path.join(variables.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'), 'dropwise') : path.join(home, '.local', 'state', 'dropwise');
};

/** Makes a folder that nobody else can look into. */
export const makePrivateFolder = async (folder: string): Promise<string> => {
	await mkdir(folder, {recursive: true, mode: 0o700});
	return folder;
};
