/** The firewall's step on servers that have rules of somebody's own. */
import test from 'ava';
import step from '../../steps/20-firewall.js';
import {noTables, type Tables} from '../../source/facts/packet-filter/tables.js';
import {
	rules,
	kernel,
	openKernel,
	defaults,
	withPorts,
	holding,
	fresh,
	outsideThat,
	commands,
	c,
	actual,
} from './firewall-facts.js';
import {fileWith} from './server-infos.js';

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
	['that could not be listed', 'the tables could not be listed', {nftNames: {names: [], own: [], broken: 'the tables could not be listed'}}],
] as const) {
	test(`a second packet filter ${what}: whether visitors get in cannot be told, and why is said`, t => {
		const facts = {...holding, ...found};
		t.deepEqual(step.plan(facts, c), []);
		t.deepEqual(actual(facts), {});
		t.deepEqual(step.verify(facts, c).flatMap(claim => ('unknown' in claim ? [[claim.id, claim.unknown]] : [])), [22, 80, 443].map(port => [`open-${port}`, doubt]));
	});
}

test('one that refuses nobody who is not named in it is no matter', t => {
	const facts = {...holding, nftNames: {names: ['inet f2b-table'], own: []}, nft: [undefined]};
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
