import {proxies} from './docker/containers.js';
import {effective, socketsOf} from './sshd/effective.js';
import type {Droplet, Socket} from './state.js';

type Listener = Socket & {program: string; pid: number};

const ofServices = (droplet: Droplet): Listener[] => Object.entries(droplet.services).flatMap(([name, {state, pid, program, sockets, loaded}]) => {
	if (state !== 'running' || pid === undefined) {
		return [];
	}

	const own = name === 'ssh' && loaded ? socketsOf(effective(droplet, loaded)) : sockets;
	return own.map(socket => ({...socket, program, pid}));
});

/** Everything that listens now, with its program. */
export const listening = (droplet: Droplet): readonly Listener[] => [...ofServices(droplet), ...proxies(droplet)];
