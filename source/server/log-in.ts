/** From an address to a connection that is logged in. One attempt is one connection. */
import type {Buffer} from 'node:buffer';
import type {Socket} from 'node:net';
import {setTimeout as delay} from 'node:timers/promises';
import {NodeSSH} from 'node-ssh';
import type {AnyAuthMethod, Client} from 'ssh2';
import {openSocket, watchSilence} from './dial.js';
import {ConnectError} from './connect-error.js';
import {explain, isTurnedAway, type FailedAttempt} from './explain-failure.js';
import {fingerprint, keyType} from './fingerprint.js';
import type {Login} from './server.js';
import {waysIn, type Way} from './ways-in.js';

/** Whether a host key is the right one; asked while the server waits. */
export type Trust = (hostKeySha256: string, keyType: string) => Promise<boolean> | boolean;
/** Says what is being waited for, and how many seconds at most. */
export type Wait = (waitingFor: string, secondsLeft: number) => void;

export type LogInTarget = {
	readonly address: string;
	readonly port: number;
	readonly login: Login;
	readonly trust: Trust;
	readonly waiting?: Wait;
	/** Called when the server has been greeted, maybe once per attempt: it takes its time to answer, and other work fits in there. */
	readonly greeted?: () => void;
	/** Milliseconds without an answer before the server counts as silent: 10 000 unless told, and during the log-in itself twice as long. */
	readonly silenceMs?: number;
};

export type LoggedIn = {readonly client: Client; readonly socket: Socket; readonly hostKey: string; /** The ways to log in that the server named before we tried any; `none` where it asked for nothing. */ readonly offered: readonly string[]};

/** Milliseconds that a log-in may take once it is under way: a server that looks our name up, at a resolver that is silent, needs that long (`UseDNS`). */
export const logInMs = 20_000;

const turnedAwaySeconds = 30;
const pauseSeconds = 3;

/** Tries `none` first, which counts as no try and makes the server name its ways; then ours in turn: each one that it names as still open, none twice. */
const inTurn = (ways: readonly Way[], user: string, seen: {tried: Array<FailedAttempt['tried'][number]>; methods: readonly string[] | undefined; offered: readonly string[]}) => {
	const left = [...ways];
	let asked = false;
	return (methods: readonly string[] | null, _partial: boolean | null, next: (way: AnyAuthMethod | false) => void): void => {
		if (!asked) {
			asked = true;
			next({type: 'none', username: user});
			return;
		}

		if (seen.methods === undefined) {
			seen.offered = methods ?? [];
		}

		seen.methods = methods ?? seen.methods;
		for (;;) {
			const way = left.shift();
			if (!way) {
				next(false);
				return;
			}

			if (methods && !methods.includes(way.method)) {
				continue;
			}

			// a password refused once is not sent again by another road
			if (way.method === 'keyboard-interactive' && seen.tried.includes('password') && methods?.includes('password')) {
				continue;
			}

			seen.tried.push(way.kind);
			next({...way.auth, username: user} as AnyAuthMethod);
			return;
		}
	};
};

const attempt = async ({
	address, port, login, trust, silenceMs = 10_000, greeted,
}: LogInTarget, ways: readonly Way[]): Promise<LoggedIn> => {
	const seen = {
		address, port, user: login.user, connected: false, greeting: '', hostKey: false, trusted: undefined as boolean | undefined, tried: [] as Array<FailedAttempt['tried'][number]>, methods: undefined as readonly string[] | undefined, offered: ['none'] as readonly string[], identity: login.identity,
	};
	let socket: Socket | undefined;
	let hostKey = '';
	try {
		socket = await openSocket(address, port, silenceMs);
		seen.connected = true;
		const opened = socket;
		const isPersonsTurn = (): boolean => (seen.hostKey && seen.trusted === undefined) || ways.some(way => way.isPersonsTurn?.());
		let silence = watchSilence(opened, silenceMs, isPersonsTurn);
		const ssh = new NodeSSH();
		const connecting = ssh.connect({
			sock: opened,
			username: login.user,
			readyTimeout: 0,
			keepaliveInterval: 1000,
			keepaliveCountMax: 10,
			authHandler: inTurn(ways, login.user, seen) as never,
			hostVerifier(key: Buffer, verify: (ok: boolean) => void) {
				seen.hostKey = true;
				hostKey = fingerprint(key);
				void (async () => {
					try {
						seen.trusted = await trust(hostKey, keyType(key));
					} catch (error) {
						opened.destroy(error as Error);
						return;
					}

					silence.stop();
					silence = watchSilence(opened, 2 * silenceMs, isPersonsTurn);
					verify(seen.trusted);
				})();
			},
		});
		const client = ssh.connection!;
		// without a listener a late error would end the program; whoever waits hears of the close
		client.on('error', () => undefined);
		opened.on('data', (chunk: Buffer) => {
			// Before its key came a server that drips is none.
			if (seen.hostKey) {
				silence.heard();
			} else if (seen.greeting.length < 200) {
				seen.greeting += chunk.toString('latin1');
			}
		});
		greeted?.();
		try {
			await connecting;
		} finally {
			silence.stop();
		}

		opened.removeAllListeners('timeout');
		return {
			client, socket: opened, hostKey, offered: seen.offered,
		};
	} catch (error) {
		socket?.destroy();
		throw Object.assign(explain({...seen, error: error as Error}), {turnedAway: isTurnedAway({...seen, error: error as Error}), offered: seen.methods && seen.offered});
	}
};

/** Connects and logs in. Turned away for failed log-ins, it waits and tries again for up to 30 s, saying so. Rejects with a `ConnectError`. */
export const openConnection = async (target: LogInTarget): Promise<LoggedIn> => {
	const ways = await waysIn(target.login);
	const until = Date.now() + (turnedAwaySeconds * 1000);
	for (;;) {
		try {
			return await attempt(target, ways);
		} catch (error) {
			const left = until - Date.now();
			if (!(error instanceof ConnectError && (error as {turnedAway?: boolean}).turnedAway) || left < 0) {
				throw error;
			}

			target.waiting?.(`${target.address} to take connections again`, Math.ceil(left / 1000));
			await delay(pauseSeconds * 1000);
		}
	}
};
