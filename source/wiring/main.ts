import {createRequire} from 'node:module';
import process from 'node:process';
import {parseCommand, type Command} from './arguments.js';
import {makeFront, type Front, type Seat} from './front.js';
import {help} from './help.js';
import {openLobby} from './house.js';
import {makeStopping} from './stopping.js';
import {UsageError} from './usage-error.js';

const versionOf = (): string => (createRequire(import.meta.url)('../../../package.json') as {version: string}).version;

/** Gives what is left open two seconds: a server that does not answer must not keep the program. */
const leave = (code: number): void => {
	process.exitCode = code;
	setTimeout(() => {
		process.exit(code);
	}, 2000).unref();
};

const work = async (command: Extract<Command, {options: unknown}>, front: Front): Promise<number> => {
	const {options} = command;
	// With a terminal that is gone nothing may be left to wait for: then it ends in the midst of this.
	process.exitCode = 130;
	const stopping = makeStopping(line => {
		front.say(line);
	}, async () => {
		await front.sink.close();
		process.exit(130);
	});
	const sitting: {seat?: Seat} = {};
	const interrupt = (): void => {
		stopping.interrupt();
		// Whoever sends a signal will not answer what is being asked.
		sitting.seat?.cancel();
	};

	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, interrupt);
	}

	// A closed terminal takes no more lines; what runs must still end well.
	for (const stream of [process.stdout, process.stderr]) {
		stream.on('error', () => undefined);
	}

	const mayAsk = command.do === 'wizard' || (front.attended && !options.yes && !options.json);
	const seat = mayAsk ? await front.sit(interrupt) : undefined;
	Object.assign(sitting, {seat});
	let code: number;
	try {
		const lobby = await openLobby(options, front, stopping, seat?.table, versionOf());
		try {
			code = command.do === 'wizard'
				? await (await import('./voyage.js')).voyage(lobby, seat!.table, command.target)
				: await (await import('./batch.js')).runBatch(lobby, command);
		} catch (error) {
			front.sink.live(undefined);
			code = (await import('./failure.js')).tellTrouble(error, lobby, '');
		}
	} finally {
		await seat?.close();
		await front.sink.close();
	}

	return stopping.stopped ? 130 : code;
};

/** Does what the words after `dropwise` say. */
export const main = async (words: readonly string[]): Promise<void> => {
	let command: Command;
	try {
		command = parseCommand(words);
		if (!('options' in command)) {
			process.stdout.write(command.do === 'help' ? help : `${versionOf()}\n`);
			return;
		}

		leave(await work(command, await makeFront(command.options, command.do === 'wizard')));
	} catch (error) {
		if (error instanceof UsageError) {
			process.stderr.write(`dropwise: ${error.message}\n`);
			leave(2);
			return;
		}

		process.stderr.write(`dropwise: this is a defect in dropwise, not something you did: ${(error as Error).stack ?? String(error)}\n`);
		leave(1);
	}
};
