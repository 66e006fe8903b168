import {handOver} from '../connect/hand-over.js';
import {logInCommand} from '../connect/choose-key.js';
import type {Connection} from '../connect/connection.js';
import {sshWords} from '../record/rescue-card.js';
import {expandHome} from '../server/home.js';
import type {Login} from '../server/server.js';
import type {Hand} from '../ui/commands-to-type.js';
import type {App} from './app.js';

/** How somebody gets to a server to type there themselves. */
export const handOf = ({interrupts}: App, {server, prompt}: Connection, {user, identity}: Pick<Login, 'user' | 'identity'>): Hand => {
	const {address, sshPort} = server.me;
	return {
		logIn: logInCommand(user, server, identity),
		isRoot: user === 'root',
		...(prompt ? {prompt} : {logInHere: async () => handOver(sshWords(user, address, sshPort, identity && expandHome(identity)), interrupts.signal)}),
	};
};
