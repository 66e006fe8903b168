/** Logging in with somebody there who can be asked. */
import {ConnectError} from '../server/connect-error.js';
import {expandHome} from '../server/home.js';
import type {Login, Server} from '../server/server.js';
import type {Secret} from '../step.js';
import {askLoginChoice, askUser} from '../ui/connect-questions.js';
import {trailOf, type Answered} from '../ui/going-back.js';
import {Back, type Questions} from '../ui/questions.js';
import {attempt} from './attempt.js';
import {keyOffers, prove} from './choose-key.js';
import type {ConnectContext} from './context.js';
import {takeSecret} from './read-secrets.js';
import {refusalOf} from './refusal.js';
import type {SshTarget} from './target.js';

/** Reasons that another user, key or password can mend. */
export const personal: ReadonlySet<ConnectError['reason']> = new Set(['log-in', 'key-unreadable', 'key-encrypted', 'not-a-key', 'no-agent', 'password-expired', 'sudo-password', 'no-sudo']);

/** A server that was logged in to, and how. */
export type LoggedInAs = {readonly server: Server; readonly login: Login};

/** What only the person knows, and the server asked for. Throws what it was about where asking does not help. */
const addWhatIsMissing = async (context: ConnectContext, questions: Questions, {login, isTyped}: {readonly login: Login; readonly isTyped: boolean}, error: ConnectError): Promise<{login: Login; newPassword?: Secret}> => {
	const {redactor, listener} = context;
	const secret = async (says: string): Promise<Secret> => takeSecret(await questions.secret(`${says} (it is not shown):`), redactor);
	switch (error.reason) {
		case 'sudo-password': {
			// Words for a command line are of no use here.
			await listener({event: 'needed', trouble: {what: error.message, tries: error.tries.filter(text => !text.includes('--'))}});
			return {login: {...login, sudoPassword: await secret(`Password of ${login.user}, for sudo`)}};
		}

		case 'password-expired': {
			await listener({event: 'needed', trouble: {what: error.message, tries: []}});
			const old = login.password ?? await secret('The password as it is now');
			return {login: {...login, password: old}, newPassword: await secret('A new password, long and unlike the old')};
		}

		case 'key-encrypted': {
			return {login: {...login, ...await passphraseFor(context, login.identity!)}};
		}

		case 'log-in': {
			if (!login.password || !isTyped || !takesPasswords(error)) {
				throw error;
			}

			// At once, and hidden: whoever is asked for anything else types the password into that.
			await listener(refusalOf(error));
			return {login: {...login, password: await secret(`Password of ${login.user}`)}};
		}

		default: {
			throw error;
		}
	}
};

/** Whether another password may lead in. */
const takesPasswords = ({offered}: ConnectError): boolean => offered?.some(way => way === 'password' || way === 'keyboard-interactive') ?? true;

/** Logs in, and asks for what the server wants besides. `isTyped`: the person is there and said how. Undefined where the person goes back over that: they want another way in. */
export const attemptAsking = async (context: ConnectContext, target: SshTarget, login: Login, greeted: (() => void) | undefined, isTyped: boolean): Promise<LoggedInAs | undefined> => {
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
				now = {...now, ...await addWhatIsMissing(context, questions, {login: now.login, isTyped}, error)};
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
const askLogin = async (questions: Questions, redactor: ConnectContext['redactor'], user: string, again: boolean): Promise<Login> => {
	const choice = await askLoginChoice(questions, user, await keyOffers(), again);
	switch (choice.way) {
		case 'password': {
			return {user, password: takeSecret(await questions.secret(`Password of ${user} (it is not shown):`), redactor)};
		}

		case 'key': {
			return {user, identity: expandHome(choice.identity)};
		}

		case 'as-another': {
			return askLogin(questions, redactor, await askUser(questions, user), false);
		}
	}
};

/** Asks how to log in until it works or the person stops. */
export const byAsking = async (context: ConnectContext, target: SshTarget, named: string | undefined, {greeted, answered}: {readonly greeted: (() => void) | undefined; readonly answered: Answered | undefined}): Promise<LoggedInAs> => {
	const trail = trailOf(context.questions!, answered);
	let tried: string | undefined;
	for (;;) {
		let login: Login;
		try {
			login = await trail.ask(async questions => askLogin(questions, context.redactor, tried ?? named ?? await askUser(questions, 'root'), tried !== undefined));
		} catch (error) {
			if (!(error instanceof Back) || tried === undefined) {
				throw error;
			}

			tried = undefined;
			continue;
		}

		try {
			const connection = await attemptAsking(context, target, login, greeted, true);
			if (connection) {
				return connection;
			}

			// Back to the way in, not to the same password once more.
			trail.back();
			if (login.password) {
				trail.back();
			}
		} catch (error) {
			if (error instanceof Back) {
				trail.back();
			} else if (error instanceof ConnectError && personal.has(error.reason)) {
				await context.listener(refusalOf(error));
				tried = login.user;
				trail.restart();
			} else {
				throw error;
			}
		}
	}
};
