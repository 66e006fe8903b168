/** No chance: what is drawn by lot is drawn the same at every start, so that ids, keys and fingerprints are. For pictures only. */
import {Buffer} from 'node:buffer';
import crypto from 'node:crypto';
import {syncBuiltinESMExports} from 'node:module';

/** So many bytes, the same at every start. Each purpose has a series of its own: none disturbs another's. */
const seriesOf = (purpose: string): (size: number) => Buffer => {
	let drawn = 0;
	return size => {
		const blocks: Buffer[] = [];
		for (let have = 0; have < size; have += 32) {
			blocks.push(crypto.createHash('sha256').update(`dropwise ${purpose} ${drawn++}`).digest());
		}

		return Buffer.concat(blocks).subarray(0, size);
	};
};

const bytes = seriesOf('bytes');
const ids = seriesOf('ids');
const seeds = seriesOf('keys');

const randomBytes = (size: number, callback?: (error: Error | null, drawn: Buffer) => void): Buffer | undefined => {
	if (!callback) {
		return bytes(size);
	}

	callback(null, bytes(size));
	return undefined;
};

const randomUUID = (): string => {
	const hex = ids(16).toString('hex');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
};

/** What stands before an ed25519 key's 32 bytes in PKCS 8 (RFC 8410). */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const real = crypto.generateKeyPairSync;

const generateKeyPairSync = (type: string, options?: {publicKeyEncoding?: object; privateKeyEncoding?: object}): unknown => {
	if (type !== 'ed25519') {
		return (real as (...args: unknown[]) => unknown)(type, options);
	}

	const privateKey = crypto.createPrivateKey({key: Buffer.concat([pkcs8, seeds(32)]), format: 'der', type: 'pkcs8'});
	const publicKey = crypto.createPublicKey(privateKey);
	return {
		privateKey: options?.privateKeyEncoding ? privateKey.export(options.privateKeyEncoding as crypto.KeyExportOptions<'pem'>) : privateKey,
		publicKey: options?.publicKeyEncoding ? publicKey.export(options.publicKeyEncoding as crypto.KeyExportOptions<'pem'>) : publicKey,
	};
};

Object.assign(crypto, {randomBytes, randomUUID, generateKeyPairSync});
syncBuiltinESMExports();
