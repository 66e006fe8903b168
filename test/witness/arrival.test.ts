/** When a log-in that was made counts as the one that would be tried. */
import {setTimeout as delay} from 'node:timers/promises';
import test from 'ava';
import {Session, type Run} from '../../source/engine/session.js';
import type {Login, Server} from '../../source/server/server.js';
import type {ServerInfo, Secret} from '../../source/step.js';
import {cameAsAdmin} from '../../source/witness/arrival.js';
import {outsideOf} from '../../source/witness/outside.js';

const secret = {kind: 'secret'} as unknown as Secret;
const publicKey = 'ssh-ed25519 AAAA';
const admin: Login = {user: 'ada', identity: '/keys/ada', publicKey};
const agents: Login = {user: 'ada', identity: 'agent', publicKey};

type Root = Server['me']['root'];
for (const [says, root, login, as, counts] of [
	['the same user with the same key', 'sudo', admin, admin, true],
	['the same file, given by hand', 'sudo', {user: 'ada', identity: '/keys/ada'}, admin, true],
	['the same key of an agent', 'sudo', agents, agents, true],
	['whichever key of an agent', 'sudo', {user: 'ada', identity: 'agent'}, agents, false],
	['another key', 'sudo', {...admin, publicKey: 'ssh-ed25519 BBBB'}, admin, false],
	['another file', 'sudo', {...admin, identity: '/keys/other'}, admin, false],
	['another user', 'sudo', {...admin, user: 'bob'}, admin, false],
	['a key and a password, of which one opened', 'sudo', {...admin, password: secret}, admin, false],
	['a password', 'sudo', {user: 'ada', password: secret}, admin, false],
	['the key, and a password for sudo', 'sudo-password', {...admin, sudoPassword: secret}, admin, false],
	['root itself', 'is', {...admin, user: 'root'}, {...admin, user: 'root'}, false],
	['no key pair to log in with', 'sudo', {user: 'ada', identity: undefined}, {user: 'ada', identity: undefined}, false],
	['nobody known to log in as', 'sudo', admin, undefined, false],
] as ReadonlyArray<readonly [string, Root, Login, Login | undefined, boolean]>) {
	test(`came with ${says}: ${counts ? 'proven' : 'tried anew'}`, t => {
		t.is(cameAsAdmin({
			user: login.user, address: '203.0.113.7', sshPort: 22, root,
		}, {login}, as), counts);
	});
}

const info = {me: {address: '203.0.113.7', sshPort: 22}, addresses: [], sshdPort: 22} as unknown as ServerInfo;
/** A server that writes down what it is asked, and lets nobody in. */
const shut = (asked: string[]) => ({
	me: {
		user: 'ada', address: '203.0.113.7', sshPort: 22, root: 'sudo',
	},
	async connectAgain() {
		asked.push('log in');
		throw new Error('The server is shut');
	},
	offered: ['publickey', 'password'],
}) as unknown as Server;

test('without an arrival everything is sought', async t => {
	const asked: string[] = [];
	const outside = outsideOf(shut(asked), info, admin);
	t.false((await outside.logIn()).loggedIn);
	t.is(outside.offered, undefined);
	t.deepEqual(asked, ['log in']);
});

test('with one, what it saw is not sought again', async t => {
	const asked: string[] = [];
	const outside = outsideOf(shut(asked), info, admin, {login: admin});
	t.deepEqual(await outside.logIn(), {
		loggedIn: true, root: true, why: '', offered: ['publickey', 'password'],
	});
	t.deepEqual(asked, []);
});

test('with one of another kind, the log-in is tried; what sshd offered was seen all the same', async t => {
	const asked: string[] = [];
	const outside = outsideOf(shut(asked), info, admin, {login: {user: 'ada', password: secret}});
	t.false((await outside.logIn()).loggedIn);
	t.deepEqual(outside.offered, ['publickey', 'password']);
	t.deepEqual(asked, ['log in']);
});

for (const [doing, expected] of [['check', []], ['plan', []], ['apply', ['log in']], ['undo', ['log in']]] as ReadonlyArray<readonly [Run['doing'], readonly string[]]>) {
	test(`${doing} ${expected.length === 0 ? 'takes the arrival for proof' : 'logs in anew whatever was seen on arrival'}`, async t => {
		const asked: string[] = [];
		const session = new Session({
			doing, steps: [], catalogue: [], adminLogin: admin, admin: 'ada', arrival: {login: admin}, journal: {known: () => undefined},
		} as unknown as Run, info, {server: shut(asked), login: admin});
		t.is((await session.outside().logIn()).loggedIn, expected.length === 0);
		t.deepEqual(asked, expected);
	});
}

test('a log-in that takes five seconds, as one where the server looks our name up in vain, is no shut door', async t => {
	const slow = {
		me: shut([]).me,
		async connectAgain() {
			await delay(5000);
			return {close: async () => undefined, offered: ['publickey']};
		},
	} as unknown as Server;
	t.deepEqual(await outsideOf(slow, info, admin).logIn(), {
		loggedIn: true, root: true, why: '', offered: ['publickey'],
	});
});
