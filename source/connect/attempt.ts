/** One attempt to log in to a real server. */
import {access} from 'node:fs/promises';
import {cardAt} from '../record/rescue-card.js';
import {folderOf} from '../record/servers.js';
import {ConnectError} from '../server/connect-error.js';
import {shorten} from '../server/home.js';
import type {Login, Server} from '../server/server.js';
import {connectSsh} from '../server/ssh.js';
import type {Secret} from '../step.js';
import type {ConnectContext} from './context.js';
import {decideHostKey} from './host-key.js';
import {placeOf, type SshTarget} from './target.js';

/** Reasons for which a server that was set up may have shut out its owner. */
const shut: ReadonlySet<ConnectError['reason']> = new Set(['log-in', 'sudo-password', 'no-sudo', 'refused', 'silent']);

/** Whoever cannot get into a server that was set up is told where its rescue card lies, and before that `others`. What it was thrown comes back where there is none. */
export const withCard = async ({knownHosts, stateDir}: Pick<ConnectContext, 'knownHosts' | 'stateDir'>, place: string, error: unknown, others: readonly string[] = []): Promise<unknown> => {
	const record = knownHosts.at(place)?.record;
	if (!(error instanceof ConnectError) || !shut.has(error.reason) || record === undefined) {
		return error;
	}

	const card = cardAt(stateDir, place, folderOf(stateDir, record));
	const told = new ConnectError(error.reason, error.message, [...error.tries, ...others, `If no way in is left, the rescue card says how to get in by your provider's console: ${shorten(card)}`]);
	told.offered = error.offered;
	return access(card).then(() => told, () => error);
};

/** One attempt to log in. What `trust` threw is what comes out. */
export const attempt = async (context: ConnectContext, target: SshTarget, login: Login, {greeted, newPassword}: {readonly greeted: (() => void) | undefined; readonly newPassword?: Secret | undefined}): Promise<Server> => {
	const {listener, knownHosts, options, questions} = context;
	const {host, port, name} = target;
	let refusal: unknown;
	await listener({event: 'connecting', server: name, user: login.user});
	try {
		const server = await connectSsh({
			address: host,
			port,
			login,
			...(newPassword && {newPassword}),
			...(greeted && {greeted}),
			async trust(key, kind) {
				try {
					await decideHostKey(knownHosts.all(), placeOf(host, port), name, options.hostKey, {key, kind}, {questions, listener});
					// The answer holds for the attempts that follow.
					await knownHosts.add({place: placeOf(host, port), ...merged(knownHosts.at(placeOf(host, port)), key)});
					await listener({event: 'logging-in', server: name, user: login.user});
					return true;
				} catch (error) {
					refusal = error;
					return false;
				}
			},
			waiting(what, seconds) {
				void listener({
					event: 'waiting', for: `waiting for ${what}, ${seconds} s at most`, seconds: 0, secondsLeft: seconds,
				});
			},
		});
		await listener({event: 'logged-in', server: name, user: login.user});
		return server;
	} catch (error) {
		throw refusal ?? await withCard(context, placeOf(host, port), error);
	}
};

/** A key seen at a place: added to the known server's, or the first of one not known yet. */
const merged = (before: ReturnType<ConnectContext['knownHosts']['at']>, key: string): {record: string | undefined; id: string | undefined; keys: readonly string[]} =>
	before?.keys.includes(key) ? before : {record: undefined, id: undefined, keys: [key]};
