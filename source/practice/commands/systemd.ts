import {reloadService, serviceNamed, startService, stopService} from '../services.js';
import type {Service} from '../state.js';
import {
	fails, notModelled, options, says, type Answer, type Call, type Family,
} from './command.js';

/** systemctl, as systemd 257 says it. */
const bare = (unit: string): string => unit.replace(/\.service$/v, '').replace(/^sshd$/v, 'ssh');

const active = ({state}: Service): string => ({running: 'active', exited: 'active', stopped: 'inactive', failed: 'failed', lost: 'active'})[state];

const failed = (verb: string, unit: string): string => verb === 'reload'
	? `Job for ${unit}.service failed.\nSee "systemctl status ${unit}.service" and "journalctl -xeu ${unit}.service" for details.\n`
	: `Job for ${unit}.service failed because the control process exited with error code.\nSee "systemctl status ${unit}.service" and "journalctl -xeu ${unit}.service" for details.\n`;

/** Units that are there without being modelled as services: never running, never started at boot. */
const idle = new Set(['ssh.socket']);

const unknown = (verb: string, unit: string): Answer => {
	if (verb === 'is-active') {
		return {...says('inactive\n'), code: 4};
	}

	if (verb === 'is-enabled') {
		return {...says('not-found\n'), code: 4};
	}

	return fails(verb === 'enable' || verb === 'disable' ? 1 : 5, verb === 'enable' || verb === 'disable' ? `Failed to ${verb} unit: Unit ${unit}.service does not exist\n` : `Failed to ${verb} ${unit}.service: Unit ${unit}.service not found.\n`);
};

const link = (unit: string): string => `/etc/systemd/system/multi-user.target.wants/${unit}.service`;

const enable = (call: Call, unit: string, service: Service): Answer => {
	const was = service.atBoot;
	service.atBoot = call.args[0] === 'enable';
	const sysv = unit === 'ssh' || unit === 'ufw' ? `Synchronizing state of ${unit}.service with SysV service script with /usr/lib/systemd/systemd-sysv-install.\nExecuting: /usr/lib/systemd/systemd-sysv-install ${call.args[0]!} ${unit}\n` : '';
	return fails(0, sysv + (was === service.atBoot ? '' : (service.atBoot ? `Created symlink '${link(unit)}' → '/usr/lib/systemd/system/${unit}.service'.\n` : `Removed '${link(unit)}'.\n`)));
};

const show = (service: Service | undefined, unit: string, names: readonly string[]): Answer => {
	const sub = service ? {running: 'running', exited: 'exited', stopped: 'dead', failed: 'failed', lost: 'running'}[service.state] : 'dead';
	const known: Record<string, string> = {
		Id: `${unit}.service`, LoadState: service ? 'loaded' : 'not-found', ActiveState: service ? active(service) : 'inactive', SubState: sub, MainPID: String(service?.pid ?? 0), UnitFileState: service ? (service.atBoot ? 'enabled' : 'disabled') : '', NeedDaemonReload: 'no',
	};
	return says(names.map(name => `${name}=${known[name] ?? notModelled({name: 'systemctl', args: ['show', '-p', name, unit]})}\n`).join(''));
};

const systemctl = (call: Call): Answer => {
	const {value, all, has, rest: [verb = '', ...units]} = options(call, ['-q', '--quiet', '--now', '--no-pager'], ['-p', '--property']);
	if (verb === 'daemon-reload' && units.length === 0) {
		return says('', 0.5);
	}

	if (verb === 'is-system-running') {
		return says('running\n');
	}

	const unit = bare(units[0] ?? '');
	if (units.length !== 1 || unit === '' || has('--now') || (idle.has(unit) && !verb.startsWith('is-'))) {
		return notModelled(call);
	}

	const service = serviceNamed(call.droplet, unit);
	if (verb === 'show') {
		return show(service, unit, value('-p', '--property') === undefined ? notModelled(call) : [...all('-p'), ...all('--property')].flatMap(list => list.split(',')));
	}

	if (idle.has(unit)) {
		return verb === 'is-active' ? {...says('inactive\n'), code: 3} : {...says('disabled\n'), code: 1};
	}

	if (!service) {
		return unknown(verb, unit);
	}

	const quiet = has('-q', '--quiet');
	switch (verb) {
		case 'is-active': {
			return {...says(quiet ? '' : `${active(service)}\n`), code: active(service) === 'active' ? 0 : 3};
		}

		case 'is-enabled': {
			return {...says(quiet ? '' : (service.atBoot ? 'enabled\n' : 'disabled\n')), code: service.atBoot ? 0 : 1};
		}

		case 'enable': case 'disable': {
			return enable(call, unit, service);
		}

		case 'start': {
			return active(service) === 'active' || startService(call, unit) ? says('', 0.4) : fails(1, failed(verb, unit));
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
			if (active(service) !== 'active') {
				return verb === 'reload' ? fails(1, `${unit}.service is not active, cannot reload.\n`) : systemctl({...call, args: ['restart', unit]});
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

export const systemdCommands: Family = {only: 'debian-13', commands: {systemctl, service}};
