import {createRequire} from 'node:module';
import process from 'node:process';
import type {Input} from '../ui/input.js';
import {askInLines} from '../ui/questions.js';
import {parseCommand, type Command} from './arguments.js';
import {tellTrouble} from './failure.js';
import {makeFront, type Front} from './front.js';
import {help} from './help.js';
import {openHouse} from './house.js';
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
	const stopping = makeStopping(line => {
		front.say(line);
	}, () => {
		front.sink.close();
		process.exit(130);
	});
	const asking: {input?: Input} = {};
	const interrupt = (): void => {
		stopping.interrupt();
		// Whoever sends a signal will not answer what is being asked.
		asking.input?.cancel();
	};

	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, interrupt);
	}

	// A closed terminal takes no more lines; what runs must still end well.
	for (const stream of [process.stdout, process.stderr]) {
		stream.on('error', () => undefined);
	}

	const mayAsk = command.do === 'wizard' || (front.attended && !options.yes && !options.json);
	const input = mayAsk ? front.input(interrupt) : undefined;
	asking.input = input;
	const questions = input && askInLines(input, front.say, front.look);
	let code: number;
	try {
		const house = await openHouse(options, front, stopping, questions, versionOf());
		try {
			code = command.do === 'wizard'
				? await (await import('./voyage.js')).voyage(house, command.target)
				: await (await import('./batch.js')).runBatch(house, command);
		} catch (error) {
			front.sink.live(undefined);
			code = tellTrouble(error, house, '');
		}
	} finally {
		input?.close();
		front.sink.close();
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

		leave(await work(command, makeFront(command.options)));
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
