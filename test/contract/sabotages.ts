/**
For every claim of every step, something that makes it false on a finished droplet, and what else it necessarily makes false.
*/
import {typed} from '../../source/engine/preview.js';
import type {Family} from '../../source/step.js';
import {
	containersReachOut, dockerOn, dockerBehindFirewall, withoutDockersRules,
} from './sabotages-docker.js';
import type {Place, Trace, Ways} from './ways.js';
import {adminName, edits, type World} from './world.js';

export type Sabotage = {
	/** What somebody did, in words. */
	readonly what: string;
	/** `step/claim` of everything that is red then, and of nothing else. */
	readonly red: readonly string[];
	/** What cannot be told then. */
	readonly unknown?: readonly string[];
	/** What apply does about it, as it shows it: all of it, in order. */
	readonly mends: readonly string[];
	/** Files that are not as before when all is well again, and what they contain then. All others must be untouched. */
	readonly leaves?: readonly Trace[];
	/** What makes files take effect that were put back after the trace in them. */
	readonly tidied?: (world: World) => Promise<void>;
	readonly does: (world: World) => Promise<unknown>;
};

const keys = `/home/${adminName}/.ssh/authorized_keys`;
const defaults = '/etc/default/ufw';
const sshdConfig = '/etc/ssh/sshd_config';
const checks = '/usr/sbin/sshd -t';
const reload = 'ufw reload';
/** Nobody comes so far that sshd would say what it offers: it is not reached, or a log-in that cannot succeed is not tried. */
const unheard = ['ssh-keys-only/offered'] as const;
const noWayIn = ['admin-user/log-in', 'admin-user/becomes-root', 'ssh-keys-only/log-in'] as const;

/** Lines for sshd in some place; the running sshd is not told, so that the door does not move under our feet. */
const says = (ways: Ways, place: Place, what: string, lines: string, red: readonly string[]): Sabotage => ({
	what,
	red: [...red.map(id => `ssh-keys-only/${id}`), ...place.alsoRed.filter(id => !red.includes(id))],
	mends: [`write ${place.path}`, checks, typed(ways.reloadSsh)],
	leaves: [{path: place.path, as: was => place.leaves(was, lines)}],
	does: edits(place.path, was => place.puts(was, lines)),
});

/** ufw adds a rule at the end of its list: the same list, in another order. */
const movedToTheEnd = (ways: Ways, port: number): readonly Trace[] => ['user.rules', 'user6.rules'].map(name => ({
	path: `${ways.ufwRules}/${name}`,
	as(was) {
		const rule = new RegExp(String.raw`^### tuple ### allow tcp ${port} .*\n.*\n\n`, 'm').exec(was)?.[0] ?? 'no such rule';
		return was.replace(rule, '').replace('### END RULES ###', () => `${rule}### END RULES ###`);
	},
}));

/** A user who is made anew stands behind the groups that came with packages meanwhile. */
const groupAtTheEnd: Trace = {
	path: '/etc/group',
	as(was) {
		const line = new RegExp(String.raw`^${adminName}:.*\n`, 'm').exec(was)?.[0] ?? 'no such group';
		return `${was.replace(line, '')}${line}`;
	},
};

const updates: readonly Sabotage[] = [
	{
		what: 'a newer version of a package has come out',
		red: ['system-updates/upgraded'],
		mends: ['apt-get upgrade'],
		does: async world => world.fallsBehind(),
	},
	{
		what: 'an installation was cut off in the middle',
		red: ['system-updates/half-installed'],
		mends: ['apt-get upgrade'],
		does: async world => world.cutsInstallingOff(),
	},
	{
		what: 'cloud-init is still at work',
		red: ['system-updates/first-boot'],
		mends: ['apt-get upgrade'],
		does: async world => world.startsFirstBoot(),
	},
	{
		what: 'the system asks for a restart',
		red: ['system-updates/restart'],
		mends: ['reboot'],
		does: async world => world.write('/run/reboot-required', '*** System restart required ***\n'),
	},
];

const accounts: readonly Sabotage[] = [
	{
		what: 'the user is gone',
		red: ['admin-user/user', 'admin-user/sudo', 'admin-user/permissions', ...noWayIn],
		unknown: unheard,
		mends: [`useradd --create-home --shell /bin/bash ${adminName}`],
		leaves: [groupAtTheEnd],
		does: async world => world.do(['userdel', '--force', adminName]),
	},
	{
		what: 'the admin is out of sudo',
		red: ['admin-user/sudo', 'admin-user/becomes-root'],
		mends: [`write /etc/sudoers.d/dropwise-${adminName}`],
		does: async world => world.do(['rm', `/etc/sudoers.d/dropwise-${adminName}`]),
	},
	{
		what: 'the key is gone from the list',
		red: ['admin-user/key', ...noWayIn],
		unknown: unheard,
		mends: [`write ${keys}`],
		leaves: [{path: keys, as: was => `# nothing\n${was}`}],
		does: async world => world.write(keys, '# nothing\n'),
	},
	{
		what: 'others can write to authorized_keys',
		red: ['admin-user/permissions', ...noWayIn],
		mends: [`chmod go-w ${keys}`],
		// What others may read stays so: sshd minds only who may write.
		does: async world => world.do(['chmod', '622', keys]),
	},
];

