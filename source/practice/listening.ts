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

/** The program that listens on a port for others than the droplet itself; undefined where none does. */
export const listensOn = (droplet: Droplet, family: 'v4' | 'v6', port: number): string | undefined => listening(droplet).find(socket => socket.protocol === 'tcp' && socket.family === family && socket.port === port && !/^(?:127\.|::1$)/v.test(socket.address))?.program;
