/**
What the environment says about colour and letters. Imported before anything that draws, because chalk and Ink look at `FORCE_COLOR` while they load and know nothing of `NO_COLOR`.
*/
type Variables = Readonly<Record<string, string | undefined>>;

/** Whether colour is unwanted. https://no-color.org: set and not empty. */
export const colourless = (variables: Variables, words: readonly string[]): boolean =>
	(variables.NO_COLOR ?? '') !== '' || variables.TERM === 'dumb' || words.includes('--no-color');

/** Whether the terminal shows marks such as ✔; a Linux without a locale does not. */
export const unicode = (variables: Variables, platform: NodeJS.Platform): boolean => {
	if (variables.TERM === 'dumb' || variables.TERM === 'linux') {
		return false;
	}

	const locale = [variables.LC_ALL, variables.LC_CTYPE, variables.LANG].find(value => (value ?? '') !== '');
	return locale === undefined ? platform === 'darwin' || platform === 'win32' : /utf-?8/i.test(locale);
};

/** Whether a screen reader reads it, in the words by which Ink is told so. */
export const screenReader = (variables: Variables): boolean => variables.INK_SCREEN_READER === 'true';

/** A terminal that cannot move its cursor gets plain lines. */
export const dumb = (variables: Variables): boolean => variables.TERM === 'dumb';

/** What starts this program again: in a checkout that is npm. */
export const program = (variables: Variables): string => variables.npm_lifecycle_event === 'start' ? 'npm start --' : 'dropwise';

if (colourless(process.env, process.argv)) {
	process.env.FORCE_COLOR = '0';
}

// React and Ink are half as fast while they watch for mistakes of whoever writes them.
process.env.NODE_ENV ??= 'production';
