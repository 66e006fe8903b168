/** What sshd itself says it accepts: a connection of its own that tries `none`, which costs no attempt. */
import type {Buffer} from 'node:buffer';
import ssh2 from 'ssh2';
import {openSocket} from '../../source/server/dial.js';
import {fingerprint} from '../../source/server/fingerprint.js';
import {logInMs} from '../../source/server/log-in.js';

/** Undefined where sshd did not answer within `milliseconds`, or with a host key that is not among `hostKeys`. */
export const askLogInMethods = async (address: string, port: number, user: string, hostKeys: readonly string[], milliseconds = logInMs): Promise<readonly string[] | undefined> => {
	const socket = await openSocket(address, port, milliseconds).catch(() => undefined);
	if (!socket) {
		return undefined;
	}

	return new Promise(resolve => {
		const client = new ssh2.Client();
		let asked = false;
		const end = (methods: readonly string[] | undefined): void => {
			clearTimeout(limit);
			resolve(methods);
			client.end();
			socket.destroySoon();
		};

		const limit = setTimeout(end, milliseconds, undefined);
		client.on('error', () => {
			end(undefined);
		});
		client.on('close', () => {
			end(undefined);
		});
		// nothing but `none` was needed: whoever asks must know
		client.on('ready', () => {
			end(['none']);
		});
		client.connect({
			sock: socket,
			username: user,
			readyTimeout: 0,
			hostVerifier: (key: Buffer) => hostKeys.includes(fingerprint(key)),
			authHandler: ((methods: string[] | null, _partial: boolean, next: (way: unknown) => void) => {
				if (asked) {
					end(methods ?? []);
					return;
				}

				asked = true;
				next({type: 'none', username: user});
			}) as never,
		});
	});
};
