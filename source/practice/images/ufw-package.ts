import type {Machine} from '../state.js';
import {entryOf, makeFolder, writeFile} from '../file-tree.js';
import {
	after6Rules, afterRules, before6Rules, beforeRules,
} from './ufw-rules.js';
import {
	defaultUfw,
	hook,
	openSshProfile,
	sysctlConf,
	ufwConf,
	user6Rules,
	userRules,
} from './ufw-settings.js';

/** What installing ufw leaves on the droplet. Files that are there already stay as they are. */
export const unpackUfw = (machine: Machine): void => {
	const old = machine.droplet.level === 'ubuntu-14.04';
	const rules = old ? '/lib/ufw' : '/etc/ufw';
	for (const folder of ['/etc/ufw', '/etc/ufw/applications.d', '/lib/ufw']) {
		makeFolder(machine, folder);
	}

	const files: Array<[string, string, number]> = [
		['/etc/ufw/before.rules', beforeRules(old), 0o640],
		['/etc/ufw/before6.rules', before6Rules, 0o640],
		['/etc/ufw/after.rules', afterRules, 0o640],
		['/etc/ufw/after6.rules', after6Rules, 0o640],
		[`${rules}/user.rules`, userRules, 0o640],
		[`${rules}/user6.rules`, user6Rules, 0o640],
		['/etc/ufw/before.init', hook, 0o640],
		['/etc/ufw/after.init', hook, 0o640],
		['/etc/ufw/ufw.conf', ufwConf, 0o644],
		['/etc/ufw/sysctl.conf', sysctlConf, 0o644],
		['/etc/default/ufw', defaultUfw(old), 0o644],
		['/etc/ufw/applications.d/openssh-server', openSshProfile, 0o644],
	];
	for (const [path, content, mode] of files) {
		if (!entryOf(machine.droplet, path)) {
			writeFile(machine, path, content, {mode});
		}
	}

	// systemd starts it at the next boot; whether it does anything then is in ufw.conf.
	machine.droplet.services.ufw = {
		package: 'ufw', program: 'ufw', atBoot: true, state: old ? 'running' : 'stopped', sockets: [],
	};
};
