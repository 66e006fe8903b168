import {access} from 'node:fs/promises';
import {cardAt} from '../record/rescue-card.js';
import {readServerRecord} from '../record/server-record.js';
import {folderOf} from '../record/servers.js';
import {ConnectError} from '../server/connect-error.js';
import {expandHome, shorten} from '../server/home.js';
import {candidates} from '../server/key-pairs.js';
import type {Login, Server} from '../server/server.js';
import {connectSsh} from '../server/ssh.js';
import type {Secret} from '../step.js';
import {askUser, askLoginChoice} from '../ui/connect-questions.js';
import {trailOf, type Answered} from '../ui/going-back.js';
import {troubleLines} from '../ui/planned.js';
import {Back, type Questions} from '../ui/questions.js';
import type {ConnectContext, ConnectingOptions} from './context.js';
import {keyOffers, prove} from './choose-key.js';
import type {Connection} from './connection.js';
import {takeSecret} from './read-secrets.js';
import {hintOf, placeOf, type Target} from './target.js';
import {decideHostKey} from './host-key.js';

/** Reasons that another user, key or password can mend. */
const personal: ReadonlySet<ConnectError['reason']> = new Set(['log-in', 'key-unreadable', 'key-encrypted', 'not-a-key', 'no-agent', 'password-expired', 'sudo-password', 'no-sudo']);

type SshTarget = Extract<Target, {kind: 'ssh'}>;

/** Reasons for which a server that was set up may have shut out its owner. */
const shut: ReadonlySet<ConnectError['reason']> = new Set(['log-in', 'sudo-password', 'no-sudo', 'refused', 'silent']);

/** Whoever cannot get into a server that was set up is told where its rescue card lies. */
const withCard = async ({knownHosts, stateDir}: ConnectContext, place: string, error: unknown): Promise<unknown> => {
	const record = knownHosts.at(place)?.record;
	if (!(error instanceof ConnectError) || !shut.has(error.reason) || record === undefined) {
		return error;
	}

	const card = cardAt(stateDir, place, folderOf(stateDir, record));
	return access(card).then(() => new ConnectError(error.reason, error.message, [...error.tries, `If no way in is left, the rescue card says how to get in by your provider's console: ${shorten(card)}`]), () => error);
};

/** One attempt to log in. What `trust` threw is what comes out. */
const attempt = async (context: ConnectContext, target: SshTarget, login: Login, {greeted, newPassword}: {readonly greeted: (() => void) | undefined; readonly newPassword?: Secret | undefined}): Promise<Server> => {
	const {terminal, knownHosts, options, questions} = context;
	const {host, port, name} = target;
	let refusal: unknown;
	terminal.output.live(`connecting to ${name} as ${login.user}`);
	try {
		return await connectSsh({
			address: host,
			port,
			login,
			...(newPassword && {newPassword}),
			...(greeted && {greeted}),
			async trust(key, kind) {
				terminal.output.live(undefined);
				try {
					await decideHostKey(knownHosts.all(), placeOf(host, port), name, options.hostKey, {key, kind}, {questions, terminal});
					// The answer holds for the attempts that follow.
					await knownHosts.add({place: placeOf(host, port), ...merged(knownHosts.at(placeOf(host, port)), key)});
					terminal.output.live(`logging in to ${name} as ${login.user}`);
					return true;
				} catch (error) {
					refusal = error;
					return false;
				}
			},
			waiting(what, seconds) {
				terminal.output.live(`waiting for ${what}, ${seconds} s at most`);
			},
		});
	} catch (error) {
		throw refusal ?? await withCard(context, placeOf(host, port), error);
	} finally {
		terminal.output.live(undefined);
	}
};

/** A key seen at a place: added to the known server's, or the first of one not known yet. */
const merged = (before: ReturnType<ConnectContext['knownHosts']['at']>, key: string): {record: string | undefined; id: string | undefined; keys: readonly string[]} =>
	before?.keys.includes(key) ? before : {record: undefined, id: undefined, keys: [key]};

/** What a failure says, and what to try. */
export const showFailure = ({terminal}: ConnectContext, {message: what, tries}: Pick<ConnectError, 'message' | 'tries'>): void => {
	terminal.say('');
	for (const line of troubleLines({what, tries}, terminal.theme)) {
		terminal.say(line);
	}
};

type In = {readonly server: Server; readonly login: Login};

