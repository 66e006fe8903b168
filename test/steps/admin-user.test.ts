import test from 'ava';
import step from '../../steps/12-admin-user.js';
import {
	contextOn, everySystem, fileWith, key,
} from './server-infos.js';

const home = '/home/ada';
const holding = {
	user: {name: 'ada', home, shell: '/bin/bash'},
	sudo: 'without-password',
	sudoInstalled: true,
	sudoers: fileWith('/etc/sudoers.d/dropwise-ada', 'ada ALL=(ALL:ALL) NOPASSWD: ALL\n', 0o440),
	group: 'ada',
	keys: fileWith(`${home}/.ssh/authorized_keys`, `${key.publicKey} ada\n`, 0o600, 'ada:ada'),
	modes: [
		{path: home, mode: 0o755, owner: 'ada:ada'},
		{path: `${home}/.ssh`, mode: 0o700, owner: 'ada:ada'},
		{path: `${home}/.ssh/authorized_keys`, mode: 0o600, owner: 'ada:ada'},
	],
} as const;
const fresh = {
	user: undefined, sudo: 'nothing', sudoInstalled: true, sudoers: fileWith('/etc/sudoers.d/dropwise-ada', undefined), group: 'ada', keys: fileWith(`${home}/.ssh/authorized_keys`, undefined), modes: [],
} as const;

for (const system of everySystem) {
	const c = contextOn(system, {name: 'ada', identity: key.identity});

	test(`${system.name}: a fresh server gets user, sudo, folder and key, in this order`, t => {
		t.deepEqual(step.plan(fresh, c).map(action => (action.do === 'run' ? action.argv[0] : action.do === 'write' ? action.file.path : action.do)), ['useradd', '/etc/sudoers.d/dropwise-ada', 'install', `${home}/.ssh/authorized_keys`]);
		t.false(step.verify(fresh, c).every(claim => 'holds' in claim && claim.holds));
	});

	test(`${system.name}: where it holds nothing is planned and every claim holds`, t => {
		t.deepEqual(step.plan(holding, c), []);
		t.true(step.verify(holding, c).every(claim => 'holds' in claim && claim.holds));
	});
}

const c = contextOn(everySystem[0]!, {name: 'ada', identity: key.identity});
const red = (facts: Parameters<typeof step.verify>[0]): string[] => step.verify(facts, c).filter(claim => 'holds' in claim && !claim.holds).map(({id}) => id);

test('keys that stand on the list already stay', t => {
	const keys = fileWith(`${home}/.ssh/authorized_keys`, 'ssh-rsa AAAA somebody', 0o600, 'ada:ada');
	const [write] = step.plan({...holding, keys}, c);
	t.is(write?.do === 'write' ? write.content : '', `ssh-rsa AAAA somebody\n${key.publicKey} ada\n`);
	t.deepEqual(red({...holding, keys}), ['key']);
});

test('a key behind a comment sign does not count', t => {
	t.deepEqual(red({...holding, keys: fileWith(`${home}/.ssh/authorized_keys`, `# ${key.publicKey}\n`)}), ['key']);
});

test('a list that others can write to is mended, and only that', t => {
	const modes = holding.modes.map(one => (one.path.endsWith('keys') ? {...one, mode: 0o666} : one));
	const plan = step.plan({...holding, modes}, c);
	t.like(plan, [{argv: ['chmod', 'go-w', `${home}/.ssh/authorized_keys`], undo: [['chmod', '666', `${home}/.ssh/authorized_keys`]]}]);
	t.is(plan.length, 1);
	t.deepEqual(red({...holding, modes}), ['permissions']);
});

test('a home that belongs to somebody else is mended', t => {
	const modes = holding.modes.map(one => (one.path === home ? {...one, owner: 'bob:bob'} : one));
	t.like(step.plan({...holding, modes}, c), [{argv: ['chown', 'ada:ada', home]}]);
});

test('sudo that asks for a password is not enough, and sudo that is missing is installed', t => {
	t.deepEqual(red({...holding, sudo: 'with-password'}), ['sudo']);
	t.deepEqual(step.packages!({...fresh, sudo: 'no-sudo', sudoInstalled: false}, c), ['sudo']);
});

test('without a key pair the claim is false, never green', t => {
	t.deepEqual(step.verify(holding, {...c, key: undefined}).filter(claim => 'holds' in claim && !claim.holds).map(({id}) => id), ['key']);
});

for (const [name, good] of [['ada', true], ['root', false], ['root; reboot', false], ['Ada', false], ['-a', false], ['', false], ['a'.repeat(33), false], ['a$(reboot)', false]] as const) {
	test(`the name ${JSON.stringify(name)} is ${good ? 'taken' : 'refused'}`, t => {
		t.is(step.asks!.name.schema.safeParse(name).success, good);
	});
}

test('what a user of before left belongs to nobody until the user is there again, and to whom then is seen then', t => {
	const modes = holding.modes.map(one => ({...one, owner: 'UNKNOWN:UNKNOWN'}));
	const gone = {...holding, user: undefined, modes};
	t.deepEqual(step.plan(gone, c).flatMap(action => (action.do === 'run' ? [action.argv[0]] : [])), ['useradd']);
	const other = {...holding, modes};
	t.deepEqual(step.plan(other, c).flatMap(action => (action.do === 'run' ? [action.argv[0]] : [])), ['chown', 'chown', 'chown']);
});
