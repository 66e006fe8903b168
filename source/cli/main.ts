import {createRequire} from 'node:module';
import process from 'node:process';
import type {OpenTerminal, Terminal} from '../ui/terminal.js';
import {openApp} from '../run/app.js';
import {makeInterrupts} from '../run/interrupts.js';
import {UsageError} from '../usage-error.js';
import {help} from './help.js';
import {chooseTerminal} from './choose-terminal.js';
import {parseCommand, type Invocation} from './arguments.js';

const versionOf = (): string => (createRequire(import.meta.url)('../../../package.json') as {version: string}).version;

/** Gives what is left open two seconds: a server that does not answer must not keep the program. */
const leave = (code: number): void => {
	process.exitCode = code;
	setTimeout(() => {
		process.exit(code);
	}, 2000).unref();
};

const work = async (command: Extract<Invocation, {options: unknown}>, terminal: Terminal): Promise<number> => {
	const {options} = command;
	// With a terminal that is gone nothing may be left to wait for: then it ends in the midst of this.
	process.exitCode = 130;
	const interrupts = makeInterrupts(line => {
		terminal.say(line);
	}, async () => {
		await terminal.output.close();
		process.exit(130);
	});
	const opened: {terminal?: OpenTerminal | undefined} = {};
	const interrupt = (): void => {
		interrupts.interrupt();
		// Whoever sends a signal will not answer what is being asked.
		opened.terminal?.cancel();
	};

	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, interrupt);
	}

	// A closed terminal takes no more lines; what runs must still end well.
	for (const stream of [process.stdout, process.stderr]) {
		stream.on('error', () => undefined);
	}

	const mayAsk = command.do === 'wizard' || command.do === 'prompt' || (terminal.attended && !options.yes && !options.json);
	opened.terminal = mayAsk ? await terminal.open(interrupt) : undefined;
	let code: number;
	try {
		const app = await openApp(options, terminal, interrupts, opened.terminal?.screen, versionOf());
		try {
			switch (command.do) {
				case 'wizard': {
					code = await (await import('../run/wizard.js')).runWizard(app, opened.terminal!.screen, command.target);
					break;
				}

				case 'prompt': {
					code = await (await import('../run/practice-prompt.js')).runPrompt(app, opened.terminal!.screen, command.target);
					break;
				}

				default: {
					code = await (await import('../run/batch.js')).runBatch(app, command);
				}
			}
		} catch (error) {
			terminal.output.live(undefined);
			code = (await import('../run/report-failure.js')).reportFailure(error, app, '');
		}
	} finally {
		await opened.terminal?.close();
		await terminal.output.close();
	}

	return interrupts.stopped ? 130 : code;
};

/** Does what the words after `dropwise` say. */
export const main = async (words: readonly string[]): Promise<void> => {
	let command: Invocation;
	try {
		command = parseCommand(words);
		if (!('options' in command)) {
			process.stdout.write(command.do === 'help' ? help : `${versionOf()}\n`);
			return;
		}

		leave(await work(command, await chooseTerminal(command.options, command.do === 'wizard')));
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
