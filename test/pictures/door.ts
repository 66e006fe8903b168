/** A server to knock at: it shows a host key and lets nobody in. */
import {once} from 'node:events';
import type {AddressInfo} from 'node:net';

export type Door = {readonly port: number; close(): void};

/** Each door has a host key of its own: the first always the same, the second always the same other one. */
export const openDoor = async (): Promise<Door> => {
	// Before ssh2, which takes hold of what draws keys while it loads.
	await import('./world/chance.js');
	const {default: ssh2} = await import('ssh2');
	const server = new ssh2.Server({hostKeys: [ssh2.utils.generateKeyPairSync('ed25519').private], ident: 'OpenSSH_10.0'}, client => {
		client.on('authentication', context => {
			context.reject(['publickey', 'password']);
		});
		client.on('error', () => undefined);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		port: (server.address() as AddressInfo).port,
		close() {
			server.close();
		},
	};
};
