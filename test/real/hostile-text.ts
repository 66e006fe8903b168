/** Text that does something to a terminal, and how to tell whether it did. */

/** Each with a letter or two around it, so that it can be seen that the text itself came through. */
export const hostile: Readonly<Record<string, string>> = {
	title: '\u001B]0;taken over\u0007',
	'title with ST': '\u001B]2;taken over\u001B\\',
	clipboard: '\u001B]52;c;cm0gLXJmIC8=\u0007',
	link: '\u001B]8;;https://evil.example\u001B\\',
	'clear screen': '\u001B[2J\u001B[3J',
	'cursor home': '\u001B[1;1H',
	'another screen': '\u001B[?1049h',
	reset: '\u001Bc',
	question: '\u001B[6n',
	'device control': '\u001BP$qm\u001B\\',
	'line drawing': '\u001B(0',
	'C1 clear': '\u009B2J',
	'C1 title': '\u009D0;taken over\u009C',
	backspaces: '\b\b\b\b',
	'back to the margin': '\r',
	bell: '\u0007',
	'reversed direction': '\u202Eesrever\u202C',
	isolate: '\u2067isolated\u2069',
	invisible: '\u200Bhidden\uFEFF',
};

/** All of it in one line. */
export const attack = Object.values(hostile).join('');

/** What this program and ora themselves write: colours, a cursor hidden and shown, a screen held while it is drawn, one line erased and begun anew, one line up. */
const own = /\u{1B}\[(?:\?(?:25|2026)[hl]|\d*[AGK]|[\d;]*m)/gv;
/** In a terminal a line ends with both; nothing else moves. */
const foreign = /[[\p{Control}\p{Format}\u{2028}\u{2029}]--[\n\r]]|\r(?!\n)/gv;

/** What stands in a program's output that could move, hide, colour or ask something, by code point. */
export const effectsIn = (raw: string): readonly string[] => [...new Set(raw.replaceAll(own, '').replaceAll(/\r+\n/gv, '\n').match(foreign))].map(letter => `U+${letter.codePointAt(0)!.toString(16).padStart(4, '0')}`);
