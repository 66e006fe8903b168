/** A server that wants the password changed before anything else asks for it on a terminal. */
import type {Buffer} from 'node:buffer';
import type {Client} from 'ssh2';
import type {Secret} from '../step.js';
import {oneLine} from './one-line.js';
import {ConnectError} from './connect-error.js';
import {reveal} from './secret.js';
import type {Login} from './server.js';

const answerMs = 30_000;

/** Which of its questions the end of what it said is. */
export const asksFor = (said: string): 'old' | 'new' | 'again' | undefined => {
	const last = said.trimEnd().split(/[\r\n]+/v).at(-1) ?? '';
	if (!last.endsWith(':')) {
		return undefined;
	}

	if (/retype|again|repeat|confirm/iv.test(last)) {
		return 'again';
	}

	if (/current|old/iv.test(last)) {
		return 'old';
	}

	return /new/iv.test(last) ? 'new' : undefined;
};

/** Answers the dialogue. Rejects with a `ConnectError` where the server does not take the new password. */
export const changePassword = async (client: Client, {user, password}: Login, newPassword: Secret): Promise<void> => new Promise((resolve, reject) => {
	if (!password) {
		reject(new ConnectError('password-expired', `The password of ${user} has expired, and changing it needs the old one.`, ['Give the old password as well.']));
		return;
	}

	client.exec('true', {pty: true}, (error, channel) => {
		if (error) {
			reject(new ConnectError('dropped', `The server closed the connection while the password was being changed (${oneLine(error.message)}).`));
			return;
		}

		let said = '';
		let heard = 0;
		const answered = new Set<string>();
		const refuse = (): void => {
			clearTimeout(limit);
			channel.close();
			const reason = said.split(/[\r\n]+/v).map(line => line.trim()).findLast(line => /bad password|must|too |weak|short|simple|similar|unchanged|fail|error/iv.test(line) && !/expired|must change your password/v.test(line));
			reject(new ConnectError('password-expired', `The server did not take the new password for ${user}${reason ? `: ${oneLine(reason).replace(/[.!]+$/v, '')}` : ''}.`, ['Choose a longer one, which is unlike the old.']));
		};

		const limit = setTimeout(refuse, answerMs);
		channel.on('data', (chunk: Buffer) => {
			said += chunk.toString();
			const asked = asksFor(said.slice(heard));
			if (asked === undefined) {
				return;
			}

			if (answered.has(asked)) {
				refuse();
				return;
			}

			answered.add(asked);
			heard = said.length;
			channel.write(`${reveal(asked === 'old' ? password : newPassword)}\n`);
		});
		channel.on('exit', (code: number | null) => {
			if (code === 0 && answered.has('again')) {
				clearTimeout(limit);
				resolve();
			} else {
				refuse();
			}
		});
		channel.on('close', () => {
			clearTimeout(limit);
			refuse();
		});
	});
});
