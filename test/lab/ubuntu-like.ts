import {type BaseRecipe} from './base-recipe.js';

/*
A droplet as Ubuntu's cloud image boots it: reachable, and not ready. cloud-init is the real one; it turns passwords on by its own drop-in and then works for a while, systemd listens in sshd's place, and something holds apt's lock.
*/

/** How long the first boot keeps cloud-init busy after SSH answers, in seconds. */
export const cloudInitSeconds = 20;
/** How long apt's lock is held after the first boot, in seconds. */
export const aptLockSeconds = 25;

const cloudConfig = `#cloud-config
disable_root: false
ssh_pwauth: true
# The lab has made host keys, and nobody but it may change the network or the name.
ssh_deletekeys: false
preserve_hostname: true
apt: {preserve_sources_list: true}
users: []
runcmd:
  - [sleep, '${cloudInitSeconds}']
`;

/** Takes the lock as apt and unattended-upgrades do, by fcntl: a lock by flock would not be noticed by them. */
const holdAptLock = `#!/usr/bin/perl
use strict;
use warnings;
use Fcntl;
open(my $lock, '+>', '/var/lib/dpkg/lock-frontend') or die $!;
# struct flock on 64-bit Linux: type, whence, start, length, pid.
my $whole = pack('s s x4 q q i x4', F_WRLCK, 0, 0, 0, 0);
fcntl($lock, F_SETLKW, $whole) or die $!;
open(my $once, '>', '/var/lib/apt/first-upgrade-done') or die $!;
sleep ${aptLockSeconds};
`;

const unit = `[Unit]
Description=Daily apt upgrade and clean activities
ConditionPathExists=!/var/lib/apt/first-upgrade-done

[Service]
# Not oneshot: a boot does not wait for it.
Type=exec
ExecStart=/usr/bin/unattended-upgrade

[Install]
WantedBy=sysinit.target
`;

export const ubuntuLike = (base: BaseRecipe): BaseRecipe => ({
	...base,
	name: 'ubuntu-like',
	packages: [...base.packages, 'cloud-init'],
	files: {
		...base.files,
		'/etc/cloud/cloud.cfg.d/90_lab.cfg': {content: 'datasource_list: [NoCloud]\nnetwork: {config: disabled}\nmanage_etc_hosts: false\n'},
		'/var/lib/cloud/seed/nocloud/user-data': {content: cloudConfig},
		'/var/lib/cloud/seed/nocloud/meta-data': {content: 'instance-id: lab\n'},
		// cloud-init writes the same over it; here so that passwords work as soon as the port answers.
		'/etc/ssh/sshd_config.d/50-cloud-init.conf': {content: 'PasswordAuthentication yes\n', mode: 0o600},
		'/usr/bin/unattended-upgrade': {content: holdAptLock, mode: 0o755},
		'/etc/systemd/system/unattended-upgrades-first.service': {content: unit},
	},
	commands: [
		...base.commands,
		['systemctl', 'disable', 'ssh.service'],
		['systemctl', 'enable', 'ssh.socket', 'unattended-upgrades-first.service'],
	],
});
