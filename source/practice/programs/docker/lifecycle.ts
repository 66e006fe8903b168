import {
	containerNamed, networkOf, startContainer, stopContainer, takenPort, clearPassing,
} from '../../docker/containers.js';
import {listening} from '../../listening.js';
import type {Container} from '../../state.js';
import {
	notModelled, options, type Answer, type Call, type Said,
} from '../command.js';
import {quick} from './table.js';

/** Containers that somebody starts, stops and removes. */
const fromDaemon = 'Error response from daemon: ';

const policies = ['no', 'always', 'unless-stopped', 'on-failure'] as const;

export const policyIn = (text: string): Container['restart'] | undefined => policies.find(one => one === text.replace(/(?<=^on-failure):\d+$/v, ''));

export const unknownPolicy = (text: string): string => `invalid restart policy: unknown policy '${text}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'.`;

/** Starts one. Returns why not, as the daemon says it; undefined where it runs. */
export const starts = ({droplet, now}: Call, container: Container): string | undefined => {
	const docker = droplet.docker!;
	if (!networkOf(docker, container)) {
		return `network ${container.network} not found.`;
	}

	const failed = `driver failed programming external connectivity on endpoint ${container.name} (${container.id})`;
	const taken = takenPort(droplet, container);
	if (taken) {
		return `${failed}: Bind for ${taken.address}:${taken.port} failed: port is already allocated.`;
	}

	const used = container.shown.find(one => listening(droplet).some(socket => socket.protocol === one.protocol && socket.port === one.port && (one.address === '0.0.0.0' || ['0.0.0.0', '*', one.address].includes(socket.address))));
	if (used) {
		return `${failed}: Error starting userland proxy: listen ${used.protocol}4 ${used.address}:${used.port}: bind: address already in use.`;
	}

	startContainer(droplet, container, now);
	return undefined;
};

/** Does something with each container that was named; where it returns a sentence it failed. */
const forEach = (call: Call, names: readonly string[], does: (container: Container) => string | undefined, seconds: number): Answer => {
	const docker = call.droplet.docker!;
	const failed: string[] = [];
	const said = names.map((name): Said => {
		const container = containerNamed(docker, name);
		const why = container ? does(container) : `No such container: ${name}`;
		if (why !== undefined) {
			failed.push(name);
		}

		return why === undefined ? {stream: 'out', text: `${name}\n`} : {stream: 'err', text: `${fromDaemon}${why}\n`};
	});
	return {code: failed.length > 0 ? 1 : 0, said, seconds};
};

const named = (call: Call, flags: readonly string[] = [], values: readonly string[] = []) => {
	const parsed = options(call, flags, values);
	return parsed.rest.length === 0 ? notModelled(call) : parsed;
};

const stops = ({droplet, now}: Call, container: Container, code = 0): void => {
	if (container.state === 'running') {
		stopContainer(droplet, container, now, {code});
	}
};

/** What was to be gone once it had ended is gone. */
const leaving = ({droplet}: Call, answer: Answer): Answer => {
	clearPassing(droplet);
	return answer;
};

const stop = (call: Call): Answer => {
	const {rest} = named(call, [], ['-t', '--time']);
	return leaving(call, forEach(call, rest, container => {
		stops(call, container);
		return undefined;
	}, 0.4));
};

const kill = (call: Call): Answer => leaving(call, forEach(call, named(call).rest, container => {
	if (container.state !== 'running') {
		return `cannot kill container: ${container.name}: container ${container.id} is not running`;
	}

	stops(call, container, 137);
	return undefined;
}, quick));

const start = (call: Call): Answer => {
	const {rest} = named(call);
	const answer = forEach(call, rest, container => (container.state === 'running' ? undefined : starts(call, container)), 0.4);
	const failed = rest.filter(name => !answer.said.some(({stream, text}) => stream === 'out' && text === `${name}\n`));
	return failed.length === 0 ? answer : {...answer, said: [...answer.said, {stream: 'err', text: `Error: failed to start containers: ${failed.join(', ')}\n`}]};
};

const restart = (call: Call): Answer => {
	const {rest} = named(call, [], ['-t', '--time']);
	return forEach(call, rest, container => {
		stops(call, container);
		return starts(call, container);
	}, 0.8);
};

const remove = (call: Call): Answer => {
	const docker = call.droplet.docker!;
	const {has, rest} = named(call, ['-f', '--force', '-v', '--volumes']);
	const isForced = has('-f', '--force');
	const answer = forEach(call, rest, container => {
		if (container.state === 'running' && !isForced) {
			return `cannot remove container "/${container.name}": container is running: stop the container before removing or force remove`;
		}

		stops(call, container, 137);
		docker.containers.splice(docker.containers.indexOf(container), 1);
		return undefined;
	}, 0.3);
	// What is not there needs no force to be gone.
	return isForced ? {...answer, code: 0} : answer;
};

const update = (call: Call): Answer => {
	const {value, rest} = named(call, [], ['--restart']);
	const policy = policyIn(value('--restart') ?? notModelled(call));
	return forEach(call, rest, container => {
		if (policy === undefined) {
			return unknownPolicy(value('--restart')!);
		}

		container.restart = policy;
		return undefined;
	}, quick);
};

export const lifecycle: Readonly<Record<string, (call: Call) => Answer>> = {
	start, stop, restart, kill, rm: remove, update,
};
