import test from 'ava';
import {look} from '../../source/engine/look.js';
import {
	defineStep, type Context, type Fact, type Question, type Reading, type Step,
} from '../../source/step.js';

const file = (path: string): Fact<string> => ({file: path, parse: ({out}) => out});

/** A step that reads where a folder is, and then a file in it; mostly the folder is /usual. */
const stepOf = (more: Partial<Step> = {}): Step => ({
	...defineStep({
		id: 'a',
		title: 'Step a',
		phase: 'Harden',
		why: '',
		lesson: '',
		minutes: 1,
		guarded: false,
		look: () => ({folder: file('/where')}),
		lookDeeper: ({folder}) => ({inside: file(`${folder}/file`)}),
		plan: () => [],
		verify: () => [],
	}) as Step,
	...more,
});

const likely = {likely: () => ({inside: file('/usual/file')})};

/** A server whose folder is where `/where` says; notes what it was asked, look by look. */
const serverWith = (folder: string) => {
	const looks: string[][] = [];
	return {
		looks,
		async look(questions: readonly Question[]): Promise<Reading[]> {
			const paths = questions.map(question => 'file' in question ? question.file : '');
			looks.push(paths);
			return paths.map(path => ({
				outcome: 'ran', code: 0, out: path === '/where' ? folder : `content of ${path}`, err: '',
			}) as unknown as Reading);
		},
	};
};

const context = () => ({}) as Context;

for (const [name, more, folder, looks] of [
	['what nobody guessed takes a second look', {}, '/usual', [['/where'], ['/usual/file']]],
	['what was likely and is so takes none', likely, '/usual', [['/where', '/usual/file']]],
	['what was likely and is not so is asked for after all', likely, '/rare', [['/where', '/usual/file'], ['/rare/file']]],
] as const) {
	test(name, async t => {
		const server = serverWith(folder);
		const facts = await look(server, [stepOf(more)], context);
		t.deepEqual(facts.get('a'), {found: {folder, inside: `content of ${folder}/file`}});
		t.deepEqual(server.looks, looks.map(paths => [...paths]));
	});
}
