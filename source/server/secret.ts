import {inspect} from 'node:util';
import type {Secret} from '../step.js';

const contents = new WeakMap<Secret, string>();
const dots = '••••••';

class HiddenSecret implements Secret {
	readonly kind = 'secret';

	toString(): string {
		return dots;
	}

	toJSON(): string {
		return dots;
	}

	[inspect.custom](): string {
		return dots;
	}
}

/** Wraps a password or the like so that printing, logging or serialising it shows dots. */
export const hide = (text: string): Secret => {
	const secret = new HiddenSecret();
	contents.set(secret, text);
	return secret;
};

/** Opens a secret. Only for sending it to a server's standard input, or writing a 0600 file. */
export const reveal = (secret: Secret): string => {
	const text = contents.get(secret);
	if (text === undefined) {
		throw new TypeError('Not a secret made here');
	}

	return text;
};
