import {Buffer} from 'node:buffer';
import {once} from 'node:events';
import {type Socket, connect} from 'node:net';
import {createInterface} from 'node:readline';
import {setTimeout as sleep} from 'node:timers/promises';
import {type Result} from './command.js';

/*
QEMU's guest agent: runs commands in a virtual machine over a serial line of its own, so that it works when the machine's network or sshd does not.
*/
type Answer = {return?: unknown; error?: {desc: string}};
type Ask = (execute: string, parameters: unknown) => Promise<unknown>;
type Status = {exited: boolean; exitcode?: number; signal?: number; 'out-data'?: string; 'err-data'?: string};

const decode = (text: string | undefined) => Buffer.from(text ?? '', 'base64').toString('utf8');

const conversation = async (socket: Socket): Promise<Ask> => {
	const lines = createInterface({input: socket})[Symbol.asyncIterator]();
	const next = async (): Promise<Answer> => {
		const {value, done} = await lines.next();
		if (done) {
			throw new Error('the guest agent hung up');
		}

		// Before an answer to a delimited sync stands this byte.
		return JSON.parse((value).replaceAll('\u{FF}', '')) as Answer;
	};

	const ask: Ask = async (execute, parameters) => {
		socket.write(JSON.stringify({execute, arguments: parameters}) + '\n');
		const answer = await next();
		if (answer.error) {
			throw new Error(`${execute}: ${answer.error.desc}`);
		}

		return answer.return;
	};

	// Answers to somebody who asked before and did not wait may still be in the line.
	const id = Math.trunc(Math.random() * (2 ** 31));
	socket.write(JSON.stringify({execute: 'guest-sync', arguments: {id}}) + '\n');
	for (;;) {
		const answer = await next();
		if (answer.return === id) {
			return ask;
		}
	}
};

const runAndWait = async (ask: Ask, argv: readonly string[], input: string | Uint8Array): Promise<Result> => {
	const [path, ...rest] = argv;
	const {pid} = await ask('guest-exec', {
		path,
		arg: rest,
		'input-data': Buffer.from(input).toString('base64'),
		'capture-output': true,
	}) as {pid: number};
	for (;;) {
		const status = await ask('guest-exec-status', {pid}) as Status;
		if (status.exited) {
			return {
				code: status.exitcode ?? (128 + (status.signal ?? 0)),
				out: decode(status['out-data']),
				err: decode(status['err-data']),
			};
		}

		await sleep(50);
	}
};

/** Runs a command by the agent that listens on `socketPath`. Rejects after so many seconds, also where nobody answers, as before the agent has started. */
export const execByAgent = async (socketPath: string, argv: readonly string[], {input = '', seconds}: {input?: string | Uint8Array; seconds: number}): Promise<Result> => {
	const socket = connect(socketPath);
	const timer = setTimeout(() => {
		socket.destroy(new Error(`${argv.join(' ')} took more than ${seconds} s`));
	}, seconds * 1000);
	const failed = new Promise<never>((_resolve, reject) => {
		socket.once('error', reject);
	});
	failed.catch(() => undefined);
	try {
		await Promise.race([once(socket, 'connect'), failed]);
		const talk = async () => runAndWait(await conversation(socket), argv, input);
		return await Promise.race([talk(), failed]);
	} finally {
		clearTimeout(timer);
		socket.destroy();
	}
};
