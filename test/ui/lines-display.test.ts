import test from 'ava';
import type {Event, Planned, Verdict} from '../../source/engine/events.js';
import {overviewMark} from '../../source/ui/overview.js';
import {displayInLines, type DisplayOptions} from '../../source/ui/lines-display.js';
import {noRun, reduced} from '../../source/ui/run-state.js';
import {plainTheme} from '../../source/ui/theme.js';
import type {ServerInfo} from '../../source/step.js';
import {systems} from '../../source/systems.js';

const info: ServerInfo = {
	system: systems[0]!, me: {
		user: 'root', address: '203.0.113.7', sshPort: 22, root: 'is',
	}, from: '198.51.100.9', at: '203.0.113.7', sshdPort: 22, memoryMiB: 490, addresses: ['203.0.113.7'], bootId: 'b',
};
const red: Verdict = {
	id: 'user', says: 'the user ada exists', holds: false, expected: 'ada', actual: 'no such user', by: 'server',
};
const green: Verdict = {...red, holds: true, actual: 'ada'};
const unknown: Verdict = {
	id: 'ssh-v6', says: 'SSH answers on port 22 over IPv6 from where you sit', unknown: 'your own network has no IPv6', by: 'outside',
};
const action: Planned = {
	id: 'r-1', do: 'run', because: 'makes the user ada, with a home folder and without a password', shows: 'useradd --create-home --shell /bin/bash ada',
};
const write: Planned = {
	id: 'r-2', do: 'write', because: 'lets ada become root with sudo', shows: 'write /etc/sudoers.d/dropwise-ada', diff: [{from: 1, lines: ['+# Written by dropwise', '+ada ALL=(ALL:ALL) NOPASSWD: ALL']}],
};
const started = (guarded: boolean): Event => ({
	event: 'step-started', step: 'admin-user', title: 'Your own user', phase: 'Harden', why: 'Everybody who attacks servers tries the name root, day and night. With a user of your own there is nothing left to guess.', lesson: 'l', minutes: 1, guarded,
});
const begin = (doing: DisplayOptions['doing']): readonly Event[] => [
	{
		event: 'run-started', run: 'r', doing, version: '0.1.0', steps: [{step: 'admin-user', title: 'Your own user', phase: 'Harden'}],
	},
	{
		event: 'connected', server: '203.0.113.7', practice: false, info, hostKeys: ['SHA256:x'],
	},
];
const end = (exitCode: number): Event => ({
	event: 'run-finished', steps: 1, held: 0, notHeld: 1, unknowns: 0, unavailable: 0, actions: 0, looks: 2, exitCode,
});
const finished = (ended: 'holds' | 'false' | 'unknown' | 'reverted' | 'failed' | 'skipped' | 'unavailable', actions = 0): Event => ({
	event: 'step-finished', step: 'admin-user', ended, actions, seconds: 14.2,
});

const told = async (events: readonly Event[], options: Partial<DisplayOptions>): Promise<string> => {
	const lines: string[] = [];
	const {listener} = reduced(displayInLines({
		line(text = '') {
			lines.push(text);
		},
		live() {},
		close() {},
	}, plainTheme, {
		doing: 'check', name: '203.0.113.7', asks: false, log: '/state/runs/r.log', next: () => [], ...options,
	}));
	for (const event of events) {
		await listener(event);
	}

	return lines.join('\n');
};

test('check tells every claim, with what was expected and what was found', async t => {
	t.snapshot(await told([...begin('check'), started(false), {event: 'claims', step: 'admin-user', stands: 'found', claims: [green, red, unknown]}, finished('false'), end(1)], {}));
});

test('a step is shown before it is done: why, what is red, what will be done and because', async t => {
	t.snapshot(await told([...begin('apply'), started(true), {
		event: 'planned', step: 'admin-user', round: 1, actions: [action, write],
	}], {
		doing: 'apply', asks: true, before: {
			...noRun, steps: [{
				step: 'admin-user', title: '', phase: '', why: '', undoable: true, lesson: 'l', minutes: 1, guarded: true, claims: [red, green], plan: [], isRest: false, round: 1, decision: undefined, typed: false, planned: 0, confirmed: false, reverted: undefined, troubles: [], ended: 'false',
			}],
		},
	}));
});

