/** One connection to a real server: logged in, root, with the carrier at its other end. */
import type {Socket} from 'node:net';
import type {Client} from 'ssh2';
import type {Secret} from '../step.js';
import {becomeRoot, type Rooted} from './become-root.js';
import {Carrier} from './carrier.js';
import {changePassword} from './change-password.js';
import {oneLine} from './one-line.js';
import {ConnectError, ConnectionLost} from './connect-error.js';
import {openConnection, type LoggedIn, type LogInTarget} from './log-in.js';
import type {Server} from './server.js';

export type ConnectionTarget = LogInTarget & {
	/** Where the server wants the password changed before anything else: the new one. The old is `login.password`. */
	readonly newPassword?: Secret;
};

export class SshConnection {
	readonly me: Server['me'];
	readonly hostKeys: readonly string[];
	readonly offered: readonly string[];
	readonly carrier: Carrier;
	readonly #client: Client;
	readonly #socket: Socket;

	constructor({client, socket, hostKey, offered}: LoggedIn, {channel, root, hostKeys, rest}: Rooted, readonly target: ConnectionTarget) {
		const {address, port, login: {user}} = target;
		this.#client = client;
		this.#socket = socket;
		this.me = {
			user, address, sshPort: port, root,
		};
		this.hostKeys = [hostKey, ...hostKeys.filter(key => key !== hostKey)];
		this.offered = offered;
		this.carrier = new Carrier(channel, channel, channel.stderr);
		this.carrier.receive(rest);
		client.on('error', (error: Error) => {
			this.carrier.fail(new ConnectionLost(`The connection to ${address} was lost (${oneLine(error.message)})`));
		});
		client.on('close', () => {
			this.carrier.fail(new ConnectionLost(`The connection to ${address} was lost`));
		});
	}

	/** Says goodbye, and goes once that is on its way: the server's own would take another round trip. */
	async close(): Promise<void> {
		await new Promise<void>(resolve => {
			const late = setTimeout(() => {
				this.#client.destroy();
				resolve();
			}, this.carrier.lost ? 0 : 2000);
			this.#client.once('close', () => {
				clearTimeout(late);
				resolve();
			});
			this.#socket.once('finish', () => {
				this.#socket.destroy();
			});
			this.#client.end();
		});
	}
}

/** Connects, logs in and becomes root: as much as `ssh host true` costs. Rejects with a `ConnectError`. */
export const connect = async (target: ConnectionTarget): Promise<SshConnection> => {
	const loggedIn = await openConnection(target);
	const {client} = loggedIn;
	try {
		return new SshConnection(loggedIn, await becomeRoot(client, target.login), target);
	} catch (error) {
		if (error instanceof ConnectError) {
			error.offered = loggedIn.offered;
		}

		if (!(error instanceof ConnectError) || error.reason !== 'password-expired' || !target.newPassword) {
			client.end();
			throw error;
		}

		const {login, newPassword} = target;
		await changePassword(client, login, newPassword);
		client.end();
		return connect({...target, newPassword: undefined, login: {...login, password: newPassword}});
	}
};
