import {forgetStarts} from '../docker/daemon.js';
import {
	reloadService,
	serviceNamed,
	startService,
	stopService,
} from '../services.js';
import type {Service} from '../state.js';
import {
	fails,
	notModelled,
	options,
	says,
	type Answer,
	type Call,
	type CommandSet,
} from './command.js';

/** systemctl, as systemd 257 says it. */
const bare = (unit: string): string => unit.replace(/\.service$/v, '').replace(/^sshd$/v, 'ssh');

/** A unit that fails is tried again some times, within a second or so, before systemd gives up. */
const active = ({state, failedAt = 0}: Service, now: number): string => state === 'failed' && now < failedAt + 1500
	? 'activating'
	: ({
		running: 'active', exited: 'active', stopped: 'inactive', failed: 'failed', lost: 'active',
	})[state];

const failed = (verb: string, unit: string): string => verb === 'reload'
	? `Job for ${unit}.service failed.\nSee "systemctl status ${unit}.service" and "journalctl -xeu ${unit}.service" for details.\n`
	: `Job for ${unit}.service failed because the control process exited with error code.\nSee "systemctl status ${unit}.service" and "journalctl -xeu ${unit}.service" for details.\n`;

/** Units that are there without being modelled as services: never running, never started at boot. */
const idle = new Set(['ssh.socket']);

const unknown = (verb: string, unit: string): Answer => {
	if (verb === 'is-active') {
		return {...says('inactive\n'), code: 4};
	}

	return verb === 'is-enabled' ? {...says('not-found\n'), code: 4} : fails(verb === 'enable' || verb === 'disable' ? 1 : 5, verb === 'enable' || verb === 'disable' ? `Failed to ${verb} unit: Unit ${unit}.service does not exist\n` : `Failed to ${verb} ${unit}.service: Unit ${unit}.service not found.\n`);
};

const links = (unit: string): string[] => [...(unit === 'ssh' ? ['/etc/systemd/system/sshd.service'] : []), `/etc/systemd/system/multi-user.target.wants/${unit}.service`];

const enable = (call: Call, unit: string, service: Service): Answer => {
	const was = service.atBoot;
	service.atBoot = call.args[0] === 'enable';
	const sysv = ['ssh', 'ufw', 'docker'].includes(unit) ? `Synchronizing state of ${unit}.service with SysV service script with /usr/lib/systemd/systemd-sysv-install.\nExecuting: /usr/lib/systemd/systemd-sysv-install ${call.args[0]!} ${unit}\n` : '';
	return fails(0, sysv + (was === service.atBoot ? '' : links(unit).map(at => service.atBoot ? `Created symlink '${at}' → '/usr/lib/systemd/system/${unit}.service'.\n` : `Removed '${at}'.\n`).join('')));
};

const show = (service: Service | undefined, unit: string, names: readonly string[], now: number): Answer => {
	const sub = service
		? (active(service, now) === 'activating'
			? 'auto-restart'
			: {
				running: 'running', exited: 'exited', stopped: 'dead', failed: 'failed', lost: 'running',
			}[service.state])
		: 'dead';
	const known: Record<string, string> = {
		MainPID: String(service?.pid ?? 0), Id: `${unit}.service`, LoadState: service ? 'loaded' : 'not-found', ActiveState: service ? active(service, now) : 'inactive', SubState: sub, UnitFileState: service ? (service.atBoot ? 'enabled' : 'disabled') : '', NeedDaemonReload: 'no',
	};
	const gap = names.find(name => !Object.hasOwn(known, name));
	if (gap !== undefined) {
		return notModelled({name: 'systemctl', args: ['show', '-p', gap, unit]});
	}

	// In systemd's order, not in the order asked; what a unit lacks is left out.
	const shown = Object.entries(known).filter(([name, value]) => names.includes(name) && (service !== undefined || value !== ''));
	return says(shown.map(([name, value]) => `${name}=${value}\n`).join(''));
};

