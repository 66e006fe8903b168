import {readFile} from 'node:fs/promises';
import test from 'ava';
import {footer, keyLines, keys, type KeyName} from '../../source/ui/key-bindings.js';
import {plainTheme} from '../../source/ui/theme.js';

test('the readme tells of the same keys', async t => {
	const readme = await readFile(new URL('../../../readme.md', import.meta.url), 'utf8');
	const rows = Object.values(keys).map(({press, explains}) => `| ${press} | ${explains} |`).join('\n');
	t.true(readme.includes(`## Keys\n\n| key | |\n| --- | --- |\n${rows}\n`));
});

const names: readonly KeyName[] = ['enter', 'explain', 'differences', 'skip', 'back'];

test('a footer has room on every screen, and always says how to see all keys and how to leave', t => {
	for (const columns of [40, 60, 80]) {
		const line = footer(names, {...plainTheme, columns});
		t.true(line.length < columns, line);
		t.regex(line, / enter go on /);
		t.regex(line, /\? keys {2,3}ctrl-c leave$/);
	}

	t.is(footer(names, plainTheme), ' enter go on  e explain  d changes  s skip  esc back  ? keys  ctrl-c leave');
	t.is(footer(['choose', 'enter', 'page', 'explain', 'back'], plainTheme), ' ↑↓ choose   enter go on   pgup pgdn scroll   e explain   ? keys   ctrl-c leave');
});

test('the screen of keys has every key, and no line too long', t => {
	const lines = keyLines({...plainTheme, columns: 60});
	for (const {press} of Object.values(keys)) {
		t.true(lines.some(line => line.startsWith(` ${press} `)), press);
	}

	t.deepEqual(lines.filter(line => line.length > 60), []);
});
