import {once} from 'node:events';
import {
	type AddressInfo,
	Socket,
	createServer,
} from 'node:net';

export type DelayingProxy = {host: string; port: number; close: () => Promise<void>};

/** Passes bytes on, each chunk so many milliseconds after it came, in order. */
const delay = (from: Socket, to: Socket, milliseconds: number): void => {
	// Timers of one length fire in the order they were set.
	const later = (action: () => void) => setTimeout(action, milliseconds);
	from.on('data', chunk => {
		later(() => {
			if (to.writable) {
				to.write(chunk);
			}
		});
	});
	from.on('end', () => {
		later(() => {
			to.end();
		});
	});
	for (const event of ['error', 'close']) {
		from.on(event, () => {
			later(() => {
				to.destroy();
			});
		});
	}
};

/**
A TCP proxy on loopback that makes a server far away: half of `milliseconds` in each direction, a whole round trip before the connection carries anything. (The kernel here has no netem.)

It listens on a free port of 127.0.0.1, or where `at` says: the whole of 127.0.0.0/8 is this machine's.
*/
export const delayingProxy = async ({to, milliseconds, at = {host: '127.0.0.1', port: 0}}: {to: {host: string; port: number}; milliseconds: number; at?: {host: string; port: number}}): Promise<DelayingProxy> => {
	const open = new Set<Socket>();
	const track = (socket: Socket): Socket => {
		socket.setNoDelay(true);
		open.add(socket);
		return socket.once('close', () => {
			open.delete(socket);
		});
	};

	const server = createServer({allowHalfOpen: true, pauseOnConnect: true}, near => {
		track(near).on('error', () => undefined);
		// Whoever connects has heard of it after one round trip, and the server half of one later.
		setTimeout(() => {
			if (near.destroyed || !server.listening) {
				near.destroy();
				return;
			}

			const far = track(new Socket({allowHalfOpen: true}));
			setTimeout(() => {
				far.connect(to);
			}, milliseconds / 2);
			delay(near, far, milliseconds / 2);
			delay(far, near, milliseconds / 2);
			near.resume();
		}, milliseconds);
	});
	server.listen(at.port, at.host);
	await once(server, 'listening');
	return {
		host: at.host,
		port: (server.address() as AddressInfo).port,
		async close() {
			for (const socket of open) {
				socket.destroy();
			}

			server.close();
			await once(server, 'close');
		},
	};
};
