import {startService} from '../services.js';
import {
	fails,
	notModelled,
	options,
	says,
	type Answer,
	type Call,
	type CommandSet,
} from './command.js';

/** docker 26.1, as far as there is no container. */
const version = '26.1.5+dfsg1';

/** Whoever knocks at its socket gets it started by systemd. */
const reachesDaemon = (call: Call): boolean => {
	const {docker, 'docker.socket': socket} = call.droplet.services;
	return docker?.state === 'running' || (socket?.state === 'running' && startService(call, 'docker'));
};

const info = (call: Call, format: string): Answer => {
	const {keeps = false, logs = ''} = call.droplet.docker?.settings ?? {};
	const fields: Record<string, string> = {
		ServerVersion: version, LoggingDriver: logs, LiveRestoreEnabled: String(keeps), 'Swarm.LocalNodeState': 'inactive', ContainersRunning: '0',
	};
	return says(`${format.replaceAll(/\{\{(.*?)\}\}/gv, (_, field: string) => fields[field.replace(/^\./v, '')] ?? notModelled(call))}\n`, 0.1);
};

/** The one network that is there without anybody's doing. */
const bridge = {Name: 'bridge', Id: '6cb9777b18f47b0a984c0971e6c0738a2d0b29ee38c2cbafe64f01b6e0f78494', Internal: false, Options: {'com.docker.network.bridge.enable_icc': 'true', 'com.docker.network.bridge.name': 'docker0'}};

const network = (call: Call, [verb, ...args]: readonly string[]): Answer => {
	const {value, has, rest} = options({...call, args}, ['--no-trunc', '--quiet', '-q'], ['--filter', '--format']);
	if (verb === 'ls' && has('--quiet', '-q') && value('--filter') === 'driver=bridge' && rest.length === 0) {
		return says(`${has('--no-trunc') ? bridge.Id : bridge.Id.slice(0, 12)}\n`, 0.1);
	}

	return verb === 'inspect' && value('--format') === '{{json .}}' && rest.every(id => bridge.Id.startsWith(id) || id === bridge.Name) ? says(rest.map(() => `${JSON.stringify(bridge)}\n`).join(''), 0.1) : notModelled(call);
};

const ps = (call: Call, args: readonly string[]): Answer => {
	const {value, rest} = options({...call, args}, ['-q', '-a'], ['--format', '-f']);
	return rest.length > 0 || value('--format', '-f') === undefined ? notModelled(call) : says('', 0.1);
};

const verbs: Readonly<Record<string, (call: Call, args: readonly string[]) => Answer>> = {
	info(call, args) {
		const {value, rest} = options({...call, args}, [], ['--format', '-f']);
		const format = value('--format', '-f');
		return rest.length > 0 || format === undefined ? notModelled(call) : info(call, format);
	},
	network,
	ps,
};

const docker = (call: Call): Answer => {
	const [verb = '', ...args] = call.args;
	const does = Object.hasOwn(verbs, verb) ? verbs[verb]! : notModelled(call);
	if (!reachesDaemon(call)) {
		return verb === 'info' ? notModelled(call) : fails(1, 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n');
	}

	return does(call, args);
};

export const dockerCommands: CommandSet = {package: 'docker-cli', only: 'debian-13', commands: {docker}};
