import test from 'ava';
import step from '../../steps/20-firewall.js';
import {
	rules,
	kernel,
	openKernel,
	defaults,
	withPorts,
	holding,
	fresh,
	commands,
	c,
	red,
} from './firewall-facts.js';
import {contextOn, everySystem, fileWith} from './server-infos.js';

for (const system of everySystem) {
	const here = contextOn(system, {alsoOpen: []});

	test(`${system.name}: allows SSH before it shuts anything, then nothing is left to do`, t => {
		t.deepEqual(commands(step.plan(fresh, here)), ['ufw allow 22/tcp', 'ufw allow 80/tcp', 'ufw allow 443/tcp', 'ufw --force enable']);
		t.deepEqual(step.plan(holding, here), []);
		t.true(step.verify(holding, here).every(claim => 'holds' in claim && claim.holds));
	});
}

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
	t.deepEqual(red({...holding, kernel6: openKernel}), ['default', 'ipv6', 'kernel-v6', 'asked', 'nothing-else', 'nothing-past']);
});

test('where nobody goes by the list, what it promises is no tick', t => {
	const off = {...holding, ufwConf: fresh.ufwConf};
	const promises = ['default', 'ipv6', 'asked', 'open-22', 'open-80', 'open-443', 'nothing-else', 'nothing-past'];
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
