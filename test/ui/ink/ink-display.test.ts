/** What a step's run leaves on the screen. */
import test from 'ava';
import type {Event} from '../../../source/engine/events.js';
import {plainTheme} from '../../../source/ui/theme.js';
import {displayOnStage} from '../../../source/ui/ink/ink-display.js';
import {reduced} from '../../../source/ui/run-state.js';
import {Stage} from '../../../source/ui/ink/stage.js';

const begin: readonly Event[] = [
	{
		event: 'run-started', run: 'r', doing: 'apply', version: '0.1.0', steps: [{step: 's', title: 'Keys only', phase: 'Harden'}],
	},
	{
		event: 'step-started', step: 's', title: 'Keys only', phase: 'Harden', why: 'w', lesson: 'l', minutes: 1, guarded: true,
	},
];

const left = async (...events: readonly Event[]): Promise<string> => {
	const stage = new Stage(() => undefined);
	const display = displayOnStage(stage, plainTheme, {
		doing: 'apply', name: 'practice', asks: true, log: '/state/runs/r.log', next: () => [],
	});
	const {listener} = reduced(display.listener);
	for (const event of [...begin, ...events]) {
		await listener(event);
	}

	return stage.scene().transcript.map(({text}) => text).join('\n');
};

const ended: Event = {
	event: 'step-finished', step: 's', ended: 'reverted', actions: 1, seconds: 3,
};
const times = (text: string, part: string): number => text.split(part).length - 1;

test('why the server put everything back is said once', async t => {
	const text = await left({
		event: 'reverted', step: 's', why: 'The file changed.', amiss: [],
	}, {event: 'trouble', step: 's', trouble: {what: 'The file changed.', tries: ['Try it again.']}}, ended);
	t.is(times(text, 'The file changed.'), 1);
	t.regex(text, /✖ The server put everything back as it was\.\n\n ✖ The file changed\.\n {3}Try: It again\./);
});

test('where two things went wrong both are said', async t => {
	const text = await left({
		event: 'reverted', step: 's', why: 'Nobody could get in.', amiss: [],
	}, {event: 'trouble', step: 's', trouble: {what: 'The line was cut.', tries: []}}, ended);
	t.regex(text, /put everything back as it was\.\n {3}Nobody could get in\.\n\n ✖ The line was cut\./);
	t.regex(await left({
		event: 'reverted', step: 's', why: 'Nobody could get in.', amiss: [],
	}, ended), /as it was\.\n {3}Nobody could get in\./);
});

test('that one gets in is said where the guard was told so, and nowhere else', async t => {
	const holds: Event = {
		event: 'step-finished', step: 's', ended: 'holds', actions: 1, seconds: 3,
	};
	t.regex(await left({event: 'confirmed', step: 's'}, holds), /The new log-in works: the server keeps the change\./);
	t.notRegex(await left(holds), /The new log-in/);
});
