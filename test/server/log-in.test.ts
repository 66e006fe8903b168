import {type Buffer} from 'node:buffer';
import {once} from 'node:events';
import {
	mkdtempSync,
	rmSync,
	statSync,
} from 'node:fs';
import {connect, createServer} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import ssh2, {type ParsedKey} from 'ssh2';
import {asksFor} from '../../source/server/change-password.js';
import {dial} from '../../source/server/dial.js';
import {ConnectError} from '../../source/server/connect-error.js';
import {
	candidates, makeKey, proveKey, soundPair,
} from '../../source/server/key-pairs.js';
import {hide} from '../../source/server/secret.js';
import {connectSsh, type ConnectionTarget} from '../../source/server/ssh.js';
import {
	hostKey, listen, place, sshServer,
} from './ssh-server.js';

const target = (port: number, more: Partial<ConnectionTarget> = {}): ConnectionTarget => ({
	address: '127.0.0.1', port, login: {user: 'root', password: hide('right')}, trust: () => true, ...more,
});

const reasonOf = async (t: ExecutionContext, given: ConnectionTarget): Promise<ConnectError> => {
	const error = await t.throwsAsync(connectSsh(given), {instanceOf: ConnectError}) as ConnectError;
	// one sentence, and no control characters
	t.regex(error.message, /^\P{Control}+\.$|says: \P{Control}+$/v);
	return error;
};

test('logs in by password, asks for the host key once, and looks', async t => {
	const {port, attempts} = await sshServer(t, {password: 'right', place: place(t)});
	const shown: string[] = [];
	const server = await connectSsh(target(port, {
		trust(key, type) {
			shown.push(`${key} ${type}`);
			return true;
		},
	}));
	t.deepEqual(shown, [`${hostKey} ssh-ed25519`]);
	t.is(server.hostKeys[0], hostKey);
	t.deepEqual(attempts, ['none', 'password']);
	const [reading] = await server.look([{argv: ['printf', '%s', 'häl']}]);
	t.is(reading!.out, 'häl');
	const other = await server.connectAgain({user: 'root', password: hide('right')});
	await server.close();
	await t.throwsAsync(server.look([{argv: ['true']}]), {name: 'ConnectionLost'});
	t.is((await other.look([{argv: ['true']}]))[0]!.code, 0);
	await other.close();
});

test('logs in by keyboard-interactive where that alone is offered', async t => {
	const {port, attempts} = await sshServer(t, {keyboard: 'right', methods: ['keyboard-interactive'], place: place(t)});
	const server = await connectSsh(target(port));
	t.deepEqual(attempts, ['none', 'keyboard-interactive'], 'and no password is sent where none is taken');
	await server.close();
});

test('a wrong password is sent once, though keyboard-interactive is offered too', async t => {
	const {port, attempts} = await sshServer(t, {password: 'x', methods: ['publickey', 'password', 'keyboard-interactive']});
	const {reason, message} = await reasonOf(t, target(port));
	t.is(reason, 'log-in');
	t.is(message, 'The server refused the password of root.');
	t.deepEqual(attempts, ['none', 'password']);
});

test('passwords not accepted at all, and a key that is not known', async t => {
	const {port, attempts} = await sshServer(t, {methods: ['publickey']});
	t.regex((await reasonOf(t, target(port))).message, /accepts no passwords for root, only: publickey/v);
	const folder = mkdtempSync(path.join(tmpdir(), 'dropwise-'));
	t.teardown(() => {
		rmSync(folder, {recursive: true});
	});
	const file = path.join(folder, 'id_ed25519');
	const made = await makeKey(file);
	t.is(statSync(file).mode & 0o777, 0o600);
	attempts.length = 0;
	const {message} = await reasonOf(t, target(port, {login: {user: 'root', identity: file}}));
	t.is(message, `The key ${file} is not accepted for root.`);
	t.deepEqual(attempts, ['none', 'publickey']);
	t.deepEqual(await proveKey(file), made);
	t.is((await t.throwsAsync(makeKey(file), {instanceOf: ConnectError}) as ConnectError).reason, 'key-unreadable');
	t.is((await t.throwsAsync(proveKey(`${file}.pub`), {instanceOf: ConnectError}) as ConnectError).reason, 'not-a-key');
	t.like((await candidates(folder)).at(-1), {identity: file, publicKey: made.publicKey, encrypted: false});
	t.is((await t.throwsAsync(proveKey(path.join(folder, 'none')), {instanceOf: ConnectError}) as ConnectError).reason, 'key-unreadable');
});

