/** A secret in all the spellings in which it could leak. Pure. */
import {Buffer} from 'node:buffer';
import {encode} from '../../source/server/wire.js';

export type Needle = {readonly secret: string; readonly spelling: string; readonly text: string};

/** Base64 of the secret wherever it begins in a longer text: the letters that do not hang on what stands around it. */
const inBase64 = (secret: string): string[] => [0, 1, 2].map(before => {
	const bytes = Buffer.from(secret);
	const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64').replace(/=+$/v, '');
	const clean = (before + bytes.length) % 3 === 0 ? whole : whole.slice(0, -1);
	return clean.slice(Math.ceil(before * 8 / 6));
});

const percent = (secret: string): string => [...Buffer.from(secret)].map(byte => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
const escaped = (secret: string): string => JSON.stringify(secret).slice(1, -1);
const ascii = (secret: string): string => escaped(secret).replaceAll(/\P{ASCII}/gv, letter => String.raw`\u${letter.codePointAt(0)!.toString(16).padStart(4, '0')}`);

export const needlesOf = (secrets: Readonly<Record<string, string>>): readonly Needle[] => Object.entries(secrets).flatMap(([secret, text]) => {
	const spellings: ReadonlyArray<readonly [string, string]> = [
		['plain', text],
		...inBase64(text).map((one, index): [string, string] => [`base64 +${index}`, one]),
		['percent', encodeURIComponent(text)],
		['percent, lower case', encodeURIComponent(text).replaceAll(/%[\dA-F]{2}/gv, found => found.toLowerCase())],
		['percent, every byte', percent(text)],
		['JSON', escaped(text)],
		['JSON, ASCII alone', ascii(text)],
		['in a shell\'s quotes', text.replaceAll('\'', String.raw`'\''`)],
		['hexadecimal', Buffer.from(text).toString('hex')],
		['the carrier\'s', encode(text)],
	];
	return [...new Map(spellings.map(([spelling, one]) => [one, {secret, spelling, text: one}])).values()];
});

/** The needles that stand in some text, by name. */
export const foundIn = (text: string, needles: readonly Needle[]): readonly string[] => needles.filter(needle => text.includes(needle.text)).map(({secret, spelling}) => `${secret} (${spelling})`);