test('a step that is taken up again keeps its number', async t => {
	const steps = ['one', 'two'].map(step => ({step, title: step, phase: 'Harden'} as const));
	const start = (index: number): Event => ({
		event: 'step-started', ...steps[index]!, why: 'w', lesson: 'l', minutes: 1, guarded: false,
	});
	const plan = (step: string): Event => ({
		event: 'planned', step, round: 1, actions: [action],
	});
	const text = await told([
		{
			event: 'run-started', run: 'r', doing: 'apply', version: '0.1.0', steps,
		}, begin('apply')[1]!, start(0), plan('one'), start(1), plan('two'), start(0), plan('one'),
	], {doing: 'apply', asks: true});
	t.deepEqual(text.match(/step \d of \d/g), ['step 1 of 2', 'step 2 of 2', 'step 1 of 2']);
});

test('a guarded step that goes well', async t => {
	t.snapshot(await told([...begin('apply'), started(true), {
		event: 'planned', step: 'admin-user', round: 1, actions: [action],
	}, {event: 'armed', step: 'admin-user', seconds: 90}, {event: 'action-started', step: 'admin-user', action}, {
		event: 'output', id: 'r-1', part: 'r-1', stream: 'out', text: 'what a good command says is not kept\n',
	}, {
		event: 'action-finished', step: 'admin-user', id: 'r-1', code: 0, seconds: 1,
	}, {event: 'claims', step: 'admin-user', stands: 'found', claims: [green]}, {event: 'confirmed', step: 'admin-user'}, finished('holds', 1), end(0)], {doing: 'apply'}));
});

test('a failure says what happened, why it matters, what to try and where the log is', async t => {
	t.snapshot(await told([...begin('apply'), started(true), {
		event: 'planned', step: 'admin-user', round: 1, actions: [action],
	}, {event: 'action-started', step: 'admin-user', action}, {
		event: 'output', id: 'r-1', part: 'r-1', stream: 'err', text: 'useradd: \u001B[31mcannot lock /etc/passwd\u001B[0m\rtry again later\n',
	}, {
		event: 'action-finished', step: 'admin-user', id: 'r-1', code: 1, seconds: 1,
	}, {
		event: 'reverted', step: 'admin-user', why: 'useradd did not work', amiss: [],
	}, {
		event: 'trouble', step: 'admin-user', trouble: {
			what: '"useradd" ended with code 1.', why: 'Nothing else was changed.', tries: ['Look again.', 'Read the log.'], said: 'useradd: cannot lock',
		},
	}, finished('reverted', 1), end(1)], {doing: 'apply'}));
});

test('a plan is listed and counted', async t => {
	t.snapshot(await told([...begin('plan'), started(false), {
		event: 'planned', step: 'admin-user', round: 1, actions: [action, write],
	}, finished('skipped'), end(0)], {doing: 'plan'}));
});

test('a step that is not there for a release yet says why, and counts for nothing', async t => {
	const lines = await told([...begin('check'), started(false), {event: 'note', says: 'Docker for Ubuntu 14.04 comes with a later dropwise.'}, finished('unavailable'), end(0)], {});
	t.true(lines.includes('   Docker for Ubuntu 14.04 comes with a later dropwise.\n – Your own user'));
	t.true(lines.includes(' 0 of 0 steps hold. 1 step is not there for Ubuntu 14.04 yet.'));
	t.is(overviewMark({
		title: 'Docker', phase: 'Docker', ended: 'unavailable', before: false,
	}), 'skipped');
});

test('a step of which something could not be told is not among those that hold', async t => {
	const lines = await told([...begin('check'), started(false), {event: 'claims', step: 'admin-user', stands: 'found', claims: [green, unknown]}, finished('unknown'), end(0)], {});
	t.true(lines.includes(' 0 of 1 step holds. Not known of: Your own user. 1 claim is unknown.'), lines);
});
