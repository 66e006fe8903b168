import test from 'ava';
import step from '../../steps/20-firewall.js';
import type {Dialled, Family, Outside} from '../../source/step.js';
import {filterOf, ufwWith} from '../facts/packet-filter/kernels.js';
import {noTables, type Tables} from '../../source/facts/packet-filter/tables.js';
import {contextOn, everySystem, fileWith} from './server-infos.js';

const tuple = (family: 'v4' | 'v6', port: string, action = 'allow'): string => (family === 'v4' ? `### tuple ### ${action} tcp ${port} 0.0.0.0/0 any 0.0.0.0/0 in` : `### tuple ### ${action} tcp ${port} ::/0 any ::/0 in`);
const rules = (family: 'v4' | 'v6', ports: readonly string[]): string => `*filter\n${ports.map(port => tuple(family, port)).join('\n')}\nCOMMIT\n`;
const kernel = ufwWith;
const openKernel = filterOf(':INPUT ACCEPT [0:0]', ':FORWARD ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]');
const defaults = 'IPV6=yes\nDEFAULT_INPUT_POLICY="DROP"\n';
const sshd = {settings: new Map([['port', ['22']]])};

const withPorts = (ports: readonly string[]) => ({
	ufwRules: fileWith('/etc/ufw/user.rules', rules('v4', ports), 0o640),
	ufwRules6: fileWith('/etc/ufw/user6.rules', rules('v6', ports), 0o640),
	ufwConf: fileWith('/etc/ufw/ufw.conf', 'ENABLED=yes\n'),
	ufwDefaults: fileWith('/etc/default/ufw', defaults),
	kernel4: kernel('v4', ports),
	kernel6: kernel('v6', ports),
	tool6: undefined as string | undefined,
	nftNames: {names: []} as {readonly names: readonly string[]; readonly broken?: string},
	nft: [] as ReadonlyArray<string | undefined>,
	interfaces: [{interface: 'eth0', address: '203.0.113.7', bits: 24}, {interface: 'eth0', address: '2001:db8::7', bits: 64}],
	sshd,
	boots: true,
	isInstalled: true,
	override: fileWith('/etc/init/ufw.override', undefined),
});
const holding = withPorts(['22', '80', '443']);
const fresh = {
	...holding, ufwRules: fileWith('/etc/ufw/user.rules', rules('v4', [])), ufwRules6: fileWith('/etc/ufw/user6.rules', rules('v6', [])), ufwConf: fileWith('/etc/ufw/ufw.conf', 'ENABLED=no\n'), kernel4: openKernel, kernel6: openKernel,
};
/** An outside to which SSH's port answers so, and the others as they must. */
const outsideThat = (ssh: Readonly<Record<Family, Dialled>>): Outside => ({
	addresses: {v4: '203.0.113.7', v6: '2001:db8::7'},
	tcp: async (family, port) => (port === 22 ? ssh[family] : 'refused'),
	offered: undefined,
	logIn: async () => ({loggedIn: true, root: true, why: '', offered: ['publickey']}),
});
const commands = (plan: ReturnType<typeof step.plan>): string[] => plan.map(action => (action.do === 'run' ? action.argv.join(' ') : `write ${action.file.path}`));

for (const system of everySystem) {
	const c = contextOn(system, {alsoOpen: []});

	test(`${system.name}: allows SSH before it shuts anything, then nothing is left to do`, t => {
		t.deepEqual(commands(step.plan(fresh, c)), ['ufw allow 22/tcp', 'ufw allow 80/tcp', 'ufw allow 443/tcp', 'ufw --force enable']);
		t.deepEqual(step.plan(holding, c), []);
		t.true(step.verify(holding, c).every(claim => 'holds' in claim && claim.holds));
	});
}

const c = contextOn(everySystem.find(({id}) => id === 'debian-13')!, {alsoOpen: []});
type Facts = Parameters<typeof step.verify>[0];
const red = (facts: Facts): string[] => step.verify(facts, c).filter(claim => 'holds' in claim && !claim.holds).map(({id}) => id);

