import test from 'ava';
import step from '../../steps/30-docker.js';
import {contextOn, everySystem, fileWith} from './server-infos.js';

const path = '/etc/docker/daemon.json';
const written = `{
  "log-driver": "json-file",
  "log-opts": {
    "max-size": "10m",
    "max-file": "3"
  },
  "live-restore": true
}
`;
const running = {
	version: '26.1.5', logs: 'json-file', keeps: true, swarm: false, containers: 0,
};
const holding = {
	daemon: running as typeof running | undefined, settings: fileWith(path, written), unread: false, folder: [{path: '/etc/docker', mode: 0o755, owner: 'root:root'}], boots: true, packages: [true, true], theirs: false,
};
type Facts = typeof holding;
const installedOnly: Facts = {...holding, daemon: {...running, keeps: false}, settings: fileWith(path, undefined)};
const fresh: Facts = {
	...holding, daemon: undefined, settings: fileWith(path, undefined), folder: [], boots: false, packages: [false, false],
};

const there = everySystem.filter(({docker}) => docker);
const c = contextOn(there.at(-1)!, {});
const commands = (facts: Facts): string[] => step.plan(facts, c).map(action => (action.do === 'run' ? action.argv.join(' ') : action.do === 'write' ? `write ${action.file.path}` : action.do));
const red = (facts: Facts): string[] => step.verify(facts, c).filter(claim => 'holds' in claim && !claim.holds).map(({id}) => id);
const content = (facts: Facts): unknown => step.plan(facts, c).flatMap(action => (action.do === 'write' ? [JSON.parse(action.content) as unknown] : []))[0];
const restarts = ['systemctl reset-failed docker', 'systemctl restart docker'];

for (const system of everySystem) {
	test(`${system.name}: ${system.docker ? 'nothing is left to do where it holds' : 'is not there yet, and says so'}`, t => {
		if (!system.docker) {
			t.regex(step.unavailable!(system)!, new RegExp(`not proven on ${system.name} yet`));
			return;
		}

		t.is(step.unavailable!(system), undefined);
		const here = contextOn(system, {});
		t.deepEqual(step.packages!(fresh, here), system.docker);
		t.deepEqual(step.packages!(holding, here), []);
		t.deepEqual(step.plan(holding, here), []);
		t.true(step.verify(holding, here).every(claim => 'holds' in claim && claim.holds));
	});
}

test('the systems are those it was proven on', t => {
	t.deepEqual(there.map(({id}) => id), ['debian-12', 'debian-13']);
});

test('fresh, all is known ahead; installed, its settings are written and read', t => {
	t.deepEqual(commands(fresh), ['install -d -m 755 /etc/docker', `write ${path}`, ...restarts, 'systemctl enable docker']);
	t.deepEqual(red(fresh), ['runs', 'boot', 'logs', 'goes-on']);
	t.deepEqual(commands(installedOnly), [`write ${path}`, ...restarts]);
	t.deepEqual(content(installedOnly), JSON.parse(written));
	t.deepEqual(red(installedOnly), ['logs', 'goes-on']);
});

test('Docker\'s own packages stay where somebody chose them', t => {
	t.deepEqual(step.packages!({...fresh, theirs: true}, c), []);
	t.deepEqual(red({...holding, packages: [false, false], theirs: true}), []);
	t.deepEqual(step.packages!({...holding, packages: [true, false]}, c), ['docker-cli']);
});

test('where containers run, Docker is told to let them go on before it is restarted', t => {
	t.deepEqual(commands({...installedOnly, daemon: {...running, keeps: false, containers: 1}}), [`write ${path}`, 'systemctl reload docker', ...restarts]);
	t.deepEqual(commands({...holding, daemon: {...running, containers: 1}, unread: true}), restarts, 'as it does already');
});

