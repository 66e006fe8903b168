import test from 'ava';
import {
	clean, cleanLine, cleanTail, harmlessJson,
} from '../../source/ui/clean.js';

const cases: ReadonlyArray<readonly [what: string, given: string, expected: string]> = [
	['letters of all kinds', 'Zürich 東京 🚀', 'Zürich 東京 🚀'],
	['colours', '\u001B[31mred\u001B[0m', 'red'],
	['cursor moves', 'a\u001B[2J\u001B[1;1Hb', 'ab'],
	['private modes', '\u001B[?1049h\u001B[?25lx', 'x'],
	['a title with BEL', '\u001B]0;title\u0007x', 'x'],
	['a title with ST', '\u001B]0;title\u001B\\x', 'x'],
	['a link', '\u001B]8;;https://a.example\u001B\\text\u001B]8;;\u001B\\', 'text'],
	['a clipboard write', '\u001B]52;c;aGk=\u0007x', 'x'],
	['an open title swallows its own line only', '\u001B]0;abc\nx', '\nx'],
	['device control', '\u001BPq#0;2;0;0;0\u001B\\x', 'x'],
	['C1 controls', '\u009B31mred\u009D0;t\u0007x', 'redx'],
	['charset and keypad', '\u001B(0\u001B=x', 'x'],
	['a lone escape at the end', 'x\u001B', 'x'],
	['a torn sequence', 'x\u001B[3', 'x'],
	['bells and backspaces', 'a\u0007\bb', 'ab'],
	['null and delete', 'a\u0000\u007Fb', 'ab'],
	['a progress bar', '10%\r50%\r100%\r\ndone', '10%\n50%\n100%\ndone'],
	['bidi overrides', 'user\u202Etxt.exe\u2066x', 'usertxt.exex'],
	['invisible letters', 'a\u200Bb\uFEFFc\u00ADd', 'abcd'],
	['tag letters', 'a\u{E0041}\u{E007F}b', 'ab'],
	['a lone surrogate', 'a\uD800b', 'a\uFFFDb'],
	['tabs', 'a\tb', 'a    b'],
];

for (const [what, given, expected] of cases) {
	test(`clean: ${what}`, t => {
		t.is(clean(given), expected);
	});
}

test('nothing a server can say survives as a control', t => {
	for (let code = 0; code < 0x3_00; code++) {
		const result = clean(`a${String.fromCodePoint(code)}b${String.fromCodePoint(0x1B, code)}[31m${String.fromCodePoint(code)}`);
		t.notRegex(result, /[\0-\t\v-\u001F\u007F-\u009F]/, String(code));
	}
});

test('cleanLine is one line of bounded length', t => {
	t.is(cleanLine(' a\r\n b\n'), 'a b');
	t.is(cleanLine('x'.repeat(1000), 10), `${'x'.repeat(9)}…`);
});

test('cleanTail keeps the last lines, cut', t => {
	t.deepEqual(cleanTail('1\n2\n\n3\r4444444\n', 4, 3), ['2', '3', '444…']);
});

test('JSON keeps the content and harms no terminal', t => {
	const text = 'a\u001B[2J\u009B1m\u202Eb\u{E0041}\u007F';
	const json = harmlessJson({text});
	t.notRegex(json, /[\0-\u001F\u007F-\u009F\u202A-\u202E]|\uDB40/);
	t.is((JSON.parse(json) as {text: string}).text, text);
});
