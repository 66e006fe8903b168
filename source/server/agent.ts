/** The person's SSH agent. */
import type {Buffer} from 'node:buffer';
import process from 'node:process';
import ssh2, {
	type BaseAgent,
	type ParsedKey,
	type PublicKeyEntry,
	type SignCallback,
	type SigningRequestOptions,
} from 'ssh2';
import {ConnectError} from './connect-error.js';
import {publicLine} from './fingerprint.js';

const {createAgent, BaseAgent: Base} = ssh2;

export type AgentKey = {readonly publicKey: string; readonly comment: string; readonly key: ParsedKey};

/** Where it listens; undefined where there is none. */
export const agentPath = (): string | undefined => process.env.SSH_AUTH_SOCK || (process.platform === 'win32' ? String.raw`\\.\pipe\openssh-ssh-agent` : undefined);

const open = (): BaseAgent => {
	const path = agentPath();
	if (path === undefined) {
		throw new ConnectError('no-agent', 'There is no SSH agent here: SSH_AUTH_SOCK is not set.', ['Name a key file with -i, or start an agent with: eval "$(ssh-agent)" && ssh-add']);
	}

	return createAgent(path);
};

const listed = async (agent: BaseAgent): Promise<Array<ParsedKey | PublicKeyEntry>> => new Promise((resolve, reject) => {
	agent.getIdentities((error, keys) => {
		if (error) {
			reject(new ConnectError('no-agent', 'The SSH agent does not answer.', ['See whether `ssh-add -l` lists your key.']));
		} else {
			resolve((keys ?? []) as Array<ParsedKey | PublicKeyEntry>);
		}
	});
});

const asParsed = (key: ParsedKey | PublicKeyEntry | Buffer | string): ParsedKey | undefined => {
	if (typeof key === 'object' && 'getPublicSSH' in key) {
		return key;
	}

	const parsed = ssh2.utils.parseKey(typeof key === 'object' && 'pubKey' in key ? (typeof key.pubKey === 'object' && 'pubKey' in key.pubKey ? key.pubKey.pubKey : key.pubKey) : key);
	return parsed instanceof Error ? undefined : parsed;
};

/** The keys it holds, of the kinds we can use. Rejects with a `ConnectError` where there is no agent. */
export const agentKeys = async (): Promise<readonly AgentKey[]> => {
	const keys = await listed(open());
	return keys.map(key => asParsed(key)).filter(key => key !== undefined).map(key => ({publicKey: publicLine(key), comment: key.comment, key}));
};

/** Has the agent sign. Rejects with a `ConnectError` where it will not. */
export const agentSign = async (key: ParsedKey, data: Buffer): Promise<Buffer> => new Promise((resolve, reject) => {
	open().sign(key, data, key.type === 'ssh-rsa' ? {hash: 'sha256'} : {}, (error, signature) => {
		if (error ?? !signature) {
			reject(new ConnectError('no-agent', 'The SSH agent refused to sign with the key.', ['If it asks for a confirmation, give it, and try again.']));
		} else {
			resolve(signature);
		}
	});
});

/** An agent that shows the given keys alone: each key that a server is offered counts as a try. */
export class ChosenKeys extends Base {
	readonly #agent = open();
	readonly #keys: readonly ParsedKey[];
	/** Whether the agent was asked and has not answered: it may wait for a touch, or a confirmation. */
	isSigning = false;

	constructor(keys: readonly ParsedKey[]) {
		super();
		this.#keys = keys;
	}

	getIdentities(callback: (error?: Error | null, keys?: ParsedKey[]) => void): void {
		callback(null, [...this.#keys]);
	}

	sign(key: ParsedKey, data: Buffer, options: SigningRequestOptions | SignCallback, callback?: SignCallback): void {
		const [how, then] = typeof options === 'function' ? [{}, options] : [options, callback];
		this.isSigning = true;
		this.#agent.sign(key, data, how, (error, signature) => {
			this.isSigning = false;
			then?.(error, signature);
		});
	}
}
