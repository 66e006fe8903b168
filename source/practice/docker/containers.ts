import type {
	Container, Docker, DockerNetwork, Droplet, Shown, Socket,
} from '../state.js';
import {hideContainer, showContainer} from './chains.js';
import {freeAddress} from './networks.js';

/** Containers that begin and end, and what the kernel learns of it. */
export const running = ({docker}: Droplet): readonly Container[] => (docker?.containers ?? []).filter(({state}) => state === 'running');

/** A name, or the beginning of an id. */
export const containerNamed = ({containers}: Docker, named: string): Container | undefined => containers.find(({name}) => name === named) ?? containers.find(({id}) => id.startsWith(named));

/** Undefined: somebody removed it while the container did not run. */
export const networkOf = ({networks}: Docker, {network}: Container): DockerNetwork | undefined => networks.find(({name}) => name === network);

type Listener = Socket & {readonly program: string; readonly pid: number};

/** Over IPv4, and over IPv6 where it is shown everywhere. */
const socketsOf = ({protocol, address, port}: Shown): readonly Socket[] => [
	{
		protocol, family: 'v4', address, port,
	},
	...(address === '0.0.0.0'
		? [{
			protocol, family: 'v6', address: '::', port,
		} as const]
		: []),
];

/** The processes of Docker's that take in what comes for containers. */
export const proxies = (droplet: Droplet): readonly Listener[] => running(droplet).flatMap(({shown, proxies: pids}) =>
	shown.flatMap(one => socketsOf(one)).map((socket, index) => ({...socket, program: 'docker-proxy', pid: pids[index]!})));

const meet = (one: Shown, other: Shown): boolean => one.protocol === other.protocol && one.port === other.port && (one.address === other.address || [one.address, other.address].includes('0.0.0.0'));

/** A port of a container's that another has; undefined where there is none. */
export const takenPort = (droplet: Droplet, {shown}: Container): Shown | undefined =>
	shown.find(one => running(droplet).some(other => other.shown.some(there => meet(one, there))));

const startProxies = (droplet: Droplet, container: Container): void => {
	container.proxies = container.shown.flatMap(one => socketsOf(one)).map(() => droplet.nextPid++);
};

/** Starts a container whose ports are free and whose network is there. */
export const startContainer = (droplet: Droplet, container: Container, now: number): void => {
	const docker = droplet.docker!;
	const network = networkOf(docker, container)!;
	Object.assign(container, {
		state: 'running', stopped: false, code: 0, changedAt: now, address: freeAddress(docker, network),
	} satisfies Partial<Container>);
	startProxies(droplet, container);
	if (docker.settings?.filters ?? true) {
		showContainer(droplet.netfilter.v4, container, network);
	}
};

/** Ends one that runs. `byHand`: whether somebody wanted it so. */
export const stopContainer = (droplet: Droplet, container: Container, now: number, {byHand = true, code = 0} = {}): void => {
	const docker = droplet.docker!;
	if (docker.settings?.filters ?? true) {
		hideContainer(droplet.netfilter.v4, container, networkOf(docker, container)!);
	}

	Object.assign(container, {
		state: 'exited', stopped: byHand, code, changedAt: now, proxies: [],
	} satisfies Partial<Container>);
	delete container.address;
};

/** Removes those that were to be gone once they had ended. */
export const clearPassing = ({docker}: Droplet): void => {
	docker!.containers = docker!.containers.filter(({passing, state}) => !passing || state !== 'exited');
};

/** The daemon is there again, and its containers went on without it. */
export const takeUpContainers = (droplet: Droplet): void => {
	const docker = droplet.docker!;
	for (const container of running(droplet)) {
		startProxies(droplet, container);
		if (docker.settings?.filters ?? true) {
			showContainer(droplet.netfilter.v4, container, networkOf(docker, container)!);
		}
	}
};

/** Those that Docker starts when it starts itself. One whose network is gone stays away. */
export const startContainers = (droplet: Droplet, now: number): void => {
	const docker = droplet.docker!;
	const comesBack = ({state, restart, stopped}: Container): boolean => state === 'exited' && (restart === 'always' || (restart === 'unless-stopped' && !stopped));
	const wanted = docker.containers.filter(container => comesBack(container) && networkOf(docker, container) !== undefined);
	for (const container of wanted) {
		startContainer(droplet, container, now);
	}
};
