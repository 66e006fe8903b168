/** Each screen on the way to a server of one's own. */
import {mkdir, writeFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {openKnownHosts} from '../../source/record/known-hosts.js';
import {listen, makeHost, type Behaviour} from '../server/ssh-server.js';
import {
	address, begin, changedKey, givePassword, hostKey, keyFile, keyPair, passphrase, password, strangeServer, toAddress, toPassword, user, way, type Begun,
} from './connect.js';
import {
	down, emptyHome, enter, type Journey,
} from './terminal.js';
import {typeAt, type Waypoint} from './waypoint.js';

const startMenu = /Where shall we begin\?\n[\s\S]*❯/;

/** The way to a screen from the start menu on, with a server at the end of it that takes nobody's word. */
const onTheWay = (to: (journey: Journey, place: string) => Promise<unknown>): Waypoint['prepare'] => async t => {
	const {port, attempts} = await strangeServer(t, {password: 'right'});
	return {
		async go() {
			const begun = await begin(t);
			await to(begun.journey, `127.0.0.1:${port}`);
			return begun;
		},
		untouched() {
			t.deepEqual(attempts, []);
		},
	};
};

/** The way to what a server says to the password it was given. Its key is known, or another is. */
const atTheDoor = async (t: ExecutionContext, behaviour: Behaviour, stands: RegExp, known?: string) => {
	const host = makeHost();
	const {port, attempts, commands} = await strangeServer(t, {...behaviour, host});
	const home = await emptyHome();
	const state = path.join(home, '.local', 'state', 'dropwise');
	await mkdir(state, {recursive: true, mode: 0o700});
	const knownHosts = await openKnownHosts(state);
	await knownHosts.add({
		place: `127.0.0.1:${port}`, record: undefined, id: undefined, keys: [known ?? host.fingerprint],
	});
	return {
		attempts, commands,
		async go(): Promise<Begun> {
			const begun = await begin(t, [], {home});
			await toAddress(begun.journey);
			await toPassword(begun.journey, `127.0.0.1:${port}`);
			await givePassword(begun.journey, 'right', stands);
			return begun;
		},
	};
};

/** To the way of logging in, with a key that has a passphrase at hand. */
const withKey = async (t: ExecutionContext): Promise<Begun> => {
	const home = await emptyHome();
	const pair = keyPair('open sesame');
	await mkdir(path.join(home, '.ssh'), {mode: 0o700});
	await writeFile(path.join(home, '.ssh', 'id_ed25519'), pair.private, {mode: 0o600});
	await writeFile(path.join(home, '.ssh', 'id_ed25519.pub'), pair.public);
	const begun = await begin(t, ['root@127.0.0.1:1'], {home});
	await begun.journey.sees(way);
	return begun;
};

const nothing = (): void => undefined;
const again = /wait a minute\.[\s\S]*What is your server's address\?\n[\s\S]*❯/;
const refused = /refused the password of root\.[\s\S]*Password of root \(it is not shown\):\n[\s\S]*❯/;
const connecting = /connecting to 127\.0\.0\.1:\d+ as root[\s\S]*ctrl-c stop/;
const loggingIn = /logging in to 127\.0\.0\.1:\d+ as root[\s\S]*ctrl-c stop/;

export const toServer: readonly Waypoint[] = [
	{
		name: 'the start menu', takes: 'keys', stands: startMenu, back: {to: startMenu, again: ''},
		prepare: onTheWay(async journey => journey.sees(startMenu)),
	},
	{
		name: 'the address', takes: 'letters', stands: address, back: {to: /❯ Set up my own server/},
		prepare: onTheWay(toAddress),
	},
	{
		name: 'the user', takes: 'letters', stands: user, back: {to: address},
		prepare: onTheWay(async (journey, place) => {
			await toAddress(journey);
			await typeAt(journey, address, place);
			await journey.sees(user);
		}),
	},
	{
		name: 'the way to log in', takes: 'keys', stands: way, back: {to: user},
		prepare: onTheWay(async (journey, place) => {
			await toAddress(journey);
			await typeAt(journey, address, place);
			await typeAt(journey, user);
			await journey.sees(way);
		}),
	},
	{
		name: 'the password', takes: 'secret', stands: password, back: {to: way},
		prepare: onTheWay(async (journey, place) => {
			await toAddress(journey);
			await toPassword(journey, place);
		}),
	},
	{
		name: 'the file of a key', takes: 'letters', stands: keyFile, back: {to: way},
		prepare: onTheWay(async (journey, place) => {
			await toAddress(journey);
			await typeAt(journey, address, place);
			await typeAt(journey, user);
			await journey.sees(way);
			journey.press(down);
			await typeAt(journey, /❯ With a key/);
			await journey.sees(keyFile);
		}),
	},
	{
		name: 'the passphrase of a key', takes: 'secret', stands: passphrase, back: {to: way},
		async prepare(t) {
			return {
				async go() {
					const begun = await withKey(t);
					begun.journey.press(down);
					await typeAt(begun.journey, /❯ With the key/);
					await begun.journey.sees(passphrase);
					return begun;
				},
				untouched: nothing,
			};
		},
	},
	{
		name: 'the key of a server', takes: 'keys', stands: hostKey, back: {to: password, again: `right${enter}`},
		prepare: onTheWay(async (journey, place) => {
			await toAddress(journey);
			await toPassword(journey, place);
			await givePassword(journey, 'right', hostKey);
		}),
	},
	{
		name: 'another key than last time', takes: 'keys', stands: changedKey, narrow: /another key than last time[\s\S]*❯ Stop here\n +nothing was sent to it\n/, back: {to: password, again: `right${enter}`},
		async prepare(t) {
			const {go, attempts} = await atTheDoor(t, {password: 'right'}, changedKey, makeHost().fingerprint);
			return {
				go,
				untouched() {
					t.deepEqual(attempts, []);
				},
			};
		},
	},
	{
		name: 'a server that says nothing', takes: 'keys while it runs', stands: connecting,
		async prepare(t) {
			const port = await listen(t, createServer(socket => {
				socket.on('error', nothing);
			}));
			return {
				async go() {
					const begun = await begin(t);
					await toAddress(begun.journey);
					await toPassword(begun.journey, `127.0.0.1:${port}`);
					await givePassword(begun.journey, 'right', connecting);
					return begun;
				},
				untouched: nothing,
			};
		},
	},
	{
		name: 'a server that lets in and then says nothing', takes: 'keys while it runs', stands: loggingIn,
		async prepare(t) {
			const {go, commands} = await atTheDoor(t, {password: 'right', become: () => true}, loggingIn);
			return {
				go,
				untouched() {
					t.true(commands.length <= 4, 'one journey, one question');
				},
			};
		},
	},
	{
		name: 'an address that refused', takes: 'letters', stands: again, back: {to: /❯ Set up my own server/},
		async prepare(t) {
			return {
				async go() {
					const begun = await begin(t);
					await toAddress(begun.journey);
					await toPassword(begun.journey, '127.0.0.1:1');
					await givePassword(begun.journey, 'right', again);
					return begun;
				},
				untouched: nothing,
			};
		},
	},
	{
		name: 'a password that was refused', takes: 'secret', stands: refused, back: {to: way},
		async prepare(t) {
			const {go, commands} = await atTheDoor(t, {password: 'another'}, refused);
			return {
				go,
				untouched() {
					t.deepEqual(commands, []);
				},
			};
		},
	},
];