/** The sockets there are, as far as they are modelled: none of them listens on TCP. */
const shownSockets = ({droplet}: Call): string => ['docker.socket'].filter(unit => droplet.services[unit]).map(unit => `Listen=/run/docker.sock (Stream)\nAccept=no\nId=${unit}\nActiveState=${droplet.services[unit]!.state === 'running' ? 'active' : 'inactive'}\n`).join('\n');

const systemctl = (call: Call): Answer => {
	const {value, all, has, rest} = options(call, ['-q', '--quiet', '--now', '--no-pager'], ['-p', '--property']);
	const [verb = '', ...units] = rest;
	if (verb === 'daemon-reload' && units.length === 0) {
		return says('', 0.5);
	}

	if (verb === 'reset-failed') {
		const unit = bare(units[0] ?? '');
		delete serviceNamed(call.droplet, unit)?.failedAt;
		if (unit === 'docker') {
			forgetStarts(call);
		}

		return says('');
	}

	if (verb === 'is-system-running') {
		return says('running\n');
	}

	if (verb === 'stop' && units.length > 1 && units.every(one => serviceNamed(call.droplet, bare(one)))) {
		for (const one of units) {
			stopService(call, bare(one));
		}

		return says('', 0.4);
	}

	if (verb === 'show' && units.join(' ') === '*.socket') {
		return says(shownSockets(call));
	}

	const unit = bare(units[0] ?? '');
	if (units.length !== 1 || unit === '' || has('--now') || (idle.has(unit) && !verb.startsWith('is-'))) {
		return notModelled(call);
	}

	const service = serviceNamed(call.droplet, unit);
	if (verb === 'show' && !unit.endsWith('.socket')) {
		return show(service, unit, value('-p', '--property') === undefined ? notModelled(call) : [...all('-p'), ...all('--property')].flatMap(list => list.split(',')), call.now);
	}

	if (idle.has(unit)) {
		return verb === 'is-active' ? {...says('inactive\n'), code: 3} : {...says('disabled\n'), code: 1};
	}

	if (!service) {
		return unknown(verb, unit);
	}

	if (unit.endsWith('.socket') && !['is-active', 'is-enabled', 'start', 'stop'].includes(verb)) {
		return notModelled(call);
	}

	const quiet = has('-q', '--quiet');
	switch (verb) {
		case 'is-active': {
			return {...says(quiet ? '' : `${active(service, call.now)}\n`), code: active(service, call.now) === 'active' ? 0 : 3};
		}

		case 'is-enabled': {
			return service.atBoot && units[0]!.startsWith('sshd') ? says(quiet ? '' : 'alias\n') : {...says(quiet ? '' : (service.atBoot ? 'enabled\n' : 'disabled\n')), code: service.atBoot ? 0 : 1};
		}

		case 'enable': case 'disable': {
			return enable(call, unit, service);
		}

		case 'start': {
			return active(service, call.now) === 'active' || startService(call, unit) ? says('', 0.4) : fails(1, failed(verb, unit));
		}

		case 'stop': {
			stopService(call, unit);
			return says('', 0.4);
		}

		case 'restart': {
			stopService(call, unit);
			return startService(call, unit) ? says('', 0.6) : fails(1, failed(verb, unit));
		}

		case 'reload': case 'reload-or-restart': {
			if (active(service, call.now) !== 'active') {
				return verb === 'reload' ? fails(1, active(service, call.now) === 'activating' ? failed('restart', unit) : `${unit}.service is not active, cannot reload.\n`) : systemctl({...call, args: ['restart', unit]});
			}

			return reloadService(call, unit) ? says('', 0.4) : fails(1, failed('reload', unit));
		}

		default: {
			return notModelled(call);
		}
	}
};

const service = (call: Call): Answer => {
	const [name = '', verb = ''] = call.args;
	const found = serviceNamed(call.droplet, bare(name));
	if (call.args.length !== 2 || verb === 'status') {
		return notModelled(call);
	}

	return found ? systemctl({...call, args: [verb === 'force-reload' ? 'reload' : verb, name]}) : fails(5, `Failed to ${verb} ${name}.service: Unit ${name}.service not found.\n`);
};

export const systemdCommands: CommandSet = {only: 'debian-13', commands: {systemctl, service}};
