/** Coming back to a server that is away: one that restarts, or that the connection was lost to. What proves a restart is the boot's id, never a time. */
import {setTimeout as sleep} from 'node:timers/promises';
import {ConnectError, ConnectionLost} from '../server/connect-error.js';
import type {Login} from '../server/server.js';
import type {Found} from '../step.js';
import {bootId} from '../facts/boot.js';
import {serverInfoLookup, serverInfoOf} from './server-info.js';
import {hold} from './lock.js';
import {ask, read} from './look.js';
import {perform} from './perform.js';
import type {Session} from './session.js';

/** Seconds to wait for the server to come back. */
const restartWaitSeconds = 300;
/** Seconds in which a server goes down that was told to, when nobody knows whether it heard. */
const doubtSeconds = 20;
/** Milliseconds for an answer over a connection that may be dead without knowing. */
const answerMs = 3000;
/** Seconds between two tries, and after a log-in that was refused: whoever counts those shall not ban us. */
const pauseSeconds = 1;
const pauseAfterRefusalSeconds = 5;

/** The server was told to restart and did not come back in time. `message` is one sentence. */
export class NotBack extends Error {
	override readonly name = 'NotBack';
	constructor(message: string, readonly last: string | undefined, readonly card: string | undefined) {
		super(message);
	}
}

const bootIdLookup = {bootId};

/** The boot's id over the connection there is; undefined where that is dead. */
const bootIdNow = async ({server}: Session): Promise<string | undefined> => {
	const late = new AbortController();
	try {
		return await Promise.race([
			ask(server, [bootIdLookup]).then(readings => (read(bootIdLookup, readings) as Found<typeof bootIdLookup>).bootId),
			sleep(answerMs, undefined, {signal: late.signal}),
		]);
	} catch (error) {
		if (error instanceof ConnectionLost) {
			return undefined;
		}

		throw error;
	} finally {
		late.abort();
	}
};

/** As whom to come back: as the admin where that is known to work, else as we came. */
const logins = ({adminWorks, login, run: {adminLogin}}: Session): readonly Login[] =>
	adminWorks && adminLogin && adminLogin.user !== login.user ? [adminLogin, login] : [login];

/** Tries to come back over a new connection. Says why not. */
const reconnect = async (session: Session): Promise<ConnectError | undefined> => {
	let refused: ConnectError | undefined;
	for (const login of logins(session)) {
		try {
			await session.server.reconnect(login);
			session.login = login;
			return undefined;
		} catch (error) {
			if (!(error instanceof ConnectError)) {
				throw error;
			}

			refused = error;
		}
	}

	return refused;
};

/** Waits for another boot than `before`. `certain`: the server is known to go down. Returns false where it did not. */
const untilBack = async (session: Session, before: string, certain: boolean): Promise<boolean> => {
	const begin = performance.now();
	const {address, sshPort} = session.server.me;
	const {restartSeconds = restartWaitSeconds} = session.run;
	const waited = restartSeconds < 120 ? `${restartSeconds} seconds` : `${restartSeconds / 60} minutes`;
	let sameSince: number | undefined;
	let last: string | undefined;
	for (;;) {
		const boot = await bootIdNow(session);
		if (boot !== undefined && boot !== before) {
			return true;
		}

		const now = performance.now();
		sameSince = boot === undefined ? undefined : sameSince ?? now;
		if (sameSince !== undefined && !certain && now - sameSince > doubtSeconds * 1000) {
			return false;
		}

		if (now - begin > restartSeconds * 1000) {
			throw new NotBack(boot === undefined ? `The server was restarted and did not come back within ${waited}.` : `The server was told to restart ${waited} ago, and is still running as before.`, last, session.card);
		}

		let seconds = pauseSeconds;
		if (boot === undefined && await session.server.dial(address, sshPort, 2000) === 'open') {
			const refused = await reconnect(session);
			last = refused?.message;
			seconds = refused === undefined ? 0 : refused.reason === 'log-in' ? pauseAfterRefusalSeconds : pauseSeconds;
		}

		await sleep(seconds * 1000);
	}
};

/** Learns anew what a restart changes, takes hold of the server again, and lets the boot come to its end. */
export const settleIn = async (session: Session, id: string): Promise<void> => {
	const readings = await session.during('asking what came back', ask(session.counted, [serverInfoLookup]));
	session.info = serverInfoOf(read(serverInfoLookup, readings) as Found<typeof serverInfoLookup>, session.server.me);
	session.dirty = true;
	await hold(session);
	await session.run.journal.learn({info: session.info});
	await perform(session, {id: `${id}-boot`, do: 'run', argv: ['cloud-init', 'status', '--wait']}, 'waiting until the start is over');
};

/** Waits until the server is back from a restart. `certain`: it is known to go down. False where it did not. Throws `NotBack`. */
export const comeBack = async (session: Session, before: string, certain: boolean): Promise<boolean> =>
	session.during('the server is restarting; it is usually back within a minute', untilBack(session, before, certain));

/** Comes back where the connection was lost to what a person does on the server, who may have restarted it, or its sshd. Throws what it was `lost` to where that does not happen in the time of a restart, or nobody waits for it any more. `id`: names what is done on the server after a restart. */
export const findAgain = async (session: Session, id: string, lost: ConnectionLost, isWaitedFor: () => boolean): Promise<void> => {
	const end = performance.now() + ((session.run.restartSeconds ?? restartWaitSeconds) * 1000);
	const reach = async (): Promise<void> => {
		for (let refused = await reconnect(session); refused; refused = await reconnect(session)) {
			if (performance.now() > end || !isWaitedFor()) {
				throw lost;
			}

			await sleep((refused.reason === 'log-in' ? pauseAfterRefusalSeconds : pauseSeconds) * 1000);
		}
	};

	await session.during('the server does not answer; dropwise tries to come back', reach());
	if (await bootIdNow(session) !== session.info.bootId) {
		await settleIn(session, id);
	}
};