test('where ufw is not installed it is, and the rest is known ahead', t => {
	const none = {
		...fresh, isInstalled: false, boots: false, ufwConf: fileWith('/etc/ufw/ufw.conf', undefined), ufwDefaults: fileWith('/etc/default/ufw', undefined), ufwRules: fileWith('/etc/ufw/user.rules', undefined), ufwRules6: fileWith('/etc/ufw/user6.rules', undefined),
	};
	t.deepEqual(step.packages!(none, c), ['ufw']);
	t.is(commands(step.plan(none, c)).at(-1), 'ufw --force enable');
});

test('SSH on another port is found and allowed, whether we came by it or sshd is set to it', t => {
	const moved = {...fresh, sshd: {settings: new Map([['port', ['2222']]])}};
	t.deepEqual(commands(step.plan(moved, c)).slice(0, 2), ['ufw allow 22/tcp', 'ufw allow 2222/tcp']);
});

test('a door somebody opened is shut, and only that', t => {
	const facts = withPorts(['22', '80', '443', '8080']);
	t.deepEqual(commands(step.plan(facts, c)), ['ufw delete allow 8080/tcp']);
	t.deepEqual(red(facts), ['nothing-else']);
	t.deepEqual(step.plan(facts, {...c, answers: {alsoOpen: [8080]}}), []);
});

test('a rule for some addresses only, and a refusal, are somebody\'s own affair', t => {
	const content = `${rules('v4', ['22', '80', '443'])}### tuple ### allow tcp 5432 0.0.0.0/0 any 10.0.0.0/8 in\n### tuple ### deny any 23 0.0.0.0/0 any 0.0.0.0/0 in\n### tuple ### allow udp 9 0.0.0.0/0 any 0.0.0.0/0 out\n`;
	t.deepEqual(step.plan({...holding, ufwRules: fileWith('/etc/ufw/user.rules', content)}, c), []);
});

test('rules of all kinds are named so that ufw deletes them', t => {
	const content = `${rules('v4', ['22', '80', '443'])}### tuple ### allow udp 9000:9010 0.0.0.0/0 any 0.0.0.0/0 in comment=6869\n### tuple ### allow tcp 25 0.0.0.0/0 any 0.0.0.0/0 Mail%20Server - in\n### tuple ### allow any 99 0.0.0.0/0 any 0.0.0.0/0 in_host0\n### tuple ### limit any 7 0.0.0.0/0 any 0.0.0.0/0 in\n`;
	t.deepEqual(commands(step.plan({...holding, ufwRules: fileWith('/etc/ufw/user.rules', content)}, c)), [
		'ufw delete allow 9000:9010/udp',
		'ufw delete allow in from any to any app Mail Server',
		'ufw delete allow in on host0 from any to any port 99',
		'ufw delete limit 7',
	]);
});

test('several ports in one rule count each', t => {
	const listed = ['22', '80,443'];
	const facts = {...withPorts(listed), kernel4: kernel('v4', ['22', '80', '443']), kernel6: kernel('v6', ['22', '80', '443'])};
	t.deepEqual(step.plan(facts, c), []);
});

test('switched off, it is switched on; gone from the kernel, it is loaded again', t => {
	t.deepEqual(commands(step.plan({...holding, ufwConf: fresh.ufwConf, kernel4: openKernel, kernel6: openKernel}, c)), ['ufw --force enable']);
	t.deepEqual(commands(step.plan({...holding, kernel6: openKernel}, c)), ['ufw reload']);
	t.deepEqual(red({...holding, kernel6: openKernel}), ['default', 'ipv6', 'kernel-v6', 'nothing-else', 'nothing-past']);
});

