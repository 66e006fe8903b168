/** TCP from where the person sits. */
import {connect, type Socket} from 'node:net';
import type {Dialled} from '../step.js';

const noWay = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL', 'ENETDOWN', 'EHOSTDOWN', 'EAFNOSUPPORT', 'EACCES', 'EPERM', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL']);

/** What the error of a connection attempt says about the port. */
export const dialledBy = (error: NodeJS.ErrnoException): Dialled => {
	if (error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET') {
		return 'refused';
	}

	return noWay.has(error.code ?? '') ? 'unreachable' : 'silent';
};

/** Dials one address and hangs up at once. At most `milliseconds`. */
export const dial = async (address: string, port: number, milliseconds: number): Promise<Dialled> => new Promise(resolve => {
	const socket = connect({host: address, port, autoSelectFamily: false});
	const end = (dialled: Dialled): void => {
		clearTimeout(limit);
		socket.destroy();
		resolve(dialled);
	};

	const limit = setTimeout(end, milliseconds, 'silent');
	socket.once('connect', () => {
		end('open');
	});
	socket.on('error', (error: NodeJS.ErrnoException) => {
		end(dialledBy(error));
	});
});

/** Ends a connection as the kernel does when nothing comes. */
const giveUp = (socket: Socket): void => {
	socket.destroy(Object.assign(new Error('Timed out'), {code: 'ETIMEDOUT'}));
};

/** Ends a connection over which nothing came for `milliseconds` since `heard` was called last, unless somebody else is waited for. */
export const watchSilence = (socket: Socket, milliseconds: number, isOthersTurn: () => boolean): {readonly heard: () => void; readonly stop: () => void} => {
	const limit = setTimeout(() => {
		if (isOthersTurn()) {
			limit.refresh();
		} else {
			giveUp(socket);
		}
	}, milliseconds);
	return {
		heard() {
			limit.refresh();
		},
		stop() {
			clearTimeout(limit);
		},
	};
};

/** Opens a connection that stays. Rejects with the socket's error, or one with the code ETIMEDOUT. */
export const openSocket = async (host: string, port: number, milliseconds: number): Promise<Socket> => new Promise((resolve, reject) => {
	const socket = connect({host, port, noDelay: true});
	const limit = setTimeout(() => {
		giveUp(socket);
	}, milliseconds);
	const fail = (error: Error): void => {
		clearTimeout(limit);
		reject(error);
	};

	socket.once('error', fail);
	socket.once('connect', () => {
		clearTimeout(limit);
		socket.off('error', fail);
		resolve(socket);
	});
});
