import {readServerRecord} from '../record/server-record.js';
import {folderOf} from '../record/servers.js';
import {ConnectError} from '../server/connect-error.js';
import {expandHome} from '../server/home.js';
import {candidates} from '../server/key-pairs.js';
import type {Login} from '../server/server.js';
import {
	attemptAsking,
	byAsking,
	personal,
	type LoggedInAs,
} from './ask-to-log-in.js';
import {attempt} from './attempt.js';
import type {Connection} from './connection.js';
import type {ConnectContext, ConnectingOptions} from './context.js';
import {refusalOf} from './refusal.js';
import {hintOf, placeOf, type SshTarget} from './target.js';

/** Without anybody to ask: the person's own keys, one after the other. */
const byOwnKeys = async (context: ConnectContext, target: SshTarget, user: string, greeted: (() => void) | undefined): Promise<LoggedInAs> => {
	const identities = (await candidates()).filter(({encrypted}) => !encrypted || context.secrets.passphrase).map(({identity}) => identity);
	let last: ConnectError | undefined;
	for (const identity of identities) {
		const login: Login = {user, identity, ...(context.secrets.passphrase && {passphrase: context.secrets.passphrase})};
		try {
			return {server: await attempt(context, target, login, {greeted}), login};
		} catch (error) {
			if (!(error instanceof ConnectError) || error.reason !== 'log-in') {
				throw error;
			}

			last = error;
		}
	}

	throw last ?? new ConnectError('log-in', `There is nothing to log in to ${target.name} with: no key pair in ~/.ssh or an agent, and no password.`, ['Name a key with -i FILE, or a password with --password-file FILE.']);
};

/** Connects to a real server: with what was given, what the record says, or what the person says. */
export const connectOverSsh = async (context: ConnectContext, target: SshTarget, {looking = false, greeted, answered}: ConnectingOptions): Promise<Connection> => {
	const {options, secrets, knownHosts, stateDir, questions} = context;
	const place = placeOf(target.host, target.port);
	const record = knownHosts.at(place)?.record;
	const known = record === undefined ? undefined : (await readServerRecord(folderOf(stateDir, record))).known;
	const user = target.user ?? known?.user;
	const as = ({server, login}: LoggedInAs): Connection => ({
		server, login, given: target.name, name: hintOf(target), place, keyFolder: undefined, ...(looking && {arrival: {login}}),
	});
	const {password, passphrase, sudoPassword} = secrets;
	const shared = {...(passphrase && {passphrase}), ...(sudoPassword && {sudoPassword})};
	const given: Login | undefined = options.identity !== undefined || password
		? {user: user ?? 'root', ...(options.identity !== undefined && {identity: expandHome(options.identity)}), ...(password && {password}), ...shared}
		: undefined;
	// Root's door is shut once a server has its own user: who still says root@ means that server.
	const recorded: Login | undefined = known?.key && known.user !== undefined && known.user !== 'root' && [undefined, 'root', known.user].includes(target.user)
		? {user: known.user, identity: known.key.identity, publicKey: known.key.publicKey, ...shared}
		: undefined;
	const logins = [given, recorded].filter(login => login !== undefined);
	for (const [index, login] of logins.entries()) {
		try {
			const connection = await attemptAsking(context, target, login, greeted, false);
			if (connection) {
				return as(connection);
			}
		} catch (error) {
			if (!(error instanceof ConnectError) || !personal.has(error.reason) || (index === logins.length - 1 && !questions)) {
				throw error;
			}

			await context.listener(refusalOf(error));
		}
	}

	return as(await (questions ? byAsking(context, target, target.user ?? (recorded ? undefined : known?.user), {greeted, answered}) : byOwnKeys(context, target, user ?? 'root', greeted)));
};
