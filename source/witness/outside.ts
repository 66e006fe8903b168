import {isIPv4, isIPv6} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import type {ConnectError} from '../server/connect-error.js';
import {logInMs} from '../server/log-in.js';
import type {Login, Server} from '../server/server.js';
import type {
	Dialled,
	Family,
	ServerInfo,
	Outside,
} from '../step.js';
import {cameAsAdmin, type Arrival} from './arrival.js';

/** Shorter than the four seconds that witnesses may take, so that two in a row still fit. */
const dialMs = 1900;

const isGlobal = (address: string): boolean => !/^(127\.|169\.254\.|fe80:|::1$)/i.test(address);

/** The address to dial by family: the one the person gave where it is an address, else what the server says of itself. */
const addressesOf = (info: ServerInfo): Readonly<Record<Family, string | undefined>> => {
	const all = [info.me.address, ...info.addresses].filter(address => isGlobal(address));
	return {v4: all.find(address => isIPv4(address)), v6: all.find(address => isIPv6(address))};
};

/** Makes each distinct call once: a second caller gets the first one's answer. */
const once = <T>(make: (...key: string[]) => Promise<T>) => {
	const made = new Map<string, Promise<T>>();
	return async (...key: string[]): Promise<T> => {
		const name = key.join(' ');
		const promise = made.get(name) ?? make(...key);
		made.set(name, promise);
		return promise;
	};
};

/**
What is seen of a server from where the person sits, fresh for one look. `admin` is how the admin logs in; undefined where that is not known yet. `arrival` is given where nothing was done since we came: what was seen then is not sought again.
*/
export const outsideOf = (server: Server, info: ServerInfo, admin: Login | undefined, arrival?: Arrival): Outside => {
	const addresses = addressesOf(info);
	const dial = once<Dialled>(async (family, port) => server.dial(addresses[family as Family]!, port === String(info.sshdPort) ? info.me.sshPort : Number(port), dialMs));
	const logIn = once(async () => {
		if (!admin) {
			return {
				loggedIn: false, root: false, why: 'there is no key pair to log in with yet', offered: undefined,
			};
		}

		if (arrival && cameAsAdmin(server.me, arrival, admin)) {
			return {
				loggedIn: true, root: true, why: '', offered: server.offered,
			};
		}

		const late = new AbortController();
		try {
			const coming = server.connectAgain(admin).then(async again => {
				await again.close();
				return again.offered;
			});
			const offered = await Promise.race([coming, sleep(logInMs, undefined, {signal: late.signal}).then(() => {
				throw new Error(`nobody let us in within ${logInMs / 1000} seconds`);
			})]);
			return {
				loggedIn: true, root: true, why: '', offered,
			};
		} catch (error) {
			const {reason, message, offered} = error as Partial<ConnectError> & Error;
			return {
				loggedIn: reason === 'no-sudo' || reason === 'sudo-password', root: false, why: message, offered,
			};
		} finally {
			late.abort();
		}
	});
	return {
		addresses,
		offered: arrival && server.offered,
		tcp: async (family, port) => (addresses[family] === undefined ? 'unreachable' : dial(family, String(port))),
		logIn: async () => logIn(),
	};
};
