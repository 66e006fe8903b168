/** Whose computer this is, and that the address of the pictures' server leads to a door on this machine. For pictures only. */
import {syncBuiltinESMExports} from 'node:module';
import net from 'node:net';
import os from 'node:os';
import process from 'node:process';
import {serverAddress} from './address.js';

const {userInfo} = os;
Object.assign(os, {userInfo: () => ({...userInfo(), username: 'ada'}), hostname: () => 'desk'});
syncBuiltinESMExports();

const door = process.env['PICTURES_DOOR'];
const {connect} = net.Socket.prototype;
type Place = {host?: string; port?: number};
net.Socket.prototype.connect = function (this: net.Socket, ...args: readonly unknown[]): net.Socket {
	// Called by `net.connect` with its arguments in an array, by others with them as they are.
	const first = (Array.isArray(args[0]) ? (args[0] as unknown[])[0] : args[0]) as Place | undefined;
	if (typeof first === 'object' && first.host === serverAddress) {
		if (door === undefined) {
			throw new Error('No door was opened for the server of the pictures.');
		}

		Object.assign(first, {host: '127.0.0.1', port: Number(door)});
	}

	return Reflect.apply(connect as (...all: unknown[]) => net.Socket, this, args);
} as typeof connect;