test('a Docker that asks no firewall over IPv6 is not let handle it', t => {
	const facts = (version: string): Facts => ({...holding, daemon: {...running, version}, settings: fileWith(path, JSON.stringify({...JSON.parse(written) as object, ip6tables: true}))});
	t.deepEqual(red(facts('20.10.24+dfsg1')), ['ipv6']);
	t.deepEqual(commands(facts('20.10.24+dfsg1')), [`write ${path}`, ...restarts]);
	t.deepEqual(content(facts('20.10.24+dfsg1')), {...JSON.parse(written) as object, ip6tables: false});
	t.deepEqual(red({...holding, daemon: {...running, version: '20.10.24+dfsg1'}}), []);
	t.deepEqual(red(facts('26.1.5+dfsg1')), [], 'it asks there');
	t.deepEqual(commands(facts('26.1.5+dfsg1')), []);
});

test('what others set stays, and only what is missing is added', t => {
	const settings = (text: string): Facts => ({...installedOnly, settings: fileWith(path, text)});
	t.deepEqual(content(settings('{"dns": ["192.0.2.53"], "log-opts": {"labels": "a", "max-file": "7"}}')), {
		dns: ['192.0.2.53'], 'log-opts': {labels: 'a', 'max-size': '10m', 'max-file': '7'}, 'log-driver': 'json-file', 'live-restore': true,
	});
	t.deepEqual(content(settings('{"log-driver": "local"}')), {'log-driver': 'local', 'live-restore': true});
	t.deepEqual(content(settings('{"log-driver": "json-file", "log-opts": {"max-size": "-1"}}')), {'log-driver': 'json-file', 'log-opts': {'max-size': '10m', 'max-file': '3'}, 'live-restore': true});
	t.deepEqual(commands({...settings('{"log-opts": {"max-size": "50m"}, "live-restore": false}'), daemon: {...running, keeps: false}}), []);
	t.deepEqual(red({...settings('{"log-opts": {"max-size": "50m"}, "live-restore": false}'), daemon: {...running, keeps: false}}), []);
});

test('a log driver given to the daemon otherwise is not given a second time: it would refuse to start', t => {
	const facts = {...installedOnly, daemon: {...running, logs: 'journald', keeps: false}};
	t.deepEqual(content(facts), {'live-restore': true});
	t.deepEqual(red(facts), ['goes-on']);
});

test('in a swarm containers cannot go on, and are not told to', t => {
	const facts = {...installedOnly, daemon: {...running, keeps: false, swarm: true}};
	t.deepEqual(content(facts), {'log-driver': 'json-file', 'log-opts': {'max-size': '10m', 'max-file': '3'}});
	t.deepEqual(red(facts), ['logs']);
});

test('stopped, it is started, however often it failed; not at boot, it is enabled', t => {
	const stopped = {...holding, daemon: undefined};
	t.deepEqual(commands(stopped), restarts);
	t.deepEqual(red(stopped), ['runs']);
	t.deepEqual(commands({...holding, boots: false}), ['systemctl enable docker']);
	t.deepEqual(red({...holding, boots: false}), ['boot']);
});

test('settings it has not read are red until it was restarted', t => {
	t.deepEqual(commands({...holding, unread: true}), restarts);
	t.deepEqual(red({...holding, unread: true}), ['settings']);
});

test('settings that Docker cannot read are written anew, with all that can be understood of them', t => {
	const broken = {...holding, settings: fileWith(path, '{"debug": true,}'), unread: true};
	t.deepEqual(commands(broken), [`write ${path}`, 'systemctl reset-failed docker', 'systemctl restart docker']);
	t.deepEqual(content(broken), {debug: true, ...JSON.parse(written) as object});
	for (const [text, kept] of [
		['{"iptables": false "debug": true}', {iptables: false, debug: true}],
		['{"iptables": false, // since March\n"dns": ["192.0.2.1"', {iptables: false, dns: ['192.0.2.1']}],
		['iptables off', {}],
		['["debug"]', {}],
	] as const) {
		t.deepEqual(content({...broken, settings: fileWith(path, text)}), {...kept, ...JSON.parse(written) as object}, text);
	}

	t.deepEqual(red(broken), ['boot', 'settings']);
	t.deepEqual(step.verify(broken, c).filter(claim => 'unknown' in claim).map(({id}) => id), ['logs', 'goes-on']);
});

test('every way back is there', t => {
	for (const action of step.plan({...fresh, daemon: {...running, keeps: false, containers: 1}}, c)) {
		t.true(action.do === 'write' || (action.do === 'run' && (action.undo === 'again' || Array.isArray(action.undo))));
	}
});