test('where nobody goes by the list, what it promises is no tick', t => {
	const off = {...holding, ufwConf: fresh.ufwConf};
	const promises = ['default', 'ipv6', 'open-22', 'open-80', 'open-443', 'nothing-else', 'nothing-past'];
	t.deepEqual(red(off), ['on', 'boot', ...promises]);
	t.deepEqual(step.verify(off, c).flatMap(claim => (promises.includes(claim.id) && 'holds' in claim ? [claim.actual] : [])), promises.map(() => 'the firewall is off'));
});

test('IPv6 left out is taken in, by a line and a reload', t => {
	const facts = {...holding, ufwDefaults: fileWith('/etc/default/ufw', defaults.replace('IPV6=yes', 'IPV6=no'))};
	t.deepEqual(commands(step.plan(facts, c)), ['write /etc/default/ufw', 'ufw reload']);
	t.deepEqual(red(facts), ['ipv6']);
});

test('a rule put straight into the kernel is taken out', t => {
	const facts = {...holding, kernel4: kernel('v4', ['22', '80', '443'], {first: ['-A INPUT -p tcp -m tcp --dport 8080 -j ACCEPT']})};
	t.deepEqual(commands(step.plan(facts, c)), ['iptables -D INPUT -p tcp -m tcp --dport 8080 -j ACCEPT']);
	t.deepEqual(red(facts), ['nothing-past']);
});

test('a rule added to ufw\'s own chain and not to its list is named, and loading the list again takes it out', t => {
	const facts = {...holding, kernel6: kernel('v6', ['22', '80', '443', '9000'])};
	t.deepEqual(commands(step.plan(facts, c)), ['ufw reload']);
	t.deepEqual(red(facts), ['nothing-past']);
});

test('a firewall that does not start at boot is red and enabled', t => {
	t.deepEqual(commands(step.plan({...holding, boots: false}, c)), ['systemctl enable ufw']);
	t.deepEqual(red({...holding, boots: false}), ['boot']);
});

test('told not to start under upstart, that is set aside and the rest of the file stays', t => {
	const facts = {...holding, boots: false, override: fileWith('/etc/init/ufw.override', '# mine\nmanual\n')};
	const [action, ...others] = step.plan(facts, contextOn(everySystem.find(({init}) => init === 'upstart')!, {alsoOpen: []}));
	t.like(action, {do: 'write', content: '# mine\n# Set aside by dropwise: manual\n'});
	t.deepEqual(others, []);
});

/** The claims' `actual` by id, for those that do not hold. */
const actual = (facts: Facts, context = c): Record<string, string> => Object.fromEntries(step.verify(facts, context).flatMap(claim => ('holds' in claim && !claim.holds ? [[claim.id, claim.actual]] : [])));

const others = ['-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT', '-A INPUT -p icmp -j ACCEPT', '-A INPUT -i lo -j ACCEPT', '-A INPUT -p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT', '-A INPUT -j REJECT --reject-with icmp-host-prohibited'];

test('an image\'s own rules that end in a refusal: that one is named and taken out, the rest shuts and opens nothing', t => {
	const facts = {...holding, kernel4: kernel('v4', ['22', '80', '443'], {first: others})};
	const refusal = '-A INPUT -j REJECT --reject-with icmp-host-prohibited';
	t.is(actual(facts)['open-80'], `shut before that is asked: ${refusal}`);
	const plan = step.plan(facts, c);
	t.deepEqual(commands(plan), [
		'iptables -D INPUT -j REJECT --reject-with icmp-host-prohibited',
	]);
	t.deepEqual(plan.map(action => (action.do === 'run' && action.undo !== 'again' ? action.undo[0]!.slice(0, 4).join(' ') : '')), ['iptables -I INPUT 5']);
});

