/** What the screens are made of, without a terminal. */
import test from 'ava';
import type {Planned} from '../../../source/engine/events.js';
import {goingBack, trailOf} from '../../../source/ui/going-back.js';
import {plainTheme} from '../../../source/ui/theme.js';
import {Back, type Questions} from '../../../source/ui/questions.js';
import {edit, type Stroke, type Typed} from '../../../source/ui/ink/edit.js';
import {fitted} from '../../../source/ui/ink/fitted.js';
import {windowOf} from '../../../source/ui/ink/scroll.js';
import {workingLines} from '../../../source/ui/ink/working.js';
import {noRun, reduce} from '../../../source/ui/run-state.js';

const typed = (strokes: readonly Stroke[]): Typed => {
	let now: Typed = {text: '', cursor: 0};
	for (const stroke of strokes) {
		now = edit(now, stroke);
	}

	return now;
};

test('a field is edited by letters, not by code units', t => {
	t.deepEqual(typed([{kind: 'insert', text: 'añ🔑'}, {kind: 'backspace'}]), {text: 'añ', cursor: 2});
	t.deepEqual(typed([{kind: 'insert', text: 'ada lovelace'}, {kind: 'kill-word'}]), {text: 'ada ', cursor: 4});
	t.deepEqual(typed([{kind: 'insert', text: 'ada'}, {kind: 'start'}, {kind: 'right'}, {kind: 'kill-after'}]), {text: 'a', cursor: 1});
	t.deepEqual(typed([{kind: 'insert', text: 'ada'}, {kind: 'left'}, {kind: 'kill-before'}]), {text: 'a', cursor: 0});
	t.deepEqual(typed([{kind: 'insert', text: 'a\u0003d\na'}]), {text: 'ada', cursor: 3});
});

test('a path that is wider than the terminal is broken between its folders', t => {
	t.is(fitted('   ~/one/two/three.txt', 14), '   ~/one/two/\n   three.txt');
	t.is(fitted('   ~/one/two/three.txt', 10), '   ~/one/\n   two/\n   three.txt');
	t.is(fitted('   ~/one/two/three.txt', 22), '   ~/one/two/three.txt');
	t.is(fitted('   a-name-without-folders', 10), '   a-name-without-folders');
	t.is(fitted('   ~/a-name-without-folders', 10), '   ~/a-name-without-folders');
});

test('a window shows what has room, and says how much has none', t => {
	const lines = ['1', '2', '3', '4', '5'];
	const more = (left: number): string => `+${left}`;
	t.deepEqual(windowOf(lines, 0, 5, more), {shown: lines, more: false});
	t.deepEqual(windowOf(lines, 0, 3, more), {shown: ['1', '2', '+3'], more: true});
	t.deepEqual(windowOf(lines, 2, 3, more), {shown: ['3', '4', '5'], more: false});
});

const action: Planned = {id: 'a', do: 'run', because: 'why', shows: 'apt-get upgrade'};

test('a step at work never takes more rows than there are', t => {
	let working = reduce(noRun, {
		event: 'step-started', step: 's', title: 'S', phase: 'Harden', why: '', lesson: '', minutes: 1, guarded: true,
	}, 0);
	working = reduce(working, {event: 'armed', step: 's', seconds: 90}, 0);
	for (let number = 0; number < 30; number++) {
		const id = `a${number}`;
		working = reduce(working, {event: 'action-started', step: 's', action: {...action, id}}, 0);
		working = reduce(working, {event: 'output', id, part: id, stream: 'out', text: 'one\ntwo\nthree\nfour\nfive\nsix\n'}, 0);
		for (const rows of [13, 21]) {
			const lines = workingLines(working, 5000, rows, plainTheme);
			t.true(lines.length <= rows, `${lines.length} of ${rows}`);
			t.true(lines.at(-1)!.includes('in 85 s'));
			t.true(lines.some(line => line.includes('| six')));
		}

		working = reduce(working, {event: 'action-finished', step: 's', id, code: 0, seconds: 1}, 0);
		t.false(workingLines(working, 5000, 21, plainTheme).some(line => line.includes('| six')), 'what went well is cleared');
	}
});

