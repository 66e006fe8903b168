import test from 'ava';
import {misread, settingsIn} from '../../source/facts/sshd-files.js';
import type {Account} from '../../source/facts/accounts.js';
import type {SocketUnit} from '../../source/facts/services.js';
import step from '../../steps/13-ssh-keys-only.js';
import {
	contextOn,
	everySystem,
	fileWith,
	key,
} from './server-infos.js';

const main = '/etc/ssh/sshd_config';
const ours = '/etc/ssh/sshd_config.d/00-dropwise.conf';
const wanted = {
	permitrootlogin: 'no', passwordauthentication: 'no', kbdinteractiveauthentication: 'no', pubkeyauthentication: 'yes', permitemptypasswords: 'no',
};
const effective = (changes: Readonly<Record<string, string>> = {}) => ({settings: new Map(Object.entries({...wanted, ...changes}).map(([keyword, value]) => [keyword, [value]]))});
const open = effective({permitrootlogin: 'yes', passwordauthentication: 'yes'});

const factsOn = (dropIns: boolean) => ({
	user: {name: 'ada', home: '/home/ada', shell: '/bin/bash'} as Account | undefined,
	keys: fileWith('/home/ada/.ssh/authorized_keys', `${key.publicKey} ada\n`),
	forAdmin: open as ReturnType<typeof effective> | {broken: string},
	forRoot: open as ReturnType<typeof effective> | {broken: string},
	sshdConfig: fileWith(main, dropIns ? 'Include /etc/ssh/sshd_config.d/*.conf\nUsePAM yes\n' : 'PermitRootLogin yes\nUsePAM yes\n'),
	dropIns: [] as readonly string[],
	offers: ['publickey', 'password'] as readonly string[] | undefined,
	sockets: [undefined] as ReadonlyArray<SocketUnit | undefined>,
	ours: fileWith(ours, undefined),
	others: [] as ReadonlyArray<ReturnType<typeof fileWith>>,
});

/** The facts after the planned writes were done and sshd has read them. */
const after = (facts: ReturnType<typeof factsOn>, plan: ReturnType<typeof step.plan>): ReturnType<typeof factsOn> => {
	const written = new Map(plan.flatMap(action => (action.do === 'write' ? [[action.file.path, fileWith(action.file.path, action.content)] as const] : [])));
	return {
		...facts, forAdmin: effective(), forRoot: effective(), offers: ['publickey'], sshdConfig: written.get(main) ?? facts.sshdConfig, ours: written.get(ours) ?? facts.ours, others: facts.others.map(one => written.get(one.path) ?? one),
	};
};

for (const system of everySystem) {
	const c = contextOn(system, {});
	const facts = factsOn(system.sshDropIns);

	test(`${system.name}: says it where sshd reads it first, tests it, lets sshd read it; then there is nothing left to do`, t => {
		const plan = step.plan(facts, c);
		t.deepEqual(plan.map(action => (action.do === 'write' ? action.file.path : action.argv.join(' '))), [
			system.sshDropIns ? ours : main,
			'/usr/sbin/sshd -t',
			system.init === 'upstart' ? 'service ssh reload' : 'systemctl reload ssh',
		]);
		const done = after(facts, plan);
		t.deepEqual(step.plan(done, c), []);
		t.true(step.verify(done, c).every(claim => 'holds' in claim && claim.holds));
	});

	test(`${system.name}: a Match block of somebody else is set aside, and stays readable`, t => {
		const block = 'Match User bob\n  PasswordAuthentication yes\n  X11Forwarding no\n';
		const touched = {...facts, sshdConfig: fileWith(main, `${facts.sshdConfig.content}${block}`)};
		const done = after(touched, step.plan(touched, c));
		t.true(done.sshdConfig.content!.includes('# Set aside by dropwise:   PasswordAuthentication yes'));
		t.true(done.sshdConfig.content!.includes('  X11Forwarding no'));
		t.deepEqual(step.plan(done, c), []);
	});
}

const c = contextOn(everySystem.find(({id}) => id === 'debian-13')!, {});
const held = (() => {
	const facts = factsOn(true);
	return after(facts, step.plan(facts, c));
})();
const red = (facts: typeof held): string[] => step.verify(facts, c).filter(claim => 'holds' in claim && !claim.holds).map(({id}) => id);

test('a drop-in that sorts before ours is set aside; one that sorts after is left alone', t => {
	const early = fileWith('/etc/ssh/sshd_config.d/00-aaa.conf', 'PasswordAuthentication yes\n');
	const late = fileWith('/etc/ssh/sshd_config.d/50-cloud-init.conf', 'PasswordAuthentication yes\n');
	const facts = {...held, others: [early, late], forAdmin: effective({passwordauthentication: 'yes'})};
	t.deepEqual(step.plan(facts, c).map(action => (action.do === 'write' ? action.file.path : action.argv[0])), [early.path, '/usr/sbin/sshd', 'systemctl']);
	t.deepEqual(red(facts), ['exceptions', 'passwords']);
});

const does = (facts: typeof held): string[] => step.plan(facts, c).map(action => (action.do === 'run' ? action.argv.join(' ') : action.file.path));

test('an sshd that has not read the settings is told to; one that is dead is started, and systemd is not tired of that', t => {
	const stale = {...held, offers: ['publickey', 'password']};
	const started = ['/usr/sbin/sshd -t', 'systemctl reset-failed ssh', 'systemctl restart ssh'];
	t.deepEqual(does(stale), ['/usr/sbin/sshd -t', 'systemctl reload ssh']);
	t.deepEqual(does({...stale, sockets: [{unit: 'ssh.socket', each: false}]}), started);
	t.deepEqual(does({...held, offers: undefined}), started);
	t.deepEqual(red({...held, offers: undefined}), ['running']);
});

