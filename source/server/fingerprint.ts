/** Public keys as lines and as fingerprints. */
import {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import type {ParsedKey} from 'ssh2';

/** `SHA256:…`, as `ssh-keygen -lf` prints it. */
export const fingerprint = (blob: Buffer): string => `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/v, '')}`;

/** `ssh-ed25519 AAAA…`, without a comment. */
export const publicLine = (key: ParsedKey): string => `${key.type} ${key.getPublicSSH().toString('base64')}`;

/** The fingerprint of such a line; undefined where it is none. */
export const fingerprintOfLine = (line: string): string | undefined => {
	const [type = '', blob = ''] = line.trim().split(/\s+/v);
	return /^[a-z][\w@.\-]+$/v.test(type) && /^[\w+\/]+=*$/v.test(blob) ? fingerprint(Buffer.from(blob, 'base64')) : undefined;
};

/** The key's type, which its blob begins with. */
export const keyType = (blob: Buffer): string => blob.toString('latin1', 4, 4 + blob.readUInt32BE(0));
