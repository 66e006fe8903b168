import {readKeeper} from '../record/keeper.js';
import {folderOf} from '../record/servers.js';
import {ConnectError} from '../server/errors.js';
import {candidates} from '../server/keys.js';
import type {Login, Server} from '../server/server.js';
import {connectSsh} from '../server/ssh.js';
import type {Secret} from '../step.js';
import {askUser, askWayIn} from '../ui/connect.js';
import {troubleLines} from '../ui/planned.js';
import type {House} from './house.js';
import {expandHome, keyOffers, prove} from './keys.js';
import type {Reached} from './reached.js';
import {takeSecret} from './secrets.js';
import {hintOf, placeOf, type Target} from './target.js';
import {decideTrust} from './trust.js';

/** Reasons that another user, key or password can mend. */
const personal: ReadonlySet<ConnectError['reason']> = new Set(['log-in', 'key-unreadable', 'key-encrypted', 'not-a-key', 'no-agent', 'password-expired', 'sudo-password', 'no-sudo']);

type SshTarget = Extract<Target, {kind: 'ssh'}>;

/** One attempt to log in. What `trust` threw is what comes out. */
const attempt = async (house: House, target: SshTarget, login: Login, newPassword?: Secret): Promise<Server> => {
	const {front, sightings, options, questions} = house;
	const {host, port, name} = target;
	let refusal: unknown;
	front.sink.live(`connecting to ${name} as ${login.user}`);
	try {
		return await connectSsh({
			address: host,
			port,
			login,
			...(newPassword && {newPassword}),
			async trust(key, kind) {
				front.sink.live(undefined);
				try {
					await decideTrust(sightings.all(), placeOf(host, port), name, options.hostKey, {key, kind}, {questions, front});
					// The answer holds for the attempts that follow.
					await sightings.add({place: placeOf(host, port), ...merged(sightings.at(placeOf(host, port)), key)});
					front.sink.live(`logging in to ${name} as ${login.user}`);
					return true;
				} catch (error) {
					refusal = error;
					return false;
				}
			},
			waiting(what, seconds) {
				front.sink.live(`waiting for ${what}, ${seconds} s at most`);
			},
		});
	} catch (error) {
		throw refusal ?? error;
	} finally {
		front.sink.live(undefined);
	}
};

/** A key seen at a place: added to the known server's, or the first of one not known yet. */
const merged = (before: ReturnType<House['sightings']['at']>, key: string): {record: string | undefined; id: string | undefined; keys: readonly string[]} =>
	before?.keys.includes(key) ? before : {record: undefined, id: undefined, keys: [key]};

/** Adds what only the person knows, when the server asks for it. */
const attemptAsking = async (house: House, target: SshTarget, login: Login): Promise<{server: Server; login: Login}> => {
	const {questions, redactor, front} = house;
	let now = login;
	let newPassword: Secret | undefined;
	for (let tries = 0; ; tries++) {
		try {
			return {server: await attempt(house, target, now, newPassword), login: newPassword ? {...now, password: newPassword} : now};
		} catch (error) {
			if (!(error instanceof ConnectError) || !questions || tries === 3) {
				throw error;
			}

			switch (error.reason) {
				case 'sudo-password': {
					front.tell(error.message);
					now = {...now, sudoPassword: takeSecret(await questions.secret(`Password of ${now.user}, for sudo (it is not shown):`), redactor)};
					break;
				}

				case 'password-expired': {
					front.tell(error.message);
					now = now.password ? now : {...now, password: takeSecret(await questions.secret('The password as it is now (it is not shown):'), redactor)};
					newPassword = takeSecret(await questions.secret('A new password, long and unlike the old (it is not shown):'), redactor);
					break;
				}

				case 'key-encrypted': {
					now = {...now, ...await passphraseFor(house, now.identity!)};
					break;
				}

				default: {
					throw error;
				}
			}
		}
	}
};

const passphraseFor = async (house: House, identity: string): Promise<Pick<Login, 'passphrase'>> => {
	const {passphrase} = await prove(house, identity);
	return passphrase ? {passphrase} : {};
};

/** Asks how to log in until it works or the person stops. */
const byAsking = async (house: House, target: SshTarget, firstUser: string | undefined): Promise<{server: Server; login: Login}> => {
	const {redactor, front} = house;
	const questions = house.questions!;
	let user = firstUser;
	for (;;) {
		user ??= await askUser(questions, 'root');
		const way = await askWayIn(questions, user, await keyOffers());
		try {
			const login: Login = way.way === 'password'
				? {user, password: takeSecret(await questions.secret(`Password of ${user} (it is not shown):`), redactor)}
				: {user, identity: expandHome(way.identity)};
			return await attemptAsking(house, target, login);
		} catch (error) {
			if (!(error instanceof ConnectError) || !personal.has(error.reason)) {
				throw error;
			}

			for (const line of troubleLines({what: error.message, tries: error.tries}, front.look)) {
				front.say(line);
			}

			user = undefined;
		}
	}
};

/** Without anybody to ask: the person's own keys, one after the other. */
const byOwnKeys = async (house: House, target: SshTarget, user: string): Promise<{server: Server; login: Login}> => {
	const identities = (await candidates()).filter(({encrypted}) => !encrypted || house.secrets.passphrase).map(({identity}) => identity);
	let last: ConnectError | undefined;
	for (const identity of identities) {
		const login: Login = {user, identity, ...(house.secrets.passphrase && {passphrase: house.secrets.passphrase})};
		try {
			return {server: await attempt(house, target, login), login};
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
export const reachSsh = async (house: House, target: SshTarget): Promise<Reached> => {
	const {options, secrets, sightings, stateDir, questions, front} = house;
	const place = placeOf(target.host, target.port);
	const record = sightings.at(place)?.record;
	const known = record === undefined ? undefined : (await readKeeper(folderOf(stateDir, record))).known;
	const user = target.user ?? known?.user;
	const as = ({server, login}: {server: Server; login: Login}): Reached => ({
		server, login, given: target.name, name: hintOf(target), place, keyFolder: undefined,
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
			return as(await attemptAsking(house, target, login));
		} catch (error) {
			if (!(error instanceof ConnectError) || !personal.has(error.reason) || (index === logins.length - 1 && !questions)) {
				throw error;
			}

			front.tell(error.message);
		}
	}

	return as(await (questions ? byAsking(house, target, target.user ?? (recorded ? undefined : known?.user)) : byOwnKeys(house, target, user ?? 'root')));
};