/** What only the person knows, and the server asked for. Throws what it was about where asking does not help. */
const addWhatIsMissing = async (context: ConnectContext, questions: Questions, login: Login, error: ConnectError): Promise<{login: Login; newPassword?: Secret}> => {
	const {redactor, terminal} = context;
	const secret = async (says: string): Promise<Secret> => takeSecret(await questions.secret(`${says} (it is not shown):`), redactor);
	switch (error.reason) {
		case 'sudo-password': {
			// Words for a command line are of no use here.
			const tries = error.tries.filter(text => !text.includes('--'));
			if (tries.length === 0) {
				terminal.paragraph(error.message);
			} else {
				showFailure(context, {message: error.message, tries});
			}

			return {login: {...login, sudoPassword: await secret(`Password of ${login.user}, for sudo`)}};
		}

		case 'password-expired': {
			terminal.paragraph(error.message);
			const old = login.password ?? await secret('The password as it is now');
			return {login: {...login, password: old}, newPassword: await secret('A new password, long and unlike the old')};
		}

		case 'key-encrypted': {
			return {login: {...login, ...await passphraseFor(context, login.identity!)}};
		}

		default: {
			throw error;
		}
	}
};

/** Logs in, and asks for what the server wants besides. Undefined where the person goes back over that: they want another way in. */
const attemptAsking = async (context: ConnectContext, target: SshTarget, login: Login, greeted: (() => void) | undefined): Promise<In | undefined> => {
	const {questions} = context;
	let now: {login: Login; newPassword?: Secret} = {login};
	for (let tries = 0; ; tries++) {
		try {
			const server = await attempt(context, target, now.login, {greeted, newPassword: now.newPassword});
			return {server, login: now.newPassword ? {...now.login, password: now.newPassword} : now.login};
		} catch (error) {
			if (!(error instanceof ConnectError) || !questions || tries === 3) {
				throw error;
			}

			try {
				now = {...now, ...await addWhatIsMissing(context, questions, now.login, error)};
			} catch (error_) {
				if (error_ instanceof Back) {
					return undefined;
				}

				throw error_;
			}
		}
	}
};

const passphraseFor = async (context: ConnectContext, identity: string): Promise<Pick<Login, 'passphrase'>> => {
	const {passphrase} = await prove(context, identity);
	return passphrase ? {passphrase} : {};
};

/** As whom, and with what. */
const askLogin = async (questions: Questions, redactor: ConnectContext['redactor'], user: string): Promise<Login> => {
	const way = await askLoginChoice(questions, user, await keyOffers());
	return way.way === 'password'
		? {user, password: takeSecret(await questions.secret(`Password of ${user} (it is not shown):`), redactor)}
		: {user, identity: expandHome(way.identity)};
};

/** Asks how to log in until it works or the person stops. */
const byAsking = async (context: ConnectContext, target: SshTarget, named: string | undefined, {greeted, answered}: {readonly greeted: (() => void) | undefined; readonly answered: Answered | undefined}): Promise<In> => {
	const trail = trailOf(context.questions!, answered);
	let tried: string | undefined;
	for (;;) {
		const login = await trail.ask(async questions => askLogin(questions, context.redactor, (tried === undefined ? named : undefined) ?? await askUser(questions, tried ?? 'root')));
		try {
			const connection = await attemptAsking(context, target, login, greeted);
			if (connection) {
				return connection;
			}

			trail.back();
		} catch (error) {
			if (error instanceof Back) {
				trail.back();
			} else if (error instanceof ConnectError && personal.has(error.reason)) {
				showFailure(context, error);
				tried = login.user;
				trail.restart();
			} else {
				throw error;
			}
		}
	}
};

/** Without anybody to ask: the person's own keys, one after the other. */
const byOwnKeys = async (context: ConnectContext, target: SshTarget, user: string, greeted: (() => void) | undefined): Promise<In> => {
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
	const as = ({server, login}: In): Connection => ({
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
			const connection = await attemptAsking(context, target, login, greeted);
			if (connection) {
				return as(connection);
			}
		} catch (error) {
			if (!(error instanceof ConnectError) || !personal.has(error.reason) || (index === logins.length - 1 && !questions)) {
				throw error;
			}

			showFailure(context, error);
		}
	}

	return as(await (questions ? byAsking(context, target, target.user ?? (recorded ? undefined : known?.user), {greeted, answered}) : byOwnKeys(context, target, user ?? 'root', greeted)));
};
