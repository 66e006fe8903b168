import {contentOf} from '../file-tree.js';
import {
	isManual,
	reloadService,
	serviceNamed,
	startService,
	stopService,
} from '../services.js';
import type {Service} from '../state.js';
import {
	fails,
	notModelled,
	says,
	type Answer,
	type Call,
	type CommandSet,
} from './command.js';

/** initctl and service, as upstart 1.12.1 says it (T, session.txt and verified.md 2). */
const line = (name: string, {state, pid}: Service): string => {
	switch (state) {
		case 'running': case 'exited': {
			return `${name} start/running${pid === undefined ? '' : `, process ${pid}`}\n`;
		}

		// It died twice, and upstart still believes in it; only the missing process tells.
		case 'lost': {
			return `${name} start/running\n`;
		}

		case 'stopped': case 'failed': {
			return `${name} stop/waiting\n`;
		}
	}
};

const started = ({state}: Service): boolean => ['running', 'lost', 'exited'].includes(state);

const verbs: Readonly<Record<string, (call: Call, name: string, service: Service) => Answer>> = {
	status: (_, name, service) => says(line(name, service)),
	start(call, name, service) {
		if (started(service)) {
			return fails(1, `start: Job is already running: ${name}\n`);
		}

		startService(call, name);
		return says(line(name, service), 0.4);
	},
	stop(call, name, service) {
		if (!started(service)) {
			return fails(1, 'stop: Unknown instance: \n');
		}

		stopService(call, name);
		return says(line(name, service), 0.3);
	},
	restart(call, name, service) {
		if (!started(service)) {
			return fails(1, 'restart: Unknown instance: \n');
		}

		stopService(call, name);
		startService(call, name);
		return says(line(name, service), 0.5);
	},
	reload(call, name, service) {
		if (service.state !== 'running') {
			return fails(1, service.state === 'stopped' ? 'reload: Unknown instance: \n' : `reload: Job is not running: ${name}\n`);
		}

		reloadService(call, name);
		return says('', 0.3);
	},
};

const job = (verb: string) => (call: Call): Answer => {
	const [name = ''] = call.args;
	const service = serviceNamed(call.droplet, name);
	if (call.args.length !== 1) {
		return notModelled(call);
	}

	return service ? verbs[verb]!(call, name, service) : fails(1, `${verb}: Unknown job: ${name}\n`);
};

/** A job's conditions, from its file in /etc/init; `manual` in an override takes its start away, but of a job that runs upstart keeps what it read when that started (T, verified.md 7). */
const showConfig = (call: Call, name: string): Answer => {
	const config = contentOf(call, `/etc/init/${name}.conf`);
	if (config === undefined) {
		return fails(1, 'initctl: Unknown job: ' + name + '\n');
	}

	const service = serviceNamed(call.droplet, name);
	const manual = service && started(service) ? service.manual ?? false : isManual(call, name);
	const conditions = config.split('\n').filter(one => /^(?:start|stop) on /v.test(one) && !(manual && one.startsWith('start')));
	return says(`${name}\n${conditions.map(one => `  ${one}\n`).join('')}`);
};

const initctl = (call: Call): Answer => {
	const [verb = '', ...rest] = call.args;
	if (Object.hasOwn(verbs, verb)) {
		return job(verb)({...call, args: rest});
	}

	if (verb === 'version') {
		return says('init (upstart 1.12.1)\n');
	}

	if (verb === 'list') {
		return says(Object.entries(call.droplet.services).map(([name, service]) => line(name, service)).join(''));
	}

	const names = rest.filter(word => word !== '-e');
	return verb === 'show-config' && names.length === 1 ? showConfig(call, names[0]!) : notModelled(call);
};

const service = (call: Call): Answer => {
	const [name = '', verb = ''] = call.args;
	const found = serviceNamed(call.droplet, name);
	if (call.args.length !== 2) {
		return notModelled(call);
	}

	if (!found) {
		return fails(1, `${name}: unrecognized service\n`);
	}

	switch (verb) {
		// service stops what runs, whatever comes of it, and then starts.
		case 'restart': {
			const stopped = started(found) ? verbs.stop!(call, name, found) : fails(0, 'stop: Unknown instance: \n');
			const again = verbs.start!(call, name, found);
			return {code: again.code, said: [...stopped.said, ...again.said], seconds: 0.6};
		}

		case 'status': case 'start': case 'stop': case 'reload': {
			return verbs[verb]!(call, name, found);
		}

		case 'force-reload': {
			return verbs.reload!(call, name, found);
		}

		default: {
			return notModelled(call);
		}
	}
};

export const upstartCommands: CommandSet = {
	only: 'ubuntu-14.04',
	commands: {
		service, initctl, status: job('status'), start: job('start'), stop: job('stop'), restart: job('restart'), reload: job('reload'),
	},
};