test('an sshd that is started for each connection has read them: nothing is told to, and nothing started', t => {
	const sockets = [{unit: 'mine.socket', each: true}];
	t.deepEqual(does({...factsOn(true), sockets}), [ours, '/usr/sbin/sshd -t']);
	t.deepEqual(does({...held, sockets, offers: undefined}), []);
});

test('settings that sshd cannot read are red, with what it says of them', t => {
	const broken = {broken: `${main}: line 3: Bad configuration option: Foo`};
	const claims = step.verify({...held, forAdmin: broken, forRoot: broken}, c);
	t.deepEqual(claims.flatMap(claim => 'holds' in claim && !claim.holds ? [[claim.id, claim.actual]] : []), [['understood', broken.broken]]);
	t.deepEqual(claims.flatMap(claim => 'unknown' in claim ? [claim.id] : []), ['root-log-in', 'root-passwords', 'passwords', 'questions', 'empty-passwords', 'keys'], 'what cannot be read is neither true nor false');
});

const faulty = (content: string, ...said: readonly string[]): string[] => misread(said.join('\r\n'), [fileWith(main, content)]).map(({text}) => text);

test('the lines that stop sshd are found by what it says of them, and no others', t => {
	const content = 'Port 22\nPermitRootLogn no\n# a note\nProtocol 2\nUsePAM maybe\nMatch Usr bob\n  PasswordAuthentication yes\n';
	t.deepEqual(faulty(content, `${main}: line 2: Bad configuration option: PermitRootLogn`, `${main} line 4: Deprecated option Protocol`, `${main} line 5: unsupported option "maybe".`), ['PermitRootLogn no', 'UsePAM maybe']);
	t.deepEqual(faulty(content, `${main}: line 2: Bad configuration option: PermitRootLogn`, `${main}: terminating, 1 bad configuration options`), ['PermitRootLogn no']);
	t.deepEqual(faulty(content, `${main} line 6: Bad Match condition`), [], 'without it, what stands below would be said to everybody');
	t.deepEqual(faulty(content, '/etc/other line 1: Bad yes/no argument: maybe', `${main} line 99: missing argument.`), []);
});

for (const system of everySystem) {
	test(`${system.name}: a line that sshd does not understand is set aside, in whichever file`, t => {
		const facts = factsOn(system.sshDropIns);
		const broken = {broken: `${main}: line 1: Bad configuration option: Foo`};
		const plan = step.plan({...facts, sshdConfig: fileWith(main, `Foo bar\n${facts.sshdConfig.content}`), forAdmin: broken, forRoot: broken}, contextOn(system, {}));
		const writes = plan.flatMap(action => action.do === 'write' && action.file.path === main ? [action] : []);
		t.is(writes.length, 1);
		t.true(writes[0]!.content.includes('# Set aside by dropwise: Foo bar\n'));
		t.regex(writes[0]!.because, /sets aside "Foo bar", which sshd does not understand/);
		t.true(plan.some(action => action.do === 'run' && action.argv.includes('-t')));
	});
}

test('of a block that somebody took apart only its marks go', t => {
	const old = contextOn(everySystem.find(({sshDropIns}) => !sshDropIns)!, {});
	const [write] = step.plan({...factsOn(false), sshdConfig: fileWith(main, 'PermitRootLogin no\n# END dropwise\nUsePAM yes\n')}, old);
	t.true(write!.do === 'write' && /^# BEGIN[\s\S]*# END dropwise\nPermitRootLogin no\nUsePAM yes\n$/.test(write!.content));
});

const here = {addresses: {v4: '203.0.113.7', v6: undefined}, tcp: async () => 'open' as const};
const seen = async (facts: typeof held, offered: {readonly came?: readonly string[]; readonly tried?: readonly string[]}) => {
	let tries = 0;
	const claims = await step.witness!({
		...here,
		offered: offered.came,
		async logIn() {
			tries++;
			return {
				loggedIn: offered.tried !== undefined, root: true, why: 'no', offered: offered.tried,
			};
		},
	}, facts, c);
	return [tries, ...claims.map(claim => ('holds' in claim ? `${claim.id} ${claim.holds}: ${claim.actual}` : `${claim.id} unknown`))];
};

test('what sshd offers is told by the log-in itself, or by the one we came with', async t => {
	t.deepEqual(await seen(held, {tried: ['publickey']}), [1, 'offered true: publickey', 'log-in true: in']);
	t.deepEqual(await seen(held, {tried: ['publickey', 'password'], came: ['publickey']}), [1, 'offered false: publickey, password', 'log-in true: in']);
	t.deepEqual(await seen(held, {came: ['publickey']}), [1, 'offered true: publickey', 'log-in false: no']);
	t.deepEqual(await seen(held, {}), [1, 'offered unknown', 'log-in false: no']);
});

test('a log-in that cannot succeed is not tried: failed ones count against us', async t => {
	const came = ['publickey', 'password'];
	t.deepEqual(await seen({...held, user: undefined}, {came}), [0, 'offered false: publickey, password', 'log-in false: not tried: there is no user ada']);
	t.deepEqual(await seen({...held, keys: fileWith(held.keys.path, '# nobody\n')}, {came}), [0, 'offered false: publickey, password', 'log-in false: not tried: your key is not on ada\'s list']);
});

test('settings are read with any spelling', t => {
	t.like(settingsIn(fileWith(main, '  PASSWORDauthentication=yes\nPermitRootLogin "no"\n# Port 3\nMatch all\nPort\t22\n')), [
		{keyword: 'passwordauthentication', value: 'yes', match: undefined},
		{keyword: 'permitrootlogin', value: 'no', match: undefined},
		{keyword: 'port', value: '22', match: undefined},
	]);
});