const sshd = (ways: Ways): readonly Sabotage[] => [
	says(ways, ways.beforeOurs, 'root may log in again', 'PermitRootLogin yes', ['root-log-in']),
	says(ways, ways.beforeOurs, 'passwords are back by a line that is read first', 'PasswordAuthentication yes', ['root-passwords', 'passwords']),
	says(ways, ways.beforeOurs, 'passwords are back as questions', 'KbdInteractiveAuthentication yes', ['questions']),
	says(ways, ways.beforeOurs, 'empty passwords are allowed', 'PermitEmptyPasswords yes', ['empty-passwords']),
	says(ways, ways.beforeOurs, 'keys are switched off', 'PubkeyAuthentication no', ['keys']),
	says(ways, ways.exception, 'root alone may use a password', 'Match User root\n  PasswordAuthentication yes', ['root-passwords']),
	says(ways, ways.exception, 'somebody else may use a password', 'Match User bob\n  PasswordAuthentication yes', []),
	{
		what: 'a typing error, which nobody notices before sshd starts anew',
		red: ['ssh-keys-only/understood'],
		unknown: ['root-log-in', 'root-passwords', 'passwords', 'questions', 'empty-passwords', 'keys'].map(id => `ssh-keys-only/${id}`),
		mends: [`write ${sshdConfig}`, checks, typed(ways.reloadSsh)],
		// Our own lines stay at the top, where there is no folder for them.
		leaves: [{path: sshdConfig, as: was => was.replace(/^(?<ours># BEGIN dropwise[\s\S]*?# END dropwise\n)?/, '$<ours># Set aside by dropwise: PermitRootLogn no\n')}],
		does: edits(sshdConfig, was => `PermitRootLogn no\n${was}`),
	},
	{
		what: 'sshd runs with other settings than its files say',
		red: ['ssh-keys-only/running', 'ssh-keys-only/offered'],
		mends: [checks, typed(ways.reloadSsh)],
		async does(world) {
			const {path, puts} = ways.beforeOurs;
			const was = await world.read(path);
			await world.write(path, puts(was ?? '', 'PasswordAuthentication yes'));
			await world.reloadSsh();
			await (was === undefined ? world.do(['rm', path]) : world.write(path, was));
		},
	},
];

/** What is seen there is not as it should be. */
const bare = (ports: readonly number[], ...families: readonly Family[]): readonly string[] =>
	ports.flatMap(port => families.map(family => `seen-from-outside/port-${port}-${family}`));

/** What a list promises, where nobody goes by it. */
const promises = ['firewall/default', 'firewall/nothing-else', 'firewall/nothing-past'] as const;

const firewall = ({ways, listens, recipe}: World): readonly Sabotage[] => [
	{
		what: 'the firewall is off',
		red: ['firewall/on', 'firewall/boot', 'firewall/ipv6', 'firewall/asked', ...promises, 'firewall/kernel-v4', 'firewall/kernel-v6', 'firewall/open-22', 'firewall/open-80', 'firewall/open-443', ...ways.docker ? ['containers-reach-out/policy'] : [], ...recipe === 'iptables-off' ? ['containers-reach-out/straight', 'containers-reach-out/ours'] : [], 'seen-from-outside/a-firewall', ...bare(listens, 'v4', 'v6')],
		mends: ['ufw --force enable'],
		does: async world => world.do(['ufw', 'disable']),
	},
	{
		what: 'the firewall does not come back after a reboot', red: ['firewall/boot'], ...ways.boot,
	},
	{
		what: 'what is not listed is let in after the next start',
		red: ['firewall/default'],
		mends: [`write ${defaults}`, reload],
		does: edits(defaults, was => was.replace(/^DEFAULT_INPUT_POLICY=.*$/m, 'DEFAULT_INPUT_POLICY="ACCEPT"')),
	},
	{
		what: 'IPv6 is left out of the firewall',
		red: ['firewall/ipv6'],
		mends: [`write ${defaults}`, reload],
		does: edits(defaults, was => was.replace(/^IPV6=.*$/m, 'IPV6=no')),
	},
	{
		what: 'the kernel lets everything in over IPv4',
		red: ['firewall/kernel-v4', ...promises, 'seen-from-outside/a-firewall', ...bare(listens, 'v4')],
		mends: [reload],
		does: async world => world.do(['iptables', '-P', 'INPUT', 'ACCEPT']),
	},
	{
		what: 'the kernel lets everything in over IPv6',
		red: ['firewall/kernel-v6', 'firewall/ipv6', ...promises, 'seen-from-outside/a-firewall', ...bare(listens, 'v6')],
		mends: [reload],
		does: async world => world.do(['ip6tables', '-P', 'INPUT', 'ACCEPT']),
	},
	{
		what: 'SSH is off the list',
		red: ['firewall/open-22', 'firewall/ssh-v4', 'firewall/ssh-v6', ...bare([22], 'v4', 'v6'), ...noWayIn],
		unknown: unheard,
		mends: ['ufw allow 22/tcp'],
		leaves: movedToTheEnd(ways, 22),
		does: async world => world.do(['ufw', 'delete', 'allow', '22/tcp']),
	},
	{
		what: 'port 80 is off the list',
		// Where Docker writes no rules there is one list by nature.
		red: ['firewall/open-80', ...ways.docker && recipe !== 'iptables-off' ? ['seen-from-outside/one-list'] : []],
		mends: ['ufw allow 80/tcp'],
		leaves: movedToTheEnd(ways, 80),
		does: async world => world.do(['ufw', 'delete', 'allow', '80/tcp']),
	},
	{
		what: 'port 443 is refused in the kernel alone',
		red: ['firewall/open-443'],
		mends: [reload],
		does: async world => world.do(['iptables', '-D', 'ufw-user-input', '-p', 'tcp', '--dport', '443', '-j', 'ACCEPT']),
	},
	{
		what: 'a rule for 8080 is added by hand',
		red: ['firewall/nothing-else'],
		mends: ['ufw delete allow 8080/tcp'],
		does: async world => world.do(['ufw', 'allow', '8080/tcp']),
	},
	{
		what: 'a rule is put past ufw, straight into the kernel',
		red: ['firewall/nothing-past', ...bare(listens.filter(port => port === 8080), 'v4')],
		mends: ['iptables -D INPUT -p tcp -m tcp --dport 8080 -j ACCEPT'],
		does: async world => world.do(['iptables', '-I', 'INPUT', '-p', 'tcp', '--dport', '8080', '-j', 'ACCEPT']),
	},
	{
		what: 'a rule is put into ufw\'s own chain, and not on its list',
		red: ['firewall/nothing-past'],
		mends: [reload],
		does: async world => world.do(['iptables', '-A', 'ufw-user-input', '-p', 'tcp', '--dport', '9000', '-j', 'ACCEPT']),
	},
	{
		what: 'the kernel drops SSH over IPv4 though the list has it',
		red: ['firewall/open-22', 'firewall/ssh-v4', 'seen-from-outside/port-22-v4', ...noWayIn],
		unknown: unheard,
		mends: [reload],
		does: async world => world.do(['iptables', '-D', 'ufw-user-input', '-p', 'tcp', '--dport', '22', '-j', 'ACCEPT']),
	},
	{
		what: 'the kernel drops SSH over IPv6 though the list has it',
		red: ['firewall/open-22', 'firewall/ssh-v6', 'seen-from-outside/port-22-v6'],
		mends: [reload],
		does: async world => world.do(['ip6tables', '-D', 'ufw6-user-input', '-p', 'tcp', '--dport', '22', '-j', 'ACCEPT']),
	},
	{
		what: 'nothing leads to the rules for what goes out any more',
		red: ['firewall/asked'],
		mends: ['iptables -I OUTPUT 2 -j ufw-before-output'],
		does: async world => world.do(['iptables', '-D', 'OUTPUT', '-j', 'ufw-before-output']),
	},
	...ways.twoKindsOfRules
		? [{
			what: 'the kernel goes by rules of the older kind as well',
			red: ['firewall/one-kind'],
			mends: ['iptables-legacy -t filter -F'],
			does: async (world: World) => world.do(['iptables-legacy', '-A', 'INPUT', '-p', 'tcp', '--dport', '80', '-j', 'DROP']),
		}]
		: [],
];

/** Those of Docker, and of the recipe by which it is behind the firewall. */
const docker = ({ways, recipe}: World): readonly Sabotage[] => [...dockerOn(ways), ...recipe === 'iptables-off' ? withoutDockersRules : [...dockerBehindFirewall, ...containersReachOut]];

export const sabotagesFor = (world: World): readonly Sabotage[] => [...updates, ...accounts, ...sshd(world.ways), ...firewall(world), ...world.ways.docker ? docker(world) : []];
