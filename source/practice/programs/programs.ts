import path from 'node:path/posix';
import {NotModelled, type Machine} from '../state.js';
import {accountCommands} from './users-and-groups.js';
import {aptCommands} from './apt.js';
import {cloudInitCommands} from './cloud-init.js';
import type {Answer, CommandSet} from './command.js';
import {dockerCommands} from './docker.js';
import {dpkgCommands} from './dpkg.js';
import {fileModeCommands} from './file-modes.js';
import {fileCommands} from './coreutils.js';
import {iptablesCommands, legacyCommands} from './iptables.js';
import {networkCommands} from './network.js';
import {nftCommands} from './nft.js';
import {sshCommands, sshdCommands} from './sshd.js';
import {sudoCommands} from './sudo.js';
import {systemCommands} from './system.js';
import {systemdCommands} from './systemd.js';
import {textCommands} from './text.js';
import {ufwCommands} from './ufw.js';
import {upstartCommands} from './upstart.js';

/** Every command the droplet knows. */
export const commandSets: readonly CommandSet[] = [
	accountCommands, aptCommands, cloudInitCommands, dockerCommands, dpkgCommands, fileCommands, fileModeCommands, iptablesCommands, legacyCommands, networkCommands, nftCommands, sshCommands, sshdCommands, sudoCommands, systemCommands, systemdCommands, textCommands, ufwCommands, upstartCommands,
];

/** Commands that a real server lacks until a package brings them: their absence is an answer, not a gap. */
const byPackage: Readonly<Record<string, string>> = {
	nft: 'nftables', 'fail2ban-client': 'fail2ban', docker: 'docker.io', nginx: 'nginx', zsh: 'zsh', needrestart: 'needrestart', snap: 'snapd', curl: 'curl',
};
const bySystem: Readonly<Record<string, string>> = {
	systemctl: 'debian-13', journalctl: 'debian-13', hostnamectl: 'debian-13', 'systemd-run': 'debian-13', initctl: 'ubuntu-14.04', 'init-checkconf': 'ubuntu-14.04', lsb_release: 'ubuntu-14.04', runlevel: 'both',
};

const folders = new Set(['/bin', '/sbin', '/usr/bin', '/usr/sbin']);
const noSuchCommand: Answer = {code: 127, said: [], noSuchCommand: true};

/** The names of all commands that this droplet has, in order. */
export const namesOf = ({droplet}: Machine): readonly string[] => commandSets
	.filter(set => (set.only ?? droplet.level) === droplet.level && (set.package === undefined || Object.hasOwn(droplet.packages, set.package)))
	.flatMap(({commands}) => Object.keys(commands))
	.toSorted((a, b) => a < b ? -1 : 1);

type Running = Machine & {argv: readonly string[]; stdin?: string; connection?: string | undefined};

/** Runs a command as root. Throws `NotModelled` where the model has a gap. */
export const runCommand = ({droplet, now, argv, stdin = '', connection}: Running): Answer => {
	const [word = '', ...args] = argv;
	const name = path.basename(word);
	if (word.includes('/') && !folders.has(path.dirname(word))) {
		throw new NotModelled(`the program ${word}`);
	}

	const found = commandSets.filter(set => Object.hasOwn(set.commands, name));
	const here = found.find(set => (set.only ?? droplet.level) === droplet.level);
	if (here) {
		if (here.package !== undefined && !Object.hasOwn(droplet.packages, here.package)) {
			return noSuchCommand;
		}

		return here.commands[name]!({
			droplet, now, name, args, stdin, connection, run: inner => runCommand({
				droplet, now, argv: inner, stdin, connection,
			}),
		});
	}

	const bringer = byPackage[name];
	const absent = bringer === undefined ? Object.hasOwn(bySystem, name) && bySystem[name] !== droplet.level : !Object.hasOwn(droplet.packages, bringer);
	if (absent) {
		return noSuchCommand;
	}

	throw new NotModelled(`the command '${argv.join(' ')}'`);
};

