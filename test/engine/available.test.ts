import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {unavailableOn} from '../../source/engine/available.js';
import type {Event} from '../../source/engine/events.js';
import type {Level} from '../../source/practice/state.js';
import {makeKey} from '../../source/server/key-pairs.js';
import {defineStep, type Fact, type KeyInHand, type Step} from '../../source/step.js';
import {systems} from '../../source/systems.js';
import {practiceIn} from './fixtures/practice.js';
import {start} from './fixtures/start.js';

let folder: string;
let key: KeyInHand;

test.before(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'dropwise-available-'));
	key = await makeKey(path.join(folder, 'key'), 'test');
});

test.after.always(async () => {
	await rm(folder, {recursive: true, force: true, maxRetries: 5});
});

const reason = 'It needs a newer kernel.';
const onUpstart: Step['unavailable'] = ({init}) => init === 'upstart' ? reason : undefined;

/** A step that looks at a folder's name, and makes it. */
const stepOf = (id: string, more: Partial<Step> = {}): Step => ({
	...defineStep({
		id,
		title: `Step ${id}`,
		phase: 'Harden',
		why: '',
		lesson: '',
		minutes: 1,
		guarded: false,
		look: () => ({there: {argv: ['test', '-d', `/srv/${id}`], parse: ({code}) => code === 0} as Fact<boolean>}),
		plan: ({there}) => there
			? []
			: [{
				do: 'run', because: 'makes it', argv: ['install', '-d', `/srv/${id}`], undo: [['rmdir', `/srv/${id}`]],
			}],
		verify: ({there}) => [{
			id: 'there', says: 'it is there', holds: there, expected: 'yes', actual: 'no',
		}],
	}) as Step,
	...more,
});

const four = [stepOf('a', {unavailable: onUpstart}), stepOf('b', {needs: ['a']}), stepOf('c', {needs: ['b'], after: ['a']}), stepOf('d', {after: ['a', 'c']})];

for (const system of systems) {
	test(`${system.name}: what needs a step that is not there is not there either; what only comes after it is`, t => {
		t.deepEqual([...unavailableOn(system, four)], system.init === 'systemd'
			? []
			: [['a', reason], ['b', 'This needs "Step a", which is not there for Ubuntu 14.04 yet.'], ['c', 'This needs "Step b", which is not there for Ubuntu 14.04 yet.']]);
	});
}

const endsOf = (events: readonly Event[]): Record<string, string> => Object.fromEntries(events.flatMap(event => event.event === 'step-finished' ? [[event.step, event.ended]] : []));

const started = async (level: Level, doing: 'check' | 'plan' | 'apply') => start({...practiceIn(path.join(folder, level, 'droplet'), level, key), steps: four}, {record: path.join(folder, level, 'record'), doing});

for (const level of ['ubuntu-14.04', 'debian-13'] as const) {
	test(`${level}: look, plan, apply and check leave it out, and say why`, async t => {
		const there = level === 'debian-13';
		for (const [doing, other, code] of [['check', 'false', 1], ['plan', 'skipped', 0], ['apply', 'holds', 0], ['check', 'holds', 0]] as const) {
			const {exitCode, events} = await started(level, doing);
			const left = there ? other : 'unavailable';
			t.deepEqual(endsOf(events), {
				a: left, b: left, c: left, d: other,
			}, doing);
			t.is(exitCode, code, doing);
			t.is(events.some(event => event.event === 'planned' && event.step !== 'd'), there && (doing === 'plan' || doing === 'apply'));
			t.is(events.some(event => event.event === 'claims' && event.step !== 'd'), there);
			t.is(events.filter(event => event.event === 'note' && event.says === reason).length, there ? 0 : 1);
			t.like(events.at(-1), {event: 'run-finished', unavailable: there ? 0 : 3, notHeld: code === 0 ? 0 : (there ? 4 : 1), held: other === 'holds' ? (there ? 4 : 1) : 0});
		}
	});
}
