/** From what a terminal was sent to its cells. */
import xterm from '@xterm/headless';
import test from 'ava';
import {gridOf, plain, textOf, type Grid} from './cells.js';

const gridFrom = async (text: string, {columns = 20, rows = 3} = {}): Promise<Grid> => {
	const terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
	await new Promise<void>(resolve => {
		terminal.write(text, resolve);
	});
	return gridOf(terminal);
};

const shown = ({rows}: Grid): unknown => rows[0]!.map(({column, letters, style}) => [column, letters.map(({text}) => text).join(''), style]);

test('cells that look alike are one run, and blanks at the end are none', async t => {
	t.deepEqual(shown(await gridFrom(' a \u001B[1mb c\u001B[0m   ')), [
		[0, ' a ', plain],
		[3, 'b c', {...plain, bold: true}],
	]);
	t.deepEqual(shown(await gridFrom('a\u001B[1m   \u001B[0m')), [[0, 'a', plain]]);
	t.deepEqual((await gridFrom('')).rows, [[], [], []]);
});

test('a blank that is coloured is seen', async t => {
	t.deepEqual(shown(await gridFrom('a \u001B[7m \u001B[0m')), [[0, 'a ', plain], [2, ' ', {...plain, inverse: true}]]);
	t.deepEqual(shown(await gridFrom('\u001B[41m  \u001B[0m ')), [[0, '  ', {...plain, background: 1}]]);
});

test('colours of sixteen, of 256 and true ones', async t => {
	t.deepEqual(shown(await gridFrom('\u001B[31ma\u001B[92mb\u001B[38;5;208mc\u001B[38;2;1;2;255md\u001B[39;48;5;17me')), [
		[0, 'a', {...plain, foreground: 1}],
		[1, 'b', {...plain, foreground: 10}],
		[2, 'c', {...plain, foreground: 208}],
		[3, 'd', {...plain, foreground: '#0102ff'}],
		[4, 'e', {...plain, background: 17}],
	]);
});

test('dim, italic and underlined', async t => {
	t.deepEqual(shown(await gridFrom('\u001B[2ma\u001B[22;3mb\u001B[23;4mc')), [
		[0, 'a', {...plain, dim: true}],
		[1, 'b', {...plain, italic: true}],
		[2, 'c', {...plain, underline: true}],
	]);
});

test('a wide letter takes two cells', async t => {
	const grid = await gridFrom('a漢b');
	t.deepEqual(grid.rows[0]![0]!.letters, [{text: 'a', width: 1}, {text: '漢', width: 2}, {text: 'b', width: 1}]);
	t.is(textOf(grid), 'a漢b');
});

test('what was scrolled away is not on the screen', async t => {
	t.is(textOf(await gridFrom('1\r\n2\r\n3\r\n4\r\n5')), '3\n4\n5');
});
