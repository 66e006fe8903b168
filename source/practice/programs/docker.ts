import {startService} from '../services.js';
import {
	fails, notModelled, type Answer, type Call, type CommandSet,
} from './command.js';
import {
	client, info, inspect, port,
} from './docker/about.js';
import {exec} from './docker/inside.js';
import {lifecycle} from './docker/lifecycle.js';
import {network} from './docker/network.js';
import {ps} from './docker/ps.js';
import {runImage} from './docker/run.js';

/** docker 26.1. Images, volumes and building are a gap. */
const verbs: Readonly<Record<string, (call: Call) => Answer>> = {
	info, ps, inspect, port, network, run: runImage, exec, ...lifecycle,
};

/** Whoever knocks at its socket gets it started by systemd. */
const reachesDaemon = (call: Call): boolean => {
	const {docker, 'docker.socket': socket} = call.droplet.services;
	return docker?.state === 'running' || (socket?.state === 'running' && startService(call, 'docker'));
};

const docker = (call: Call): Answer => {
	const [first = '', ...rest] = call.args;
	// The longer way to say the same of containers.
	const [verb = '', ...args] = first === 'container' ? (rest[0] === 'ls' ? ['ps', ...rest.slice(1)] : rest) : call.args;
	if (first.startsWith('-')) {
		return client(call);
	}

	const does = Object.hasOwn(verbs, verb) ? verbs[verb]! : notModelled(call);
	if (!reachesDaemon(call)) {
		return verb === 'info' ? notModelled(call) : fails(1, 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n');
	}

	return does({...call, args});
};

export const dockerCommands: CommandSet = {package: 'docker-cli', only: 'debian-13', commands: {docker}};
