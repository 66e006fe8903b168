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

const docker = (call: Call): Answer => {
	const [verb = '', ...args] = call.args;
	const {value, rest} = options({...call, args}, ['-q', '-a'], ['--format', '-f']);
	if (!['info', 'ps'].includes(verb) || rest.length > 0) {
		return notModelled(call);
	}

	const format = value('--format', '-f') ?? notModelled(call);
	if (!reachesDaemon(call)) {
		return verb === 'ps' ? fails(1, 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n') : notModelled(call);
	}

	return verb === 'ps' ? says('', 0.1) : info(call, format);
};

export const dockerCommands: CommandSet = {package: 'docker-cli', only: 'debian-13', commands: {docker}};
