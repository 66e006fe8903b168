import {mkdtemp, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {loadSteps} from '../../source/engine/load-steps.js';
import {
	checkAnswers, chooseSteps, fillIn, readAnswers,
} from '../../source/run/answers.js';
import {UsageError} from '../../source/usage-error.js';

const steps = await loadSteps();
const me = {
	user: 'root', address: 'a', sshPort: 22, root: 'is',
} as const;

test('answers that fit pass', t => {
	const given = {'admin-user': {name: 'ada', identity: '~/.ssh/id_ed25519'}, firewall: {alsoOpen: [8080]}};
	t.deepEqual(checkAnswers(given, steps, 'a.json'), given);
	t.deepEqual(checkAnswers({}, steps, 'a.json'), {});
});

const refused: ReadonlyArray<readonly [given: unknown, message: RegExp]> = [
	[[], /^a\.json is to hold one object/],
	['x', /^a\.json is to hold one object/],
	[{'admin-usr': {}}, /^a\.json answers for a step "admin-usr", which does not exist\. Did you mean admin-user\? The steps are system-updates, /],
	[{'admin-user': 'ada'}, /^a\.json: admin-user is to be an object/],
	[{'admin-user': {nam: 'ada'}}, /^a\.json: admin-user has no field "nam"\. Did you mean name\? It has name, identity\./],
	[{'ssh-keys-only': {x: 1}}, /^a\.json: ssh-keys-only has no field "x"\. It asks nothing\./],
	[{'admin-user': {constructor: 'x'}}, /has no field "constructor"/],
	[{'admin-user': {name: 'root; reboot'}}, /^a\.json: admin-user\.name cannot be "root; reboot": expected a name of lower-case letters/],
	[{'admin-user': {name: 'root'}}, /^a\.json: admin-user\.name cannot be "root": expected a name that the system does not use/],
	[{'admin-user': {name: 7}}, /^a\.json: admin-user\.name cannot be 7: expected text in quotation marks\./],
	[{firewall: {alsoOpen: '8080'}}, /^a\.json: firewall\.alsoOpen cannot be "8080": expected a list\./],
	[{firewall: {alsoOpen: [80, 99_999]}}, /^a\.json: firewall\.alsoOpen\[1\] cannot be .*: expected a port number/],
];
for (const [given, message] of refused) {
	test(`refused: ${JSON.stringify(given)}`, t => {
		const error = t.throws(() => checkAnswers(given, steps, 'a.json'), {instanceOf: UsageError, message});
		t.is(error.message.split('\n').length, 1);
	});
}

test('a file that is not there, or not JSON, is named', async t => {
	await t.throwsAsync(readAnswers('/nowhere/a.json', steps), {instanceOf: UsageError, message: /^The answers file "\/nowhere\/a\.json" cannot be read \(ENOENT\)/});
	const file = path.join(await mkdtemp(path.join(tmpdir(), 'dropwise-answers-')), 'a.json');
	await writeFile(file, '{"admin-user": ');
	await t.throwsAsync(readAnswers(file, steps), {instanceOf: UsageError, message: /is not JSON \(/});
});

test('given before recorded before default; what no longer fits is passed over', t => {
	const recorded = {'admin-user': {name: 'eve', identity: 'agent'}, firewall: {alsoOpen: ['old']}};
	const {answers, missing} = fillIn({'admin-user': {name: 'ada'}}, recorded, steps, me);
	t.deepEqual(answers['admin-user'], {name: 'ada', identity: 'agent'});
	t.deepEqual(answers['firewall'], {alsoOpen: []});
	t.deepEqual(missing, []);
});

test('what has no answer and no default is named', t => {
	t.deepEqual(fillIn({}, {}, steps, me).missing, ['admin-user.identity']);
});

test('steps are taken in their own order, and an unknown one is refused', t => {
	t.deepEqual(chooseSteps(steps, ['firewall', 'admin-user']).map(({id}) => id), ['admin-user', 'firewall']);
	t.is(chooseSteps(steps, undefined), steps);
	t.throws(() => chooseSteps(steps, ['firewal']), {instanceOf: UsageError, message: /^There is no step "firewal"\. Did you mean firewall\? The steps are /});
});
