/** The ways a log-in can be tried: exactly those that what we were given allows, for every try that fails counts against us. */
import type {Login} from './server.js';
import {ChosenKeys} from './agent.js';
import {ConnectError} from './connect-error.js';
import {fingerprintOfLine, publicLine} from './fingerprint.js';
import {readKeyFile} from './key-file.js';
import {chooseFromAgent, isAgent} from './key-pairs.js';
import {reveal} from './secret.js';

export type Way = {
	readonly kind: 'key' | 'agent' | 'password';
	/** The method's name in SSH. */
	readonly method: 'publickey' | 'password' | 'keyboard-interactive';
	readonly auth: Readonly<Record<string, unknown>>;
	/** Whether the server waits for us now: an agent may ask the person first. */
	readonly isPersonsTurn?: () => boolean;
};

/** More keys of an agent are not shown: most servers hang up at the sixth try. */
const mostKeys = 5;

const agentWay = async (identity: string, publicKey: string | undefined): Promise<Way> => {
	const keys = await chooseFromAgent(identity);
	const wanted = publicKey === undefined ? keys : keys.filter(key => publicLine(key) === publicKey);
	if (wanted.length === 0) {
		throw new ConnectError('no-agent', `Your SSH agent no longer holds the key ${fingerprintOfLine(publicKey!) ?? ''}.`, ['Add it again with ssh-add.']);
	}

	const agent = new ChosenKeys(wanted.slice(0, mostKeys));
	return {
		kind: 'agent', method: 'publickey', auth: {type: 'agent', agent}, isPersonsTurn: () => agent.isSigning,
	};
};

const keyWay = async ({identity, passphrase, publicKey}: Login): Promise<Way> => {
	if (isAgent(identity!)) {
		return agentWay(identity!, publicKey);
	}

	try {
		return {kind: 'key', method: 'publickey', auth: {type: 'publickey', key: await readKeyFile(identity!, passphrase)}};
	} catch (error) {
		if (!(error instanceof ConnectError) || error.reason !== 'key-encrypted' || publicKey === undefined || passphrase) {
			throw error;
		}

		// its passphrase may have been given to the agent
		return agentWay('agent', publicKey).catch(() => {
			throw error;
		});
	}
};

const passwordWays = (password: string): Way[] => [
	{kind: 'password', method: 'password', auth: {type: 'password', password}},
	{
		kind: 'password',
		method: 'keyboard-interactive',
		auth: {
			type: 'keyboard-interactive',
			prompt(_name: string, _instructions: string, _lang: string, prompts: ReadonlyArray<{prompt: string; echo?: boolean}>, finish: (answers: string[]) => void) {
				// only what is not echoed is a password
				finish(prompts.map(({echo}) => echo ? '' : password));
			},
		},
	},
];

/** Rejects with a `ConnectError` that names what cannot be used. */
export const waysIn = async (login: Login): Promise<readonly Way[]> => {
	const ways = [
		...(login.identity === undefined ? [] : [await keyWay(login)]),
		...(login.password ? passwordWays(reveal(login.password)) : []),
	];
	if (ways.length === 0) {
		throw new ConnectError('log-in', `Neither a key nor a password was given for ${login.user}.`, ['Name a key with -i FILE, or a password with --password-file FILE.']);
	}

	return ways;
};