test('a host key that is not accepted ends it before anything secret is sent', async t => {
	const {port, attempts} = await sshServer(t, {password: 'right'});
	t.is((await reasonOf(t, target(port, {trust: () => false}))).reason, 'host-key');
	t.deepEqual(attempts, []);
});

test('what is no SSH server is named, without its control characters', async t => {
	const port = await listen(t, createServer(socket => {
		socket.on('error', () => undefined);
		socket.end('HTTP/1.1 400 \u{1B}[31mBad\r\n\r\n');
	}));
	const {reason, message} = await reasonOf(t, target(port));
	t.is(reason, 'not-ssh');
	t.regex(message, /HTTP\/1\.1 400/v);
});

test('silent, refused, no such name', async t => {
	const silent = await listen(t, createServer(socket => {
		socket.on('error', () => undefined);
	}));
	t.is((await reasonOf(t, target(silent, {silenceMs: 300}))).reason, 'silent');
	const server = createServer();
	const port = await listen(t, server);
	t.is(await dial('127.0.0.1', port, 1000), 'open');
	// Where nobody listens: one that was closed a moment ago may be somebody's by now.
	t.is((await reasonOf(t, target(1))).reason, 'refused');
	t.is(await dial('127.0.0.1', 1, 1000), 'refused');
	t.is((await reasonOf(t, target(22, {address: 'no-such-name.invalid'}))).reason, 'no-such-name');
});

test('a server that falls silent during the log-in is not waited for without end', async t => {
	const {port} = await sshServer(t, {fallsSilent: true});
	// a busy machine may need longer to greet than we wait: then it was silent before the log-in
	for (let silenceMs = 300; ; silenceMs *= 2) {
		const {reason, message} = await reasonOf(t, target(port, {silenceMs}));
		t.is(reason, 'silent');
		if (message.includes('fell silent')) {
			return;
		}
	}
});

/** An agent with one key that takes its time to sign. */
const slowAgent = async (t: ExecutionContext, pair: {readonly private: string}, milliseconds: number): Promise<void> => {
	const key = ssh2.utils.parseKey(pair.private) as ParsedKey;
	const socket = path.join(place(t).root, 'agent');
	const agent = createServer(stream => {
		const protocol = new ssh2.AgentProtocol(false);
		stream.pipe(protocol).pipe(stream);
		protocol.on('identities', request => {
			protocol.getIdentitiesReply(request, [key]);
		});
		protocol.on('sign', (request, _publicKey, data) => {
			setTimeout(() => {
				protocol.signReply(request, key.sign(data) as Buffer);
			}, milliseconds);
		});
	});
	agent.listen(socket);
	await once(agent, 'listening');
	const before = process.env.SSH_AUTH_SOCK;
	process.env.SSH_AUTH_SOCK = socket;
	t.teardown(() => {
		agent.close();
		process.env.SSH_AUTH_SOCK = before ?? '';
	});
};

test('a person may take as long as they like, over the host key and with their agent', async t => {
	const pair = soundPair('agent');
	const {port} = await sshServer(t, {key: pair.public, place: place(t)});
	const comeIn = async (silenceMs: number): Promise<void> => {
		const long = (2 * silenceMs) + 100;
		await slowAgent(t, pair, long);
		const server = await connectSsh(target(port, {
			silenceMs,
			login: {user: 'root', identity: 'agent'},
			async trust() {
				await delay(long);
				return true;
			},
		}));
		t.is((await server.look([{argv: ['true']}]))[0]!.code, 0);
		await server.close();
	};

	// a busy machine may take longer for its own part than we wait for it
	await comeIn(300).catch(async () => comeIn(2400)).catch(async () => comeIn(9600));
});