for (const [what, rule, ports] of [
	['all of TCP', '-A INPUT -p tcp -j DROP', ['22', '80', '443']],
	['new connections', '-A INPUT -p tcp -m conntrack --ctstate NEW -j REJECT --reject-with tcp-reset', ['22', '80', '443']],
	['one port', '-A INPUT -p tcp -m tcp --dport 443 -j DROP', ['443']],
	['some ports', '-A INPUT -p tcp -m multiport --dports 80,8080 -j DROP', ['80']],
	['all but one address', '-A INPUT ! -s 192.0.2.7/32 -j DROP', ['22', '80', '443']],
	['with a remark', '-A INPUT -m comment --comment "the last word" -j DROP', ['22', '80', '443']],
] as const) {
	test(`a refusal before the list is asked: ${what}`, t => {
		const facts = {...holding, kernel4: kernel('v4', ['22', '80', '443'], {first: [rule], chains: ['f2b-sshd']})};
		t.deepEqual(Object.keys(actual(facts)), ports.map(port => `open-${port}`));
		t.deepEqual(step.plan(facts, c).map(action => action.because), [`"${rule}" shuts what is on the list`]);
	});
}

for (const rule of ['-A INPUT -s 192.0.2.7/32 -j DROP', '-A INPUT -i eth1 -j DROP', '-A INPUT -p udp -j DROP', '-A INPUT -m conntrack --ctstate INVALID -j DROP', '-A INPUT -p tcp -m tcp --dport 9 -j DROP', '-A INPUT -p tcp -m multiport --dports 22 -j f2b-sshd']) {
	test(`a refusal that is somebody's own affair: ${rule}`, t => {
		const facts = {...holding, kernel4: kernel('v4', ['22', '80', '443'], {first: [rule], chains: ['f2b-sshd']})};
		t.deepEqual(actual(facts), {});
		t.deepEqual(step.plan(facts, c), []);
	});
}

const us = c.info.from;
const limitedTo = (range: string) => {
	const one = `### tuple ### allow tcp 22 0.0.0.0/0 any ${range} in`;
	return {
		...withPorts(['80', '443']),
		ufwRules: fileWith('/etc/ufw/user.rules', `${one}\n${rules('v4', ['80', '443'])}`, 0o640),
		kernel4: kernel('v4', ['80', '443'], {own: [`-A ufw-user-input -s ${range.includes('/') ? range : `${range}/32`} -p tcp -m tcp --dport 22 -j ACCEPT`]}),
	};
};

for (const range of [us, `${us}/32`, `${us.split('.').slice(0, 3).join('.')}.0/24`]) {
	test(`SSH that is open to ${range} alone stays so`, async t => {
		const facts = limitedTo(range);
		t.deepEqual(step.plan(facts, c), []);
		t.deepEqual(actual(facts), {});
		const seen = await step.witness!(outsideThat({v4: 'open', v6: 'silent'}), facts, c);
		t.deepEqual(seen.map(claim => [claim.says, 'holds' in claim && claim.holds]), [['SSH answers on port 22 over IPv4 from where you sit', true], ['SSH does not answer on port 22 over IPv6 from where you sit', true]]);
	});
}

test('SSH that is open to others alone is opened before the firewall goes on', t => {
	t.true(commands(step.plan({...limitedTo('192.0.2.0/24'), ufwConf: fileWith('/etc/ufw/ufw.conf', 'ENABLED=no\n')}, c)).includes('ufw allow 22/tcp'));
});

for (const [what, broken, changes] of [
	['lists nothing', 'the kernel\'s rules could not be listed: it errs', {kernel6: {...noTables, broken: 'the kernel\'s rules could not be listed: it errs'} as Tables}],
	['changes nothing', 'ip6tables does not work: it errs', {kernel6: openKernel, tool6: 'ip6tables does not work: it errs'}],
] as const) {
	test(`where the kernel's IPv6 tool ${what} the list goes on over IPv4, and IPv6 is told for what it is`, t => {
		const plan = step.plan({...fresh, ...changes}, c);
		t.deepEqual(commands(plan), ['write /etc/default/ufw', 'ufw allow 22/tcp', 'ufw allow 80/tcp', 'ufw allow 443/tcp', 'ufw --force enable']);
		t.true(plan.some(action => action.do === 'write' && /^IPV6=no$/m.test(action.content)));
		const facts = {
			...holding, ...changes, ufwDefaults: fileWith('/etc/default/ufw', defaults.replace('yes', 'no')), ufwRules6: fileWith('/etc/ufw/user6.rules', ''),
		};
		t.deepEqual(step.plan(facts, c), []);
		t.deepEqual(actual(facts), {});
		t.deepEqual(step.verify(facts, c).flatMap(claim => ('unknown' in claim ? [[claim.id, claim.unknown]] : [])), [['ipv6', broken], ['kernel-v6', broken]]);
	});
}

