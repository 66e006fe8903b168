import test from 'ava';
import {practiceWorld} from '../contract/practice-world.js';
import {explain, go} from '../contract/scenario.js';
import {loadSteps} from '../../source/engine/load-steps.js';
import {
	adminOf, adminSteps, identityIn, keyQuestionOf, keysOnlySteps, withIdentity,
} from '../../source/engine/roles.js';

const steps = await loadSteps();

test('what the steps declare: one makes the admin, one takes the key, one shuts all other doors', t => {
	t.deepEqual([...adminSteps(steps)], ['admin-user']);
	t.deepEqual(keyQuestionOf(steps), {step: 'admin-user', field: 'identity'});
	t.deepEqual(keysOnlySteps(steps).map(({id}) => id), ['ssh-keys-only']);
});

test('the admin and their key, as far as they were answered', t => {
	const question = keyQuestionOf(steps);
	t.is(adminOf(steps, {}), undefined);
	t.is(adminOf(steps, {'admin-user': {name: 'ada'}}), 'ada');
	t.is(adminOf([], {'admin-user': {name: 'ada'}}), undefined);
	const answers = withIdentity({'admin-user': {name: 'ada'}}, question, 'agent');
	t.deepEqual(answers, {'admin-user': {name: 'ada', identity: 'agent'}});
	t.is(identityIn(answers, question), 'agent');
	t.is(withIdentity(answers, question, undefined), answers);
});

test('a step that stands on the admin is confirmed by the admin\'s log-in, also where it is taken alone and nothing is on record', async t => {
	const world = await practiceWorld('debian-13');
	t.teardown(async () => world.close());
	t.is((await go(world, 'apply', {only: ['admin-user']})).exitCode, 0);
	const told = await go(world, 'apply', {only: ['ssh-keys-only']});
	t.is(told.exitCode, 0, explain(told));
	t.true(told.events.some(({event}) => event === 'confirmed'));
});
