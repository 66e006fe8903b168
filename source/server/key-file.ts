/** Reading a private key's file. */
import {readFile} from 'node:fs/promises';
import ssh2, {type ParsedKey} from 'ssh2';
import type {Secret} from '../step.js';
import {ConnectError} from './connect-error.js';
import {shorten} from './home.js';
import {reveal} from './secret.js';

const readText = async (path: string): Promise<string> => {
	try {
		return await readFile(path, 'utf8');
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		const why = {ENOENT: 'there is no such file', EACCES: 'you may not read it', EISDIR: 'it is a folder'}[code ?? ''] ?? `it cannot be read (${code})`;
		throw new ConnectError('key-unreadable', `The key file ${shorten(path)} cannot be used: ${why}.`, ['Name the private key, for example -i ~/.ssh/id_ed25519']);
	}
};

/** Reads and, with the passphrase, opens a private key. Rejects with a `ConnectError` that names the file. */
export const readKeyFile = async (path: string, passphrase?: Secret): Promise<ParsedKey> => {
	const text = await readText(path);
	const key = ssh2.utils.parseKey(text, passphrase && reveal(passphrase)) as ParsedKey | ParsedKey[] | Error;
	if (key instanceof Error) {
		if (key.message.includes('no passphrase given')) {
			throw new ConnectError('key-encrypted', `The key file ${shorten(path)} is protected by a passphrase.`, ['Give its passphrase with --passphrase-file FILE, or add the key to your agent with ssh-add.']);
		}

		if (passphrase && /integrity|decrypt|passphrase|malformed/iv.test(key.message)) {
			throw new ConnectError('key-encrypted', `The passphrase does not open the key file ${shorten(path)}.`, ['Try the passphrase again.']);
		}

		const tries = text.includes('PuTTY')
			? ['It is PuTTY\'s: convert it in PuTTYgen (Conversions, Export OpenSSH key).']
			: ['Name the private key, for example -i ~/.ssh/id_ed25519; `ssh-keygen -y -f FILE` shows whether a file is one.'];
		throw new ConnectError('not-a-key', `The file ${shorten(path)} is no private key that can be used here.`, tries);
	}

	const first = Array.isArray(key) ? key[0]! : key;
	if (!first.isPrivateKey()) {
		throw new ConnectError('not-a-key', `The file ${shorten(path)} is the public half of a key pair.`, [`Name the private half, which is usually ${shorten(path).replace(/\.pub$/v, '')}`]);
	}

	return first;
};
