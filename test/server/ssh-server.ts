/** A SSH server in this process, on this machine's own address, whose commands run here under dash, in a scratch directory. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {writeFileSync} from 'node:fs';
import {createServer, type AddressInfo, type Server as TcpServer} from 'node:net';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import ssh2 from 'ssh2';
import {fingerprint, publicLine} from '../../source/server/fingerprint.js';
import {soundPair} from '../../source/server/key-pairs.js';
import {makePlace, type Place} from './local-carrier.js';

/** A server's own key pair. */
export type Host = {readonly private: string; readonly fingerprint: string};

export const makeHost = (): Host => {
	const pair = soundPair('host');
	const parsed = ssh2.utils.parseKey(pair.public);
	return {private: pair.private, fingerprint: parsed instanceof Error ? '' : fingerprint(parsed.getPublicSSH())};
};

const host = makeHost();
export const hostKey = host.fingerprint;

/** Listens until the test is over. Returns the port. */
export const listen = async (t: ExecutionContext, server: TcpServer): Promise<number> => {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	t.teardown(() => {
		server.close();
	});
	return (server.address() as AddressInfo).port;
};

export type Behaviour = {
	/** The password that it takes. */
	password?: string;
	/** The answer it takes where it asks by keyboard-interactive. */
	keyboard?: string;
	/** The public key that it takes, as a line of authorized_keys. */
	key?: string;
	methods?: string[];
	/** Says nothing any more once it was asked to let somebody in. */
	fallsSilent?: boolean;
	/** Milliseconds that it takes for each try to get in, as one that looks up names at a resolver that is silent. */
	thinks?: number;
	/** Takes a command in place of the shell: then true. */
	become?: (command: string, channel: ssh2.ServerChannel) => boolean;
	place?: Place;
	host?: Host;
};

const opens = (context: ssh2.PublicKeyAuthContext, line: string): boolean => {
	const parsed = ssh2.utils.parseKey(line);
	return parsed instanceof Error || publicLine(parsed) !== `${context.key.algo} ${context.key.data.toString('base64')}` ? false : context.signature === undefined || parsed.verify(context.blob!, context.signature, context.hashAlgo);
};

export const sshServer = async (t: ExecutionContext, {password, keyboard, key, methods = ['publickey', 'password'], become, fallsSilent, thinks = 0, place, host: own = host}: Behaviour) => {
	const attempts: string[] = [];
	const commands: string[] = [];
	const withKey = (hostKeys: Host): ssh2.Server => new ssh2.Server({hostKeys: [hostKeys.private]}, client => {
		client.on('error', () => undefined);
		client.on('authentication', async context => {
			attempts.push(context.method);
			if (fallsSilent) {
				return;
			}

			await delay(thinks);

			if ((context.method === 'password' && context.password === password) || (context.method === 'publickey' && key !== undefined && opens(context, key))) {
				context.accept();
			} else if (context.method === 'keyboard-interactive' && keyboard !== undefined) {
				context.prompt([{prompt: 'Password: ', echo: false}], answers => {
					if (answers[0] === keyboard) {
						context.accept();
					} else {
						context.reject(methods as never);
					}
				});
			} else {
				context.reject(methods as never);
			}
		});
		client.on('session', accept => {
			accept().on('exec', (acceptExec, _reject, {command}) => {
				commands.push(command);
				const channel = acceptExec();
				if (become?.(command, channel)) {
					return;
				}

				const child = spawn('dash', ['-c', command.replace(/^sudo .*?(?=env LC_ALL)/v, '')], {
					env: {
						...process.env, ...place?.env, PATH: `${place?.bin}:${process.env.PATH}`, SSH_CONNECTION: '1 2 3 4',
					},
				});
				child.stdout.pipe(channel, {end: false});
				child.stderr.pipe(channel.stderr, {end: false});
				channel.pipe(child.stdin);
				child.on('exit', code => {
					channel.exit(code ?? 255);
					channel.end();
				});
			});
		});
	});
	let server = withKey(own);
	const at = await listen(t, createServer(socket => {
		server.injectSocket(socket);
	}));
	return {
		port: at, attempts, commands,
		/** Has another key from now on, at the same address and port. */
		rebuild(other: Host) {
			server = withKey(other);
		},
	};
};

/** A scratch directory for its commands. */
export const place = (t: ExecutionContext): Place => {
	const made = makePlace('dash');
	// `id -u` says root
	writeFileSync(path.join(made.bin, 'id'), '#!/bin/sh\necho 0\n', {mode: 0o755});
	t.teardown(made.remove);
	return made;
};
