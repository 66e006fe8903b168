import {connect} from 'node:net';
import {until} from './processes.js';

/** Connects and waits for `ok`: for the connection, or for a banner. Never rejects. */
const dial = async (host: string, port: number, awaited: 'connect' | 'banner'): Promise<boolean> => new Promise(resolve => {
	const socket = connect({host, port, timeout: 2000});
	const finish = (answer: boolean) => {
		socket.destroy();
		resolve(answer);
	};

	socket.once('error', () => {
		finish(false);
	});
	socket.once('timeout', () => {
		finish(false);
	});
	socket.once('end', () => {
		finish(false);
	});
	if (awaited === 'connect') {
		socket.once('connect', () => {
			finish(true);
		});
	} else {
		socket.once('data', data => {
			finish(data.toString('latin1').startsWith('SSH-'));
		});
	}
});

/** Whether a TCP port accepts, within two seconds. */
export const listens = async (host: string, port: number) => dial(host, port, 'connect');

/** Waits until an SSH server says its banner. Rejects after so many seconds. */
export const sshAnswers = async (host: string, seconds: number, port = 22) =>
	until(async () => dial(host, port, 'banner'), seconds, `SSH on ${host} port ${port}`);
