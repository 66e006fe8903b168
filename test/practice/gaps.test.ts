import test from 'ava';
import {NotModelled} from '../../source/practice/state.js';
import {scene} from './scene.js';

/** A gap in the model must never look like a server's answer. */
const gaps = [
	['awk', '{print}', '/etc/passwd'], ['sh', '-c', 'true'], ['ufw', 'logging', 'high'], ['ufw', 'route', 'allow', 'in', 'on', 'eth0'], ['stat', '/etc/passwd'], ['iptables', '-t', 'mangle', '-S'], ['find', '/', '-newer', '/etc/passwd'], ['apt-get', 'install', 'no-such-package'], ['/opt/tool'], ['ls', '-lZ', '/'], ['useradd', '--badname', 'x'],
] as const;

for (const argv of gaps) {
	test(`a gap, and it says so: ${argv.join(' ')}`, async t => {
		const here = await scene('ubuntu-14.04');
		const error = await t.throwsAsync(here.server.look([{argv: argv as unknown as readonly [string, ...string[]]}]), {instanceOf: NotModelled});
		t.regex(error.message, /a gap in the model, not an answer/v);
	});
}

test('what Docker can do besides is a gap', async t => {
	const here = await scene('debian-13');
	await here.run('apt-get', '-q', '-y', 'install', 'docker.io');
	for (const argv of [['docker', 'run', 'web'], ['docker', 'run', '-d', 'nginx:nosuchtag'], ['iptables', '-L', '-n'], ['nft', 'list', 'ruleset'], ['systemctl', 'show', '-p', 'Id', 'docker.socket']] as const) {
		await t.throwsAsync(here.server.look([{argv}]), {instanceOf: NotModelled}, argv.join(' '));
	}
});

test('what a real server lacks is no gap', async t => {
	const lacking = async (level: 'ubuntu-14.04' | 'debian-13', ...argv: [string, ...string[]]) => {
		const here = await scene(level);
		const [reading] = await here.server.look([{argv}]);
		return reading!.outcome;
	};

	t.is(await lacking('ubuntu-14.04', 'systemctl', 'is-active', 'ssh'), 'no-such-command');
	t.is(await lacking('ubuntu-14.04', 'cloud-init', 'status', '--wait'), 'no-such-command');
	t.is(await lacking('debian-13', 'cloud-init', 'status', '--wait'), 'no-such-command');
	t.is(await lacking('debian-13', 'ufw', 'status'), 'no-such-command');
	t.is(await lacking('debian-13', 'iptables', '-S'), 'no-such-command');
	t.is(await lacking('debian-13', 'initctl', 'list'), 'no-such-command');
	t.is(await lacking('ubuntu-14.04', 'ufw', 'status'), 'ran');
});