const aHole = '-A SITE -p tcp -m tcp --dport 3306 -j ACCEPT';

test('a chain of somebody\'s own that is asked before ufw and lets more in: named, and that rule is taken out', t => {
	const facts = {...holding, kernel4: kernel('v4', ['22', '80', '443'], {first: ['-A INPUT -j SITE', '-A SITE -s 10.0.0.0/8 -j ACCEPT', aHole], chains: ['SITE']})};
	t.deepEqual(actual(facts), {'nothing-past': `tcp 3306: ${aHole}`});
	const plan = step.plan(facts, c);
	t.deepEqual(commands(plan), ['iptables -D SITE -p tcp -m tcp --dport 3306 -j ACCEPT']);
	t.like(plan[0], {undo: [['iptables', '-I', 'SITE', '2', '-p', 'tcp', '-m', 'tcp', '--dport', '3306', '-j', 'ACCEPT']], because: `"${aHole}" lets something in past the firewall`});
});

test('one of somebody\'s own that refuses what is listed: named, and that rule is taken out', t => {
	const refusal = '-A SITE -p tcp -m multiport --dports 80,81 -j DROP';
	const facts = {...holding, kernel4: kernel('v4', ['22', '80', '443'], {first: ['-A INPUT -j SITE', refusal], chains: ['SITE']})};
	t.deepEqual(actual(facts), {'open-80': `shut before that is asked: ${refusal}`});
	t.deepEqual(commands(step.plan(facts, c)), ['iptables -D SITE -p tcp -m multiport --dports 80,81 -j DROP']);
});

test('a refusal on the list itself, before what lets visitors in: named, and taken off the list', t => {
	const deny = '### tuple ### deny tcp 80,443 0.0.0.0/0 any 0.0.0.0/0 in\n';
	const refusal = '-A ufw-user-input -p tcp -m multiport --dports 80,443 -j DROP';
	const facts = {...holding, ufwRules: fileWith('/etc/ufw/user.rules', `${deny}${rules('v4', ['22', '80', '443'])}`), kernel4: kernel('v4', ['22', '80', '443'], {own: [refusal]})};
	t.deepEqual(actual(facts), {'open-80': `shut before that is asked: ${refusal}`, 'open-443': `shut before that is asked: ${refusal}`});
	t.deepEqual(commands(step.plan(facts, c)), ['ufw delete deny 80,443/tcp']);
	// Behind it, it refuses nobody.
	t.deepEqual(step.plan({...holding, ufwRules: fileWith('/etc/ufw/user.rules', `${rules('v4', ['22', '80', '443'])}${deny}`)}, c), []);
});

for (const [what, doubt, found] of [
	['that may refuse', 'the table "inet site" is asked as well', {nft: [undefined, 'the table "inet site" is asked as well']}],
	['that could not be listed', 'the tables could not be listed', {nftNames: {names: [], broken: 'the tables could not be listed'}}],
] as const) {
	test(`a second packet filter ${what}: whether visitors get in cannot be told, and why is said`, t => {
		const facts = {...holding, ...found};
		t.deepEqual(step.plan(facts, c), []);
		t.deepEqual(actual(facts), {});
		t.deepEqual(step.verify(facts, c).flatMap(claim => ('unknown' in claim ? [[claim.id, claim.unknown]] : [])), [22, 80, 443].map(port => [`open-${port}`, doubt]));
	});
}

