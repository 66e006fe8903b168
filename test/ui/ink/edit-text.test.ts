/** The editor's text, and what keys mean that come in one piece. */
import test from 'ava';
import {strokesIn} from '../../../source/ui/ink/edit.js';
import {
	contentOfLines, editText, linesOf, type EditedText, type TextStroke,
} from '../../../source/ui/ink/edit-text.js';

const edited = (content: string, strokes: readonly TextStroke[]): EditedText => {
	let text: EditedText = {lines: linesOf(content), row: 0, column: 0};
	for (const stroke of strokes) {
		text = editText(text, stroke);
	}

	return text;
};

const down = (by = 1): TextStroke => ({kind: 'down', by});
const type = (text: string): TextStroke => ({kind: 'insert', text});
const [split, cut, left, right, end, backspace, remove]: readonly TextStroke[] = (['split', 'cut-line', 'left', 'right', 'end', 'backspace', 'delete'] as const).map(kind => ({kind}));

const cases: ReadonlyArray<readonly [says: string, strokes: readonly TextStroke[], lines: readonly string[], row: number, column: number]> = [
	['letters go where the cursor is', [down(), right!, type('X')], ['one', 'tXwo', 'é🔑'], 1, 2],
	['enter breaks a line', [right!, split!], ['o', 'ne', 'two', 'é🔑'], 1, 0],
	['backspace at its start joins it to the one above', [down(), backspace!], ['onetwo', 'é🔑'], 0, 3],
	['delete at its end joins the one below to it', [end!, remove!], ['onetwo', 'é🔑'], 0, 3],
	['left and right go over line ends', [down(), left!, right!, right!], ['one', 'two', 'é🔑'], 1, 1],
	['at the very start nothing is in front', [backspace!, left!], ['one', 'two', 'é🔑'], 0, 0],
	['at the very end nothing comes behind', [down(9), end!, remove!, right!], ['one', 'two', 'é🔑'], 2, 2],
	['letters, not code units', [down(2), end!, backspace!, backspace!], ['one', 'two', ''], 2, 0],
	['a line is cut', [down(), cut!], ['one', 'é🔑'], 1, 0],
	['the last too', [down(9), cut!], ['one', 'two'], 1, 0],
	['and the only one, of which nothing is left', [cut!, cut!, cut!, cut!], [''], 0, 0],
	['up and down stay within', [down(50), {kind: 'up', by: 99}], ['one', 'two', 'é🔑'], 0, 0],
	['a shorter line takes the cursor to its end', [end!, down(2)], ['one', 'two', 'é🔑'], 2, 2],
];

for (const [says, strokes, lines, row, column] of cases) {
	test(says, t => {
		t.deepEqual(edited('one\ntwo\né🔑\n', strokes), {lines, row, column});
	});
}

test('a file comes back as it was', t => {
	for (const content of ['', 'a\n', 'a\n\n', '\n\n', 'a\nb\n', '\ta \n']) {
		t.is(contentOfLines(linesOf(content)), content === '\n\n' ? '\n\n' : content, JSON.stringify(content));
	}

	t.is(contentOfLines(linesOf('no end')), 'no end\n');
});

test('keys in one piece are the same keys', t => {
	t.deepEqual(strokesIn('ab\u0015c\r\nd\u007F\n\u0018e🔑'), [
		{kind: 'insert', text: 'ab'}, {kind: 'kill-before'}, {kind: 'insert', text: 'c'}, {kind: 'enter'}, {kind: 'insert', text: 'd'}, {kind: 'backspace'}, {kind: 'enter'}, {kind: 'ctrl', letter: 'x'}, {kind: 'insert', text: 'e🔑'},
	]);
});
