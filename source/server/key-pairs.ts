/** The person's key pairs: which there are, whether they are in the person's hands, and a new one. */
import type {Buffer} from 'node:buffer';
import {randomBytes} from 'node:crypto';
import {
	mkdir,
	open,
	readdir,
	readFile,
	rm,
} from 'node:fs/promises';
import {homedir} from 'node:os';
import path from 'node:path';
import ssh2, {type ParsedKey} from 'ssh2';
import type {KeyInHand, Secret} from '../step.js';
import {agentKeys, agentPath, agentSign} from './agent.js';
import {ConnectError} from './connect-error.js';
import {fingerprint, fingerprintOfLine, publicLine} from './fingerprint.js';
import {shorten} from './home.js';
import {readKeyFile} from './key-file.js';

/** A key pair that may be the person's. `identity` is a file's path, `agent` for the agent's first key, `agent:SHA256:…` for another of its. */
export type Candidate = {readonly identity: string; readonly publicKey: string | undefined; readonly comment: string; readonly encrypted: boolean};

const usualNames = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

const fileCandidate = async (file: string): Promise<Candidate | undefined> => {
	const line = await readFile(`${file}.pub`, 'utf8').catch(() => undefined);
	const words = line?.trim().split(/\s+/v) ?? [];
	const publicKey = words.length > 1 ? words.slice(0, 2).join(' ') : undefined;
	const comment = words.slice(2).join(' ');
	try {
		return {
			identity: file, publicKey: publicLine(await readKeyFile(file)), comment, encrypted: false,
		};
	} catch (error) {
		return error instanceof ConnectError && error.reason === 'key-encrypted'
			? {
				identity: file, publicKey, comment, encrypted: true,
			}
			: undefined;
	}
};

/** What the agent holds, then what stands in ~/.ssh under its usual names. Never rejects. */
export const candidates = async (folder = path.join(homedir(), '.ssh')): Promise<readonly Candidate[]> => {
	const inAgent = agentPath() === undefined ? [] : await agentKeys().catch(() => []);
	const names = await readdir(folder).catch((): string[] => []);
	const files = await Promise.all(usualNames.filter(name => names.includes(name)).map(async name => fileCandidate(path.join(folder, name))));
	return [
		...inAgent.map(({publicKey, comment}, index) => ({
			identity: index === 0 ? 'agent' : `agent:${fingerprintOfLine(publicKey)}`, publicKey, comment, encrypted: false,
		})),
		...files.filter(candidate => candidate !== undefined),
	];
};

/** The agent's keys that `identity` (`agent`, or `agent:SHA256:…`) speaks of. Rejects with a `ConnectError` where there is none. */
export const chooseFromAgent = async (identity: string): Promise<readonly ParsedKey[]> => {
	const wanted = identity.slice('agent:'.length);
	const keys = await agentKeys();
	const chosen = keys.filter(({publicKey}) => wanted === '' || fingerprintOfLine(publicKey) === wanted).map(({key}) => key);
	if (chosen.length === 0) {
		throw new ConnectError('no-agent', wanted === '' ? 'Your SSH agent holds no key.' : `Your SSH agent does not hold the key ${wanted}.`, ['Add it with ssh-add, or name a key file with -i']);
	}

	return chosen;
};

export const isAgent = (identity: string): boolean => identity === 'agent' || identity.startsWith('agent:');

/** Proves that the private half is at hand, by signing something random and checking it with the public half. Rejects with a `ConnectError`. */
export const proveKey = async (identity: string, passphrase?: Secret): Promise<KeyInHand> => {
	const challenge = randomBytes(64);
	const inAgent = isAgent(identity);
	const key = inAgent ? (await chooseFromAgent(identity))[0]! : await readKeyFile(identity, passphrase);
	const hash = key.type === 'ssh-rsa' ? 'sha256' : undefined;
	const signature = inAgent ? await agentSign(key, challenge) : key.sign(challenge, hash) as Buffer | Error;
	// a parsed public half of its own: what is checked is what will stand in authorized_keys
	const half = ssh2.utils.parseKey(publicLine(key));
	if (signature instanceof Error || half instanceof Error || !half.verify(challenge, signature, hash)) {
		throw new ConnectError('not-a-key', `The key ${shorten(identity)} did not sign: it is not in your hands.`, ['Choose another key, or let a new one be made.']);
	}

	return {publicKey: publicLine(key), fingerprint: fingerprint(key.getPublicSSH()), identity};
};

const writeNew = async (file: string, text: string, mode: number): Promise<void> => {
	const handle = await open(file, 'wx', mode);
	try {
		await handle.chmod(mode);
		await handle.writeFile(text);
		await handle.sync();
	} finally {
		await handle.close();
	}
};

/** ssh2 drops a leading zero byte of either half, which spoils about one pair in two hundred: such a one is thrown away. */
export const soundPair = (comment: string): {readonly public: string; readonly private: string} => {
	for (;;) {
		const pair = ssh2.utils.generateKeyPairSync('ed25519', {comment});
		if (!(ssh2.utils.parseKey(pair.private) instanceof Error) && !(ssh2.utils.parseKey(pair.public) instanceof Error)) {
			return pair;
		}
	}
};

/** Makes an ed25519 pair in OpenSSH's format at `file` (0600) and `file.pub`, never over another file, and proves it. Rejects with a `ConnectError`. */
export const makeKey = async (file: string, comment = 'dropwise'): Promise<KeyInHand> => {
	const pair = soundPair(comment);
	await mkdir(path.dirname(file), {recursive: true, mode: 0o700});
	try {
		await writeNew(`${file}.pub`, pair.public.trimEnd() + '\n', 0o644);
		try {
			await writeNew(file, pair.private, 0o600);
		} catch (error) {
			await rm(`${file}.pub`);
			throw error;
		}
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		throw new ConnectError('key-unreadable', code === 'EEXIST' ? `There is a key file at ${shorten(file)} or ${shorten(file)}.pub already; it was left alone.` : `A key file cannot be made at ${shorten(file)} (${code}).`, ['Name another file.']);
	}

	return proveKey(file);
};
