/** The practice prompt splits a line as bash does, and refuses what it would have to act on. */
import {execFileSync} from 'node:child_process';
import test from 'ava';
import {parseLine} from '../../source/practice/shell-words.js';

const inBash = (line: string): readonly string[] => execFileSync('bash', ['-c', `show() { [ $# -eq 0 ] || printf '%s\\0' "$@"; }; show ${line}`], {encoding: 'utf8', env: {HOME: '/root'}}).split('\0').slice(0, -1);

/** One a row; `<nl>` stands for a line end. */
const lines = String.raw`
a b  c
   a	b  
'it'\''s' 'a b' "c d"
a\ b "a\"b" "a\\b" 'a\b' \'x \\
'' "" x
a'b'"c"d
a#b # c
#only
a \<nl> b
a\<nl>b
"a\<nl>b" 'c<nl>d'
"a\nb" a\nb
u=rw,g= a@b:~/x ~ ~/x x~
"\$HOME" \$HOME '$HOME'
"it's" 'a"b'
%s\\n
-o Dpkg::Options::=--force-confold
añ 🔑
a{b}c a,b a=b a!b
"#" \'#\'
a<nl>
`.slice(1, -1).split('\n').map(line => line.replaceAll('<nl>', '\n'));

for (const line of lines) {
	test(`as bash: ${JSON.stringify(line)}`, t => {
		t.deepEqual(parseLine(line), {argv: inBash(line)});
	});
}

for (const sign of ['|', '&', ';', '<', '`', '$', '*', '?', '[', '(', '&&', '||']) {
	test(`${sign} is refused, and a letter in quotes`, t => {
		t.regex((parseLine(`a ${sign} b`) as {wrong: string}).wrong, /one command at a time/);
		t.deepEqual(parseLine(`a '${sign}' b`), {argv: ['a', sign, 'b']});
		t.deepEqual(parseLine(`a \\${sign.slice(0, 1)} b`), {argv: ['a', sign.slice(0, 1), 'b']});
	});
}

test('in double quotes too, where a shell would put in what something says', t => {
	for (const line of ['a "$HOME"', 'a "`id`"', String.raw`a "\\$HOME"`]) {
		t.true('wrong' in parseLine(line), line);
	}
});

test('a line that is not at its end goes on', t => {
	for (const line of ['a \\', 'a \'b', 'a "b', String.raw`a "b\"`, 'a \\\n b \\']) {
		t.deepEqual(parseLine(line), {goesOn: true}, line);
	}
});

test('what is said may go to a file', t => {
	t.deepEqual(parseLine('a b > /x'), {argv: ['a', 'b'], to: {path: '/x', append: false}});
	t.deepEqual(parseLine('a \'b>\'>>"/x y"'), {argv: ['a', 'b>'], to: {path: '/x y', append: true}});
	t.deepEqual(parseLine('> /x'), {argv: [], to: {path: '/x', append: false}});
	for (const line of ['a >', 'a > b c', 'a > b > c', 'a 2> b', 'a > b 2>> c']) {
		t.true('wrong' in parseLine(line), line);
	}
});
