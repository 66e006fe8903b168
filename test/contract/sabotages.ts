/**
For every claim of every step, something that makes it false on a finished droplet, and what else it necessarily makes false.

`mends` is what apply must do about it, and all that it may do.
*/
import {adminName, type World} from './world.js';

export type Sabotage = {
	/** What somebody did, in words. */
	readonly what: string;
	/** `step/claim` of everything that is red then. */
	readonly red: readonly string[];
	/** Parts of the commands and files that apply shows while it mends this, in order. */
	readonly mends: readonly string[];
	readonly does: (world: World) => Promise<unknown>;
};

const early = '/etc/ssh/sshd_config.d/00-aaa.conf';
const reads = 'systemctl reload ssh';
const checks = '/usr/sbin/sshd -t';
const setsAside = [`write ${early}`, checks, reads] as const;
const keys = `/home/${adminName}/.ssh/authorized_keys`;
const noWayIn = ['admin-user/log-in', 'admin-user/becomes-root', 'ssh-keys-only/log-in'] as const;

/** A setting that sorts before ours; sshd itself is not told, so that the door does not move under our feet. */
const says = (line: string) => async (world: World) => world.write(early, `${line}\n`);

export const sabotages: readonly Sabotage[] = [
	{
		what: 'the user is gone', red: ['admin-user/user', 'admin-user/sudo', 'admin-user/permissions', 'admin-user/becomes-root', ...noWayIn.filter(id => !id.endsWith('becomes-root'))].toSorted(), mends: ['useradd', `chown ada:ada /home/${adminName}`, `chown ada:ada /home/${adminName}/.ssh`, `chown ada:ada ${keys}`],
		does: async world => world.do(['userdel', '--force', adminName]),
	},
	{
		what: 'the admin is out of sudo', red: ['admin-user/sudo', 'admin-user/becomes-root'], mends: [`write /etc/sudoers.d/dropwise-${adminName}`],
		does: async world => world.do(['rm', `/etc/sudoers.d/dropwise-${adminName}`]),
	},
	{
		what: 'the key is gone from the list', red: ['admin-user/key', ...noWayIn], mends: [`write ${keys}`],
		does: async world => world.write(keys, '# nothing\n', 0o600),
	},
	{
		what: 'others can write to authorized_keys', red: ['admin-user/permissions', ...noWayIn], mends: [`chmod go-w ${keys}`],
		does: async world => world.do(['chmod', '666', keys]),
	},
	{
		what: 'root may log in again', red: ['ssh-keys-only/root-log-in', 'ssh-keys-only/exceptions'], mends: setsAside, does: says('PermitRootLogin yes'),
	},
	{
		what: 'passwords are back by a drop-in that sorts first', red: ['ssh-keys-only/root-passwords', 'ssh-keys-only/passwords', 'ssh-keys-only/exceptions'], mends: setsAside, does: says('PasswordAuthentication yes'),
	},
	{
		what: 'root alone may use a password', red: ['ssh-keys-only/root-passwords', 'ssh-keys-only/exceptions'], mends: setsAside, does: says('Match User root\n  PasswordAuthentication yes'),
	},
	{
		what: 'passwords are back as questions', red: ['ssh-keys-only/questions', 'ssh-keys-only/exceptions'], mends: setsAside, does: says('KbdInteractiveAuthentication yes'),
	},
	{
		what: 'empty passwords are allowed', red: ['ssh-keys-only/empty-passwords', 'ssh-keys-only/exceptions'], mends: setsAside, does: says('PermitEmptyPasswords yes'),
	},
	{
		what: 'keys are switched off', red: ['ssh-keys-only/keys', 'ssh-keys-only/exceptions'], mends: setsAside, does: says('PubkeyAuthentication no'),
	},
	{
		what: 'somebody else may use a password', red: ['ssh-keys-only/exceptions'], mends: setsAside, does: says('Match User bob\n  PasswordAuthentication yes'),
	},
	{
		what: 'sshd runs with other settings than its files say', red: ['ssh-keys-only/running', 'ssh-keys-only/offered'], mends: [checks, reads],
		async does(world) {
			await world.write(early, 'PasswordAuthentication yes\n');
			await world.do(['systemctl', 'reload', 'ssh']);
			await world.do(['rm', early]);
		},
	},
	{
		what: 'the firewall is off', red: ['firewall/on', 'firewall/boot', 'firewall/kernel-v4', 'firewall/kernel-v6', 'firewall/open-22', 'firewall/open-80', 'firewall/open-443', 'seen-from-outside/a-firewall'], mends: ['ufw --force enable'],
		does: async world => world.do(['ufw', 'disable']),
	},
	{
		what: 'the firewall does not come back after a reboot', red: ['firewall/boot'], mends: ['systemctl enable ufw'],
		does: async world => world.do(['systemctl', 'disable', 'ufw']),
	},
	{
		what: 'what is not listed is let in after the next start', red: ['firewall/default'], mends: ['write /etc/default/ufw', 'ufw reload'],
		does: async world => world.do(['sed', '-i', 's/^DEFAULT_INPUT_POLICY=.*/DEFAULT_INPUT_POLICY="ACCEPT"/', '/etc/default/ufw']),
	},
	{
		what: 'IPv6 is left out of the firewall', red: ['firewall/ipv6'], mends: ['write /etc/default/ufw', 'ufw reload'],
		does: async world => world.do(['sed', '-i', 's/^IPV6=.*/IPV6=no/', '/etc/default/ufw']),
	},
	{
		what: 'the kernel lets everything in over IPv4', red: ['firewall/kernel-v4', 'seen-from-outside/a-firewall'], mends: ['ufw reload'],
		does: async world => world.do(['iptables', '-P', 'INPUT', 'ACCEPT']),
	},
	{
		what: 'the kernel lets everything in over IPv6', red: ['firewall/kernel-v6', 'seen-from-outside/a-firewall'], mends: ['ufw reload'],
		does: async world => world.do(['ip6tables', '-P', 'INPUT', 'ACCEPT']),
	},
	{
		what: 'SSH is off the list', red: ['firewall/open-22', 'firewall/ssh-v4', 'firewall/ssh-v6', ...noWayIn], mends: ['ufw allow 22/tcp'],
		does: async world => world.do(['ufw', 'delete', 'allow', '22/tcp']),
	},
	{
		what: 'port 80 is off the list', red: ['firewall/open-80'], mends: ['ufw allow 80/tcp'],
		does: async world => world.do(['ufw', 'delete', 'allow', '80/tcp']),
	},
	{
		what: 'port 443 is refused in the kernel alone', red: ['firewall/open-443'], mends: ['ufw reload'],
		does: async world => world.do(['iptables', '-D', 'ufw-user-input', '-p', 'tcp', '--dport', '443', '-j', 'ACCEPT']),
	},
	{
		what: 'a rule for 8080 is added by hand', red: ['firewall/nothing-else'], mends: ['ufw delete allow 8080/tcp'],
		does: async world => world.do(['ufw', 'allow', '8080/tcp']),
	},
	{
		what: 'a rule is put past ufw, straight into the kernel', red: ['firewall/nothing-past'], mends: ['iptables -D INPUT -p tcp -m tcp --dport 8080 -j ACCEPT'],
		does: async world => world.do(['iptables', '-I', 'INPUT', '-p', 'tcp', '--dport', '8080', '-j', 'ACCEPT']),
	},
	{
		what: 'the kernel drops SSH over IPv4 though the list has it', red: ['firewall/open-22', 'firewall/ssh-v4', 'seen-from-outside/port-22-v4', ...noWayIn], mends: ['ufw reload'],
		does: async world => world.do(['iptables', '-D', 'ufw-user-input', '-p', 'tcp', '--dport', '22', '-j', 'ACCEPT']),
	},
	{
		what: 'the kernel drops SSH over IPv6 though the list has it', red: ['firewall/open-22', 'firewall/ssh-v6', 'seen-from-outside/port-22-v6'], mends: ['ufw reload'],
		does: async world => world.do(['ip6tables', '-D', 'ufw6-user-input', '-p', 'tcp', '--dport', '22', '-j', 'ACCEPT']),
	},
];
