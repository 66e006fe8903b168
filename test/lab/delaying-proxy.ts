import {once} from 'node:events';
import {
	type AddressInfo,
	type Socket,
	connect,
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
*/
export const delayingProxy = async ({to, milliseconds}: {to: {host: string; port: number}; milliseconds: number}): Promise<DelayingProxy> => {
	const open = new Set<Socket>();
	const server = createServer({allowHalfOpen: true}, near => {
		near.setNoDelay(true);
		const far = connect({...to, allowHalfOpen: true});
		far.setNoDelay(true);
		for (const socket of [near, far]) {
			open.add(socket);
			socket.once('close', () => {
				open.delete(socket);
			});
		}

		delay(near, far, milliseconds / 2);
		delay(far, near, milliseconds / 2);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		host: '127.0.0.1',
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
