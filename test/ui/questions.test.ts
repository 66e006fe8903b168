import {PassThrough} from 'node:stream';
import test from 'ava';
import {z} from 'zod';
import {readTyped, spelled} from '../../source/ui/read-answer.js';
import {pipedInput} from '../../source/ui/input.js';
import {plainTheme} from '../../source/ui/theme.js';
import {askInLines, NoAnswer, type Questions} from '../../source/ui/questions.js';

const piped = (text: string): {questions: Questions; said: () => string} => {
	const stream = new PassThrough();
	stream.end(text);
	let said = '';
	const write = (words: string): void => {
		said += words;
	};

	return {
		questions: askInLines(pipedInput(stream, write), line => {
			write(`${line}\n`);
		}, plainTheme), said: () => said,
	};
};

const choices = [{label: 'Tea', value: 'tea'}, {label: 'Coffee', note: 'black', value: 'coffee'}];

test('Enter alone takes the default, which is named', async t => {
	const {questions, said} = piped('\n');
	t.is(await questions.choose({says: 'What?', choices, default: 2}), 'coffee');
	t.regex(said(), /Enter alone is 2/);
});

test('a wrong number is explained and asked again', async t => {
	const {questions, said} = piped('3\nx\n\n1\n');
	t.is(await questions.choose({choices}), 'tea');
	t.regex(said(), /"3" is not one of them: type a number from 1 to 2\./);
	t.regex(said(), /"x" is not one of them/);
	t.regex(said(), /This one is yours to decide/);
});

test('what a person types reaches the screen cleaned', async t => {
	const {questions, said} = piped('\u001B[2Jx\n1\n');
	await questions.choose({choices});
	t.false(said().includes('\u001B'));
});

test('the end of the input stops', async t => {
	const {questions} = piped('9\n');
	await t.throwsAsync(questions.choose({choices, default: 1}), {instanceOf: NoAnswer});
});

test('lines are read one a question', async t => {
	const {questions} = piped('ada\n8080, 9090\n');
	t.is(await questions.text({says: 'Name?', read: value => ({value})}), 'ada');
	t.deepEqual(await questions.text({says: 'Ports?', read: text => readTyped(text, z.array(z.int()))}), [8080, 9090]);
});

test('a line that cannot be used is explained and asked again', async t => {
	const {questions, said} = piped('root; reboot\nada\n');
	t.is(await questions.text({says: 'Name?', read: text => readTyped(text, z.string().regex(/^[a-z]+$/, 'a name of letters, such as ada'))}), 'ada');
	t.regex(said(), /"root; reboot" cannot be used: expected a name of letters, such as ada\./);
});

const ports = z.array(z.int('a port number such as 8080').min(1, 'a port from 1 to 65535').max(65_535, 'a port from 1 to 65535'));
const readings: ReadonlyArray<readonly [string, z.ZodType, unknown]> = [
	['', ports, {value: []}],
	['none', ports, {value: []}],
	['8080', ports, {value: [8080]}],
	['8080 9090', ports, {value: [8080, 9090]}],
	['8080,9090', ports, {value: [8080, 9090]}],
	['99999', ports, {wrong: '"99999" cannot be used: expected a port from 1 to 65535.'}],
	['abc', ports, {wrong: '"abc" cannot be used: expected a port number such as 8080.'}],
	['12', z.number(), {value: 12}],
	['12', z.string(), {value: '12'}],
	['yes', z.boolean(), {value: true}],
	['no', z.boolean(), {value: false}],
];
for (const [index, [typed, schema, expected]] of readings.entries()) {
	test(`a typed line is read as its question needs it: ${index} ${typed}`, t => {
		t.deepEqual(readTyped(typed, schema), expected as never);
	});
}

test('values are spelled as one types them', t => {
	t.is(spelled([]), 'none');
	t.deepEqual(readTyped(spelled([]), z.array(z.number())), {value: []});
	t.is(spelled([80, 443]), '80, 443');
	t.is(spelled('ada'), 'ada');
});
