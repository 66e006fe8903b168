import {readFile} from 'node:fs/promises';
import {hide} from '../server/secret.js';
import type {Secret} from '../step.js';
import type {Redactor} from '../record/redact.js';
import {UsageError} from '../usage-error.js';
import type {ConnectOptions} from './context.js';

export type Secrets = {readonly password?: Secret; readonly sudoPassword?: Secret; readonly passphrase?: Secret};

const readAll = async (input: AsyncIterable<Buffer | string>): Promise<string> => {
	const chunks: Buffer[] = [];
	for await (const chunk of input) {
		chunks.push(Buffer.from(chunk));
	}

	return Buffer.concat(chunks).toString('utf8');
};

/** Takes a secret in: remembered for redaction, wrapped from here on. */
export const takeSecret = (text: string, redactor: Redactor): Secret => {
	redactor.add(text);
	return hide(text);
};

/** The first line of a file, or of standard input. */
const readSecret = async (option: string, file: string, redactor: Redactor): Promise<Secret> => {
	let text: string;
	try {
		text = file === '-' ? await readAll(process.stdin) : await readFile(file, 'utf8');
	} catch (error) {
		throw new UsageError(`--${option} ${JSON.stringify(file)} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}): expected a file with the secret in its first line, or - for standard input.`);
	}

	const line = text.split(/\r?\n/, 1)[0]!;
	if (line === '') {
		throw new UsageError(`--${option} ${JSON.stringify(file)} is empty: expected the secret in its first line.`);
	}

	return takeSecret(line, redactor);
};

/** Reads the secrets that the options name. */
export const readSecrets = async ({passwordFile, sudoPasswordFile, passphraseFile}: ConnectOptions, redactor: Redactor): Promise<Secrets> => ({
	...(passwordFile !== undefined && {password: await readSecret('password-file', passwordFile, redactor)}),
	...(sudoPasswordFile !== undefined && {sudoPassword: await readSecret('sudo-password-file', sudoPasswordFile, redactor)}),
	...(passphraseFile !== undefined && {passphrase: await readSecret('passphrase-file', passphraseFile, redactor)}),
});
