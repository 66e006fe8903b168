import {homedir} from 'node:os';
import path from 'node:path';
import {identityIn, type KeyQuestion} from '../engine/roles.js';
import {sshCommand} from '../record/rescue-card.js';
import {makePrivateFolder} from '../record/state-dir.js';
import {ConnectError} from '../server/connect-error.js';
import {expandHome, shorten} from '../server/home.js';
import {
	candidates,
	makeKey,
	proveKey,
	type Candidate,
} from '../server/key-pairs.js';
import type {Server} from '../server/server.js';
import type {AllAnswers, KeyInHand, Secret} from '../step.js';
import {askKey, type KeyOffer} from '../ui/connect-questions.js';
import {UsageError} from '../usage-error.js';
import type {ConnectContext, ConnectOptions} from './context.js';
import type {Connection} from './connection.js';
import {takeSecret} from './read-secrets.js';
import {refusalOf} from './refusal.js';

export type FoundKey = {readonly key: KeyInHand; readonly passphrase: Secret | undefined};
type Wish = {readonly wanted: string | undefined; readonly known: KeyInHand | undefined; /** Which answer there cannot be done without it; undefined where it can. */ readonly needed: string | undefined};

/** The command that logs in from now on. On a real server the key would be one of the person's own, which ssh finds by itself: the practice droplet's is not named. */
export const logInCommand = (user: string, {practice, me: {address, sshPort}}: Pick<Server, 'practice' | 'me'>, identity: string | undefined): string => {
	const short = shorten(identity ?? '');
	// In quotes a shell takes ~ for a letter.
	return sshCommand(user, address, sshPort, practice || identity === undefined ? undefined : /\s|'/.test(short) ? identity : short);
};

/** The key pair for the admin's door, as far as it was named: the answer's, and where there is none the one that `-i` logs in with. */
export const namedKey = ({identity}: ConnectOptions, given: AllAnswers, question: KeyQuestion | undefined): string | undefined => identityIn(given, question) ?? identity;

export const ownKey = (): string => path.join(homedir(), '.ssh', 'id_ed25519');

/** Proves a key pair by signing with it; asks for the passphrase where there is one and somebody to ask. */
export const prove = async ({secrets, passphrases, questions, redactor, listener}: ConnectContext, identity: string): Promise<FoundKey> => {
	const file = expandHome(identity);
	let passphrase = passphrases.get(file) ?? secrets.passphrase;
	for (let tries = 0; ; tries++) {
		try {
			const key = await proveKey(file, passphrase);
			if (passphrase) {
				passphrases.set(file, passphrase);
			}

			return {key, passphrase};
		} catch (error) {
			if (!(error instanceof ConnectError) || error.reason !== 'key-encrypted' || !questions || tries === 3) {
				throw error;
			}

			if (tries > 0) {
				await listener({event: 'needed', trouble: {what: `That does not open it. ${3 - tries} ${tries === 2 ? 'try' : 'tries'} left.`, tries: []}});
			}

			passphrase = takeSecret(await questions.secret(`Passphrase of ${shorten(identity)} (it is not shown):`), redactor);
		}
	}
};

/** The practice droplet's own key pair: never among the person's own. */
const practiceKey = async (folder: string): Promise<FoundKey> => {
	const file = path.join(await makePrivateFolder(folder), 'id_ed25519');
	try {
		return {key: await proveKey(file, undefined), passphrase: undefined};
	} catch {
		return {key: await makeKey(file, 'dropwise-practice'), passphrase: undefined};
	}
};

/** The key pair of a run that asks nothing: as named, as recorded, or the first of the person's own that needs no passphrase. */
export const keyFor = async (context: ConnectContext, {keyFolder}: Connection, {wanted, known, needed}: Wish): Promise<FoundKey | undefined> => {
	if (wanted !== undefined) {
		return prove(context, wanted);
	}

	if (keyFolder !== undefined) {
		return practiceKey(keyFolder);
	}

	if (known) {
		return prove(context, known.identity).catch((error: unknown) => {
			if (needed !== undefined) {
				throw error;
			}

			// For looking the public half is enough.
			return {key: known, passphrase: undefined};
		});
	}

	for (const {identity} of await candidates()) {
		try {
			return await prove({...context, questions: undefined}, identity);
		} catch {}
	}

	if (needed !== undefined) {
		throw new UsageError(`${needed} is missing, and there is no key pair in ${shorten(path.dirname(ownKey()))} or an agent that can be used without a passphrase: name one with -i FILE, or make one with ssh-keygen -t ed25519.`);
	}

	return undefined;
};

const offer = ({identity, comment, encrypted}: Candidate): KeyOffer => ({
	identity,
	label: /^agent(?::|$)/.test(identity) ? `the key in your SSH agent${comment ? ` (${comment})` : ''}` : shorten(identity),
	...(encrypted && {note: 'asks for its passphrase'}),
});

export const keyOffers = async (): Promise<readonly KeyOffer[]> => (await candidates()).map(candidate => offer(candidate));

/** The key pair of the wizard: asks which, makes one if there is none. */
export const chooseKey = async (context: ConnectContext, {keyFolder}: Connection, preferred: string | undefined): Promise<FoundKey> => {
	if (keyFolder !== undefined) {
		return practiceKey(keyFolder);
	}

	const questions = context.questions!;
	const {listener} = context;
	if (preferred !== undefined) {
		try {
			return await prove(context, preferred);
		} catch (error) {
			if (!(error instanceof ConnectError)) {
				throw error;
			}

			await listener(refusalOf(error));
		}
	}

	for (;;) {
		const offers = await keyOffers();
		const choice = await askKey(questions, offers, offers.some(({identity}) => identity === ownKey()) ? undefined : shorten(ownKey()));
		try {
			if (choice !== 'make') {
				return await prove(context, choice.identity);
			}

			const key = await makeKey(ownKey(), 'dropwise');
			await listener({event: 'key-made', identity: shorten(ownKey())});
			return {key, passphrase: undefined};
		} catch (error) {
			if (!(error instanceof ConnectError)) {
				throw error;
			}

			await listener(refusalOf(error, 'Nothing was changed: choose again.'));
		}
	}
};