test('one that refuses nobody who is not named in it is no matter', t => {
	const facts = {...holding, nftNames: {names: ['inet f2b-table']}, nft: [undefined]};
	t.true(step.verify(facts, c).every(claim => 'holds' in claim && claim.holds));
});

test('a rule that asks what cannot be judged makes unknown what hangs on it, and nothing is done about it', t => {
	const doubtful = '-A INPUT -m geoip --source-country SE -j DROP';
	const facts = {...holding, kernel4: kernel('v4', ['22', '80', '443'], {first: [doubtful]})};
	t.deepEqual(step.plan(facts, c), []);
	t.deepEqual(step.verify(facts, c).flatMap(claim => ('unknown' in claim ? [[claim.id, claim.unknown]] : [])), [22, 80, 443].map(port => [`open-${port}`, `what this rule asks cannot be judged from here: ${doubtful}`]));
});

for (const rule of [`-A INPUT ! -s ${us}/32 -p tcp -m tcp --dport 22 -j DROP`, `-A INPUT ! -s ${us.split('.').slice(0, 3).join('.')}.0/24 -p tcp -m multiport --dports 22 -j REJECT --reject-with tcp-reset`]) {
	test(`SSH that somebody keeps for us in front of ufw is opened no wider: ${rule}`, async t => {
		const facts = {...holding, kernel4: kernel('v4', ['22', '80', '443'], {first: [rule]})};
		t.deepEqual(step.plan(facts, c), []);
		t.deepEqual(actual(facts), {});
		t.like(step.verify(facts, c).find(({id}) => id === 'open-22'), {holds: true, expected: `open to ${us}`});
		const seen = await step.witness!(outsideThat({v4: 'open', v6: 'silent'}), facts, c);
		t.deepEqual(seen.map(claim => ('holds' in claim ? claim.holds : claim.unknown)), [true, 'it is open for some addresses alone, and yours over IPv6 is not known']);
	});
}

test('what lets in whatever comes is named, and that alone is taken out', t => {
	const all = '-A INPUT -j ACCEPT';
	const facts = {...holding, kernel4: kernel('v4', ['22', '80', '443'], {first: [all]})};
	t.is(actual(facts)['kernel-v4'], `it lets in whatever comes, by ${all}`);
	t.deepEqual(commands(step.plan(facts, c)), ['iptables -D INPUT -j ACCEPT']);
	t.is(actual({...holding, kernel6: openKernel})['kernel-v6'], 'it lets in whatever comes, by the policy of INPUT');
});

test('what was taken out behind ufw\'s own goes back to the end: their number may be another by then', t => {
	const late = '-A INPUT -p tcp -m tcp --dport 3306 -j ACCEPT';
	const {kernel4} = holding;
	const facts = {...holding, kernel4: {...kernel4, filter: {...kernel4.filter!, rules: [...kernel4.filter!.rules, late]}}};
	t.deepEqual(actual(facts), {'nothing-past': `tcp 3306: ${late}`});
	t.like(step.plan(facts, c)[0], {undo: [['iptables', '-A', 'INPUT', '-p', 'tcp', '-m', 'tcp', '--dport', '3306', '-j', 'ACCEPT']]});
});

test('what the list has for another interface or address does not hide a hole to everybody', t => {
	const hole = '-A INPUT -p tcp -m tcp --dport 53 -j ACCEPT';
	for (const tuple53 of ['allow tcp 53 0.0.0.0/0 any 0.0.0.0/0 in_wg0', 'allow tcp 53 10.8.0.1 any 0.0.0.0/0 in']) {
		const facts = {...holding, ufwRules: fileWith('/etc/ufw/user.rules', `${rules('v4', ['22', '80', '443'])}### tuple ### ${tuple53}\n`), kernel4: kernel('v4', ['22', '80', '443'], {first: [hole]})};
		t.is(actual(facts)['nothing-past'], `tcp 53: ${hole}`);
	}
});
