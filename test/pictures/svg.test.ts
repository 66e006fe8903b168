/** From cells to pictures. */
import test from 'ava';
import {plain, type Grid, type Run, type Style} from './cells.js';
import {filmOf, merged, readingTime} from './film.js';
import {cell, rowSvg, svgOf, wordsOf} from './svg.js';
import {dark, hexOf, light, paintOf} from './theme.js';

const run = (text: string, style: Partial<Style> = {}, column = 0): Run => ({
	column, letters: [...text].map(letter => ({text: letter, width: letter === '漢' ? 2 : 1})), style: {...plain, ...style},
});
const grid = (...lines: readonly string[]): Grid => ({columns: 10, rows: lines.map(line => line === '' ? [] : [run(line)])});

test('letters that mean something in SVG are escaped', t => {
	const svg = svgOf(grid('a<b>&"c"'), dark, 'a "label" & <more>');
	t.true(svg.includes('>a&lt;b&gt;&amp;&quot;c&quot;<'));
	t.true(svg.includes('aria-label="a &quot;label&quot; &amp; &lt;more&gt;"'));
});

test('each word stands in its own column; what is no ASCII, and what is wide, stands alone', t => {
	t.deepEqual(wordsOf(run('ab  c', {}, 3)), [{column: 3, text: 'ab', width: 2}, {column: 7, text: 'c', width: 1}]);
	t.deepEqual(wordsOf(run('a漢b')), [{column: 0, text: 'a', width: 1}, {column: 1, text: '漢', width: 2}, {column: 3, text: 'b', width: 1}]);
	t.deepEqual(wordsOf(run('⠋ on…')), [{column: 0, text: '⠋', width: 1}, {column: 2, text: 'on', width: 2}, {column: 4, text: '…', width: 1}]);
	t.is(rowSvg([run('ab', {}, 3)], dark), `<text x="${3 * cell.width}" y="${cell.baseline}" textLength="${2 * cell.width}">ab</text>`);
});

test('marks that some systems draw as coloured pictures stay letters', t => {
	t.deepEqual(wordsOf(run('✔ ● 1')).map(({text}) => text), ['✔\uFE0E', '●', '1']);
});

test('blanks are not drawn, unless something is behind them', t => {
	t.is(rowSvg([run('   ')], dark), '');
	t.is(rowSvg([run('  ', {inverse: true}, 1)], dark), `<rect x="${cell.width}" width="${2 * cell.width}" height="${cell.height}" fill="${dark.foreground}"/>`);
	t.is(rowSvg([], dark), '');
});

test('colours of sixteen are the theme\'s, of 256 the same in all, true ones as they are', t => {
	t.is(hexOf(1, '#fallback', dark), '#cd3131');
	t.is(hexOf(2, '#fallback', light), '#107c10');
	t.is(hexOf(16, '', dark), '#000000');
	t.is(hexOf(208, '', dark), '#ff8700');
	t.is(hexOf(208, '', light), '#ff8700');
	t.is(hexOf(231, '', dark), '#ffffff');
	t.is(hexOf(232, '', dark), '#080808');
	t.is(hexOf(255, '', dark), '#eeeeee');
	t.is(hexOf('#0102ff', '', dark), '#0102ff');
	t.is(hexOf(undefined, '#123456', dark), '#123456');
});

test('inverse changes ink and paper, dim takes the ink towards the paper', t => {
	t.deepEqual(paintOf(plain, dark), {ink: dark.foreground, paper: undefined});
	t.deepEqual(paintOf({...plain, inverse: true}, dark), {ink: dark.background, paper: dark.foreground});
	t.deepEqual(paintOf({...plain, inverse: true, foreground: 1}, light), {ink: '#ffffff', paper: '#cd3131'});
	t.deepEqual(paintOf({...plain, dim: true, foreground: '#000000'}, {...light, dim: 0.5}), {ink: '#808080', paper: undefined});
	t.deepEqual(paintOf({...plain, background: 1}, dark).paper, '#cd3131');
});

test('bold, italic and underlined', t => {
	t.is(rowSvg([run('a', {bold: true, italic: true, underline: true, foreground: 1})], dark), `<g fill="#cd3131" font-weight="bold" font-style="italic" text-decoration="underline"><text x="0" y="${cell.baseline}" textLength="${cell.width}">a</text></g>`);
});

test('a picture is as wide as its terminal, and as high as what stands in it', t => {
	const size = (svg: string): string => /viewBox="([^"]+)"/.exec(svg)![1]!;
	t.is(size(svgOf(grid('', 'a', '', ''), dark, '')), `0 0 ${(10 * cell.width) + 24} ${(2 * cell.height) + 24}`);
	t.is(size(filmOf([{grid: grid('', 'a', '', ''), seconds: 1}], light, '')), `0 0 ${(10 * cell.width) + 24} ${(4 * cell.height) + 24}`);
});

test('the same screen twice is one of a film, for as long as both', t => {
	const [a, b] = [grid('a'), grid('b')];
	t.deepEqual(merged([{grid: a, seconds: 1}, {grid: a, seconds: 2}, {grid: b, seconds: 1}, {grid: a, seconds: 1}]), [{grid: a, seconds: 3}, {grid: b, seconds: 1}, {grid: a, seconds: 1}]);
});

test('a film shows one screen after another, each row drawn once', t => {
	const svg = filmOf([{grid: grid('same', 'one'), seconds: 1}, {grid: grid('same', 'two'), seconds: 3}], dark, '');
	t.is(svg.match(/>same</g)!.length, 1);
	t.is(svg.match(/href="#r0"/g)!.length, 2);
	const high = 2 * cell.height;
	t.true(svg.includes(`0%{transform:translateY(-0px)}25%{transform:translateY(-${high}px)}100%{transform:translateY(-${high}px)}`));
	t.true(svg.includes('animation:film 4s step-end infinite'));
});

test('what is new on a screen takes its time to read', t => {
	const before = grid('a b c d e f g h i j');
	t.is(readingTime(before, before), 1.5);
	t.true(readingTime(grid(...Array.from({length: 5}, (_, index) => `${index} a b c d e f g h i`)), before) > 4);
});