test('what an action waits for is said below it, until the next of its orders is heard', t => {
	const shown = (): string => workingLines(working, 5000, 20, plainTheme).join('\n');
	let working = reduce(noRun, {event: 'action-started', step: 's', action}, 0);
	working = reduce(working, {event: 'waiting', for: action.shows, seconds: 2}, 0);
	t.is(shown().split(action.shows).length, 2, 'its own name is there once');
	working = reduce(working, {event: 'output', id: 'a', part: 'a-first-boot', stream: 'out', text: '.'}, 0);
	working = reduce(working, {event: 'waiting', for: 'waiting until the first boot is over', seconds: 4}, 0);
	working = reduce(working, {event: 'output', id: 'a', part: 'a-first-boot', stream: 'out', text: '.'}, 0);
	t.regex(shown(), /apt-get upgrade +\n +waiting until the first boot is over\n/);
	working = reduce(working, {event: 'output', id: 'a', part: 'a-lists', stream: 'out', text: 'Get:1'}, 0);
	t.notRegex(shown(), /first boot/);
});

test('where it is known how far an action is a bar stands below it, whatever its server calls the package', t => {
	const far = (share: number, name: string): readonly string[] => {
		const begun = reduce(noRun, {event: 'action-started', step: 's', action}, 0);
		return workingLines(reduce(begun, {
			event: 'progress', id: 'a', share, at: 'installing', package: name,
		}, 0), 0, 20, plainTheme);
	};

	const bar = (share: number, name = 'ufw'): string => far(share, name).at(-1)!.trim();
	t.is(bar(0), `${'░'.repeat(24)}   0 %   installing ufw`);
	t.is(bar(0.52), `${'█'.repeat(12)}${'░'.repeat(12)}  52 %   installing ufw`);
	t.is(bar(1), `${'█'.repeat(24)} 100 %   installing ufw`);
	t.is(bar(1, `\u001B[2J${'x'.repeat(500)}`), `${'█'.repeat(24)} 100 %   installing ${'x'.repeat(23)}…`);
	t.true(far(1, 'x'.repeat(500)).every(line => line.length <= 80));
});

test('a failed action keeps what it said', t => {
	let working = reduce(noRun, {event: 'action-started', step: 's', action}, 0);
	working = reduce(working, {event: 'output', id: 'a', part: 'a', stream: 'err', text: 'E: no\n'}, 0);
	working = reduce(working, {event: 'action-finished', step: 's', id: 'a', code: 100, seconds: 1}, 0);
	const lines = workingLines(working, 0, 20, plainTheme);
	t.true(lines.some(line => line.includes('✖ apt-get upgrade')));
	t.true(lines.some(line => line.includes('| E: no')));
});

test('one goes back over answers, and before the first one out of the questions', async t => {
	const script: Array<string | Back> = ['a', 'b', new Back('back'), 'c', 'd', 'e'];
	const asked: string[] = [];
	const questions = {
		async text({says}: {says: string}) {
			asked.push(says);
			const next = script.shift()!;
			if (next instanceof Back) {
				throw next;
			}

			return next;
		},
	} as unknown as Questions;
	const answer = async (one: Questions, says: string) => one.text({says, read: text => ({value: text})});
	const ask = async (one: Questions) => [await answer(one, '1'), await answer(one, '2'), await answer(one, '3')];

	t.deepEqual(await goingBack(questions, ask), ['a', 'c', 'd']);
	t.deepEqual(asked, ['1', '2', '3', '2', '3']);
	script.splice(0, script.length, 'a', new Back('back'), new Back('back'));
	await t.throwsAsync(goingBack(questions, ask), {instanceOf: Back});
});

test('what one goes back over is kept: Enter alone takes it again, but no secret', async t => {
	const script: unknown[] = ['203.0.113.7', 'key', 'open sesame', new Back('back'), new Back('back'), '203.0.113.7', 'key', 'open sesame'];
	const asked: unknown[] = [];
	const next = async (says: string, byDefault: unknown) => {
		asked.push([says, byDefault]);
		const given = script.shift();
		if (given instanceof Back) {
			throw given;
		}

		return given;
	};

	const trail = trailOf({
		choose: async ({says = '', default: byDefault}) => next(says, byDefault),
		text: async ({says, default: byDefault}) => next(says, byDefault),
		secret: async says => next(says, undefined),
	} as Questions);
	const ask = async (questions: Questions) => [
		await questions.text({says: 'where', read: text => ({value: text})}),
		await questions.choose({says: 'how', choices: [{label: 'By password', value: 'password'}, {label: 'By key', value: 'key'}], default: 1}),
		await questions.secret('password'),
	];
	t.deepEqual(await trail.ask(ask), ['203.0.113.7', 'key', 'open sesame']);
	// Whoever asked them may find that one of them was wrong.
	t.true(trail.back());
	t.deepEqual(await trail.ask(ask), ['203.0.113.7', 'key', 'open sesame']);
	t.deepEqual(asked, [['where', undefined], ['how', 1], ['password', undefined], ['password', undefined], ['how', 2], ['where', '203.0.113.7'], ['how', 2], ['password', undefined]]);
	trail.restart();
	t.false(trail.back());
});