test('a log-in under way is waited for twice as long as a server that says nothing', async t => {
	const comeIn = async (silenceMs: number): Promise<void> => {
		const {port} = await sshServer(t, {password: 'right', place: place(t), thinks: 1.5 * silenceMs});
		await (await connectSsh(target(port, {silenceMs}))).close();
	};

	// a busy machine may take longer for its own part than we wait for it
	await t.notThrowsAsync(comeIn(600).catch(async () => comeIn(6000)));
});

test('turned away for a while, it says so, waits and gets in', async t => {
	const {port} = await sshServer(t, {password: 'right', place: place(t)});
	let turned = 0;
	const door = await listen(t, createServer(socket => {
		socket.on('error', () => undefined);
		if (turned++ === 0) {
			socket.end('Not allowed at this time\r\n');
			return;
		}

		const through = connect(port, '127.0.0.1');
		through.on('error', () => undefined);
		socket.pipe(through).pipe(socket);
	}));
	const waits: number[] = [];
	const server = await connectSsh(target(door, {
		waiting(_, left) {
			waits.push(left);
		},
	}));
	t.is(waits.length, 1);
	await server.close();
});

test('sudo: without a password, with one, a wrong one sent once, none allowed', async t => {
	const here = place(t);
	const login = {user: 'ada', password: hide('right')};
	const free = await sshServer(t, {password: 'right', place: here});
	const first = await connectSsh(target(free.port, {login}));
	t.is(first.me.root, 'sudo');
	await first.close();

	const inputs: string[] = [];
	const asking = (right: string) => (command: string, channel: ssh2.ServerChannel): boolean => {
		if (command.startsWith('sudo -n ')) {
			channel.stderr.write('sudo: a password is required\n');
			channel.exit(1);
			channel.end();
			return true;
		}

		channel.stderr.write('dropwise-password:');
		channel.once('data', (chunk: Buffer) => {
			inputs.push(chunk.toString());
			if (chunk.toString() === `${right}\n`) {
				channel.write('\ndropwise-carrier 1 0\ndropwise-ready\n');
			} else {
				channel.stderr.write('You type like I drive.\ndropwise-password:');
				channel.on('data', (more: Buffer) => inputs.push(more.toString()));
			}
		});
		return true;
	};

	const strict = await sshServer(t, {password: 'right', become: asking('right')});
	const second = await connectSsh(target(strict.port, {login}));
	t.is(second.me.root, 'sudo-password');
	await second.close();
	inputs.length = 0;
	const wrong = await sshServer(t, {password: 'right', become: asking('other')});
	t.is((await reasonOf(t, target(wrong.port, {login}))).reason, 'sudo-password');
	t.deepEqual(inputs, ['right\n'], 'nothing behind it is taken for a try');
});

test('what the server offers is seen on the way in, for no try', async t => {
	const {port, attempts} = await sshServer(t, {password: 'right', methods: ['publickey', 'password'], place: place(t)});
	const server = await connectSsh(target(port));
	t.deepEqual(server.offered, ['publickey', 'password']);
	t.deepEqual(attempts, ['none', 'password']);
	await server.close();
});

test('what a server asks when a password must be changed', t => {
	t.is(asksFor('WARNING: Your password has expired.\r\nChanging password for ada.\r\n(current) UNIX password: '), 'old');
	t.is(asksFor('\r\nCurrent password: '), 'old');
	t.is(asksFor('Enter new UNIX password: '), 'new');
	t.is(asksFor('Retype new UNIX password: '), 'again');
	t.is(asksFor('Changing password for ada.\r\n'), undefined);
});
