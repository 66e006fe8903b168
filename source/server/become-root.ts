/** Opens the channel in which the carrier runs as root, and waits until it says that it is there. */
import {Buffer} from 'node:buffer';
import type {Client, ClientChannel} from 'ssh2';
import {oneLine} from './one-line.js';
import {ConnectError, ConnectionLost} from './connect-error.js';
import {fingerprintOfLine} from './fingerprint.js';
import {bootstrapCommand, packedCarrier} from './program.js';
import {reveal} from './secret.js';
import type {Login, Server} from './server.js';

export type Rooted = {
	readonly channel: ClientChannel;
	readonly root: Server['me']['root'];
	/** Of all the server's host keys, as `SHA256:…`. */
	readonly hostKeys: readonly string[];
	/** Bytes that came behind the greeting. */
	readonly rest: Buffer;
};

type Hello = {readonly uid: number; readonly hostKeys: readonly string[]; readonly rest: Buffer};
type Failed = {readonly said: string; readonly prompts: number};

const prompt = 'dropwise-password:';
const ready = '\ndropwise-ready\n';
/** Seconds for sudo and PAM to make up their mind. */
const answerMs = 20_000;

/** What a log-in shell's own files print before it is skipped. */
const readHello = (bytes: Buffer): Hello | undefined => {
	const end = bytes.indexOf(ready);
	if (end === -1) {
		return undefined;
	}

	const text = bytes.toString('latin1', 0, end);
	const start = text.lastIndexOf('\ndropwise-carrier 1 ');
	const [first = '', ...keys] = text.slice(start + 1).split('\n');
	return {
		uid: Number(first.split(' ')[2]),
		hostKeys: keys.map(line => fingerprintOfLine(line)).filter(key => key !== undefined),
		rest: bytes.subarray(end + ready.length),
	};
};

const openChannel = async (client: Client, command: string): Promise<ClientChannel> => new Promise((resolve, reject) => {
	client.exec(command, (error, channel) => {
		if (error) {
			reject(new ConnectError('dropped', `The server let us in and then would not run anything (${oneLine(error.message)}).`, ['See whether the user has a log-in shell that works.']));
		} else {
			resolve(channel);
		}
	});
});

/** Runs the bootstrap; answers the first prompt, if there is something to answer. */
const start = async (client: Client, become: string, password?: string): Promise<Failed | (Hello & {channel: ClientChannel})> => {
	const channel = await openChannel(client, bootstrapCommand(become));
	return new Promise((resolve, reject) => {
		let out = Buffer.alloc(0);
		let said = '';
		let prompts = 0;
		const done = (): void => {
			clearTimeout(limit);
			channel.off('data', hearOut);
			channel.off('close', fail);
			client.off('close', lost);
			channel.stderr.off('data', hearError);
		};

		const fail = (): void => {
			done();
			channel.end();
			channel.close();
			resolve({said: said + out.toString(), prompts});
		};

		const lost = (): void => {
			done();
			reject(new ConnectionLost('The connection to the server was lost'));
		};

		const hearOut = (chunk: Buffer): void => {
			out = Buffer.concat([out, chunk]);
			const hello = readHello(out);
			if (!hello) {
				return;
			}

			done();
			channel.write(packedCarrier());
			resolve({...hello, channel});
		};

		const hearError = (chunk: Buffer): void => {
			said += chunk.toString();
			const now = said.split(prompt).length - 1;
			if (!(now > prompts)) {
				return;
			}

			prompts = now;
			if (prompts === 1 && password !== undefined) {
				channel.write(`${password}\n`);
			} else {
				fail();
			}
		};

		const limit = setTimeout(fail, answerMs);
		channel.on('data', hearOut);
		channel.on('close', fail);
		client.on('close', lost);
		channel.stderr.on('data', hearError);
	});
};

/** What a command says on a channel of its own; nothing where it does not come to its end in time. */
const ask = async (client: Client, command: string): Promise<string> => {
	const channel = await openChannel(client, command);
	return new Promise(resolve => {
		let out = '';
		const end = (): void => {
			clearTimeout(limit);
			resolve(out);
		};

		const limit = setTimeout(end, answerMs);
		channel.on('data', (chunk: Buffer) => {
			out += chunk.toString();
		});
		channel.on('close', end);
		client.on('close', end);
	});
};

const expired = /password.{0,20}(?:has )?expired|password change required|required to change your password|must change your password|expired, reset your password/iv;

const explainFailure = ({said, prompts}: Failed, user: string, gave: boolean): ConnectError => {
	const last = oneLine(said.replaceAll(prompt, ''), 160).replace(/[.!]+$/v, '');
	if (expired.test(said)) {
		return new ConnectError('password-expired', `The password of ${user} has expired: the server wants a new one before anything else.`, [`Log in once with ssh ${user}@… and choose a new password.`]);
	}

	if (/not in the sudoers|may not run sudo|not allowed to (?:run|execute)/iv.test(said)) {
		return new ConnectError('no-sudo', `The user ${user} may not become root with sudo.`, ['Log in as root, or as a user who is in the group sudo.']);
	}

	if (/sudo.{0,20}not found|sudo: no such file/iv.test(said) || /not found.{0,10}sudo/iv.test(said)) {
		return new ConnectError('no-sudo', `${user} is not root, and the server has no sudo.`, ['Log in as root.']);
	}

	if (gave && prompts > 0) {
		return new ConnectError('sudo-password', `sudo refused the password of ${user}.`, ['Try the password again.']);
	}

	return /password is required|authentication (?:is )?required|terminal is required|askpass/iv.test(said) || prompts > 0 ? new ConnectError('sudo-password', `sudo asks for the password of ${user}.`, ['Give it with --sudo-password-file FILE; a user without a password cannot become root this way.']) : new ConnectError('dropped', `The server let ${user} in, and then its shell ended${last === '' ? '' : `: ${last}`}.`, ['See whether the user\'s log-in shell works, with ssh and the same user.']);
};

/** sudo asks everybody for a password, also those whom it will turn away: a member of none of the usual groups is told so. */
const doubting = async (client: Client, user: string, why: ConnectError): Promise<ConnectError> => {
	const groups = (await ask(client, 'id -Gn')).trim();
	return groups === '' || groups.split(/\s+/v).some(group => ['sudo', 'admin', 'wheel'].includes(group))
		? why
		: new ConnectError(why.reason, `sudo asks for the password of ${user}, who seems not to be allowed to become root.`, [`Log in as root, or as a user who is in the group sudo; ${user} is not.`, ...why.tries]);
};

/** Becomes root the plainest way that works: already root, sudo without a password, sudo with one. Rejects with a `ConnectError`. */
export const becomeRoot = async (client: Client, login: Login): Promise<Rooted> => {
	const {user} = login;
	const plain = user === 'root';
	const first = await start(client, plain ? '' : 'sudo -n ');
	if ('channel' in first) {
		if (first.uid !== 0) {
			throw new ConnectError('no-sudo', `The user ${user} is not root on this server (user number ${first.uid}).`);
		}

		return {...first, root: plain ? 'is' : 'sudo'};
	}

	const why = explainFailure(first, user, false);
	if (why.reason !== 'sudo-password') {
		throw why;
	}

	const password = login.sudoPassword ?? login.password;
	if (!password) {
		throw await doubting(client, user, why);
	}

	const second = await start(client, `sudo -k -S -p "${prompt}" `, reveal(password));
	if ('channel' in second && second.uid === 0) {
		return {...second, root: 'sudo-password'};
	}

	throw 'channel' in second ? why : explainFailure(second, user, true);
};
