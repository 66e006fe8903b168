/** On the way to a server: what the tests of the connect screens share. */
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import ssh2 from 'ssh2';
import {place, sshServer, type Behaviour} from '../server/ssh-server.js';
import {clean, gone} from './hands.js';
import {
	down, emptyHome, enter, environment, travel, type Journey,
} from './terminal.js';

/** A SSH server of a system that dropwise does not know: whoever gets in is told so, and the journey ends. */
export const strangeServer = async (t: ExecutionContext, behaviour: Behaviour) => {
	const there = place(t);
	writeFileSync(path.join(there.bin, 'cat'), '#!/bin/sh\n[ "$1" = /etc/os-release ] && printf \'ID=haiku\\nPRETTY_NAME=Haiku\\n\' || exec /bin/cat "$@"\n', {mode: 0o755});
	return sshServer(t, {place: there, ...behaviour});
};

/** What is said to whoever got in there. */
export const gotIn = /Logged in to [\s\S]*Haiku/;

/** A key pair whose private half opens with a passphrase. ssh2 spoils one in some two hundred. */
export const keyPair = (opens: string): {readonly private: string; readonly public: string} => {
	for (;;) {
		const pair = ssh2.utils.generateKeyPairSync('ed25519', {
			comment: 'mine', passphrase: opens, cipher: 'aes256-ctr', rounds: 4,
		});
		if (!(ssh2.utils.parseKey(pair.private, opens) instanceof Error)) {
			return pair;
		}
	}
};

export type Begun = {readonly journey: Journey; readonly home: string};

/** A journey that ends with its test, also where that fails. */
export const begin = async (t: ExecutionContext, words: readonly string[] = [], {home, columns = 80, rows = 24}: {home?: string; columns?: number; rows?: number} = {}): Promise<Begun> => {
	const at = home ?? await emptyHome();
	const journey = travel(words, environment(at), {columns, rows});
	t.teardown(() => {
		journey.signal('SIGKILL');
	});
	return {journey, home: at};
};

const typed = async (journey: Journey, screen: RegExp, text = ''): Promise<string> => {
	const seen = await journey.sees(screen);
	journey.press(`${text}${enter}`);
	return seen;
};

/** From the start menu to the question for the address. */
export const toAddress = async (journey: Journey): Promise<void> => {
	await journey.sees(/❯ Practise on a built-in droplet/);
	journey.press(down);
	await typed(journey, /❯ Set up my own server/);
	await journey.sees(address);
};

/** Each question as it stands to be answered; once it was, its answer follows on the same line. */
export const address = /What is your server's address\?\n[\s\S]*❯/;
export const user = /As which user can you log in today\?\n[\s\S]*❯/;
export const way = /How do you log in as \w+ today\?\n[\s\S]*❯/;
export const keyFile = /Where is the private key\?\n[\s\S]*❯/;
export const password = /Password of \w+ \(it is not shown\):\n[\s\S]*❯/;
export const passphrase = /Passphrase of [^(]+ \(it is not shown\):\n[\s\S]*❯/;
export const hostKey = /for the first time:[\s\S]*Is it the same\?\n[\s\S]*❯ Choose with the arrow keys/;
export const changedKey = /another key than last time[\s\S]*Another server, or rebuilt\?\n[\s\S]*❯ Stop here/;

/** From the question for the address to the one for the password. */
export const toPassword = async (journey: Journey, at: string): Promise<void> => {
	await typed(journey, address, at);
	await typed(journey, user);
	await typed(journey, way);
	await journey.sees(password);
};

/** Types a password, and waits for what comes then. */
export const givePassword = async (journey: Journey, text: string, next: RegExp): Promise<string> => {
	await typed(journey, password, text);
	return journey.sees(next);
};

/** Takes the key that a server shows for the right one. */
export const acceptKey = async (journey: Journey): Promise<string> => {
	const seen = await journey.sees(hostKey);
	journey.press(down);
	await typed(journey, /❯ It is the same: go on/);
	return seen;
};

/** Waits for the end, with this code: the terminal as it was, nothing left running. Returns all the text. */
export const ends = async (t: ExecutionContext, journey: Journey, code: number): Promise<string> => {
	const end = await journey.ended();
	t.is(end.code, code, end.text);
	t.true(clean(journey.raw()));
	t.true(gone(journey.pid));
	t.notRegex(end.text, /defect/);
	return end.text;
};
