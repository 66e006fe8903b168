/**
What a terminal shows, as a picture: SVG, which needs no browser to make, is small, and is shown by every git host.

Every word stands at a place and has a width of its own, so that columns line up whatever font there is.
*/
import type {Grid, Row, Run, Style} from './cells.js';
import {paintOf, type Theme} from './theme.js';

export const cell = {width: 8, height: 17, fontSize: 13.3, /** From a row's top to what letters stand on. */ baseline: 13} as const;
const margin = 12;
const fonts = 'ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace';

const escapes: Readonly<Record<string, string>> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'};
export const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, letter => escapes[letter]!);

/** Some systems draw marks such as ✔ as coloured pictures unless told not to. */
const asLetter = (text: string): string => /^\p{Emoji}$/u.test(text) && !/^(?:\p{Emoji_Presentation}|\p{ASCII})$/u.test(text) ? `${text}\uFE0E` : text;

type Word = {readonly column: number; readonly text: string; readonly width: number};

/** The words of a run. A letter outside ASCII stands alone: its font may be another, of another width. */
export const wordsOf = ({column, letters}: Run): readonly Word[] => {
	const words: Word[] = [];
	let at = column;
	let open = false;
	for (const {text, width} of letters) {
		const ascii = /^[!-~]$/.test(text);
		const last = words.at(-1);
		if (text !== ' ') {
			if (open && ascii && last) {
				words[words.length - 1] = {...last, text: last.text + text, width: last.width + width};
			} else {
				words.push({column: at, text: asLetter(text), width});
			}
		}

		open = ascii;
		at += width;
	}

	return words;
};

const attributes = (style: Style, theme: Theme): string => [
	...(paintOf(style, theme).ink === theme.foreground ? [] : [` fill="${paintOf(style, theme).ink}"`]),
	...(style.bold ? [' font-weight="bold"'] : []),
	...(style.italic ? [' font-style="italic"'] : []),
	...(style.underline ? [' text-decoration="underline"'] : []),
].join('');

const widthOf = ({letters}: Run): number => letters.reduce((sum, {width}) => sum + width, 0);

/** One row, from the top left of its first cell. */
export const rowSvg = (row: Row, theme: Theme): string => row.map(run => {
	const {paper} = paintOf(run.style, theme);
	const behind = paper === undefined ? '' : `<rect x="${run.column * cell.width}" width="${widthOf(run) * cell.width}" height="${cell.height}" fill="${paper}"/>`;
	const words = wordsOf(run).map(({column, text, width}) => `<text x="${column * cell.width}" y="${cell.baseline}" textLength="${width * cell.width}">${escaped(text)}</text>`).join('');
	const how = attributes(run.style, theme);
	return behind + (words === '' || how === '' ? words : `<g${how}>${words}</g>`);
}).join('');

/** The frame around what is drawn, and what holds for all of it. `style`: rules of CSS. `label`: what it shows, for somebody who does not see it. */
export const sheet = ({columns, rows}: {readonly columns: number; readonly rows: number}, theme: Theme, label: string, body: string, style = ''): string => {
	const width = (columns * cell.width) + (2 * margin);
	const height = (rows * cell.height) + (2 * margin);
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(label)}">`,
		...(style === '' ? [] : [`<style>${style}</style>`]),
		`<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8" fill="${theme.background}" stroke="#808080" stroke-opacity=".4"/>`,
		`<svg x="${margin}" y="${margin}" width="${columns * cell.width}" height="${rows * cell.height}" fill="${theme.foreground}" font-family='${fonts}' font-size="${cell.fontSize}">`,
		body,
		'</svg>',
		'</svg>',
		'',
	].join('\n');
};

/** A picture of one screen, without the empty rows at its end. */
export const svgOf = ({columns, rows}: Grid, theme: Theme, label: string): string => sheet(
	{columns, rows: rows.findLastIndex(row => row.length > 0) + 1},
	theme,
	label,
	rows.flatMap((row, index) => row.length === 0 ? [] : [`<g transform="translate(0 ${index * cell.height})">${rowSvg(row, theme)}</g>`]).join('\n'),
);
