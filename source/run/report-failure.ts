import type {Trouble} from '../engine/events.js';
import {troubleOf} from '../engine/trouble.js';
import {ConnectError, ConnectionLost} from '../server/connect-error.js';
import {NewerRecord} from '../record/append-only.js';
import {jsonLines} from '../ui/json.js';
import {troubleLines} from '../ui/planned.js';
import {NoAnswer} from '../ui/questions.js';
import {UsageError} from '../usage-error.js';
import type {App} from './app.js';

/** Tells what went wrong before or around the engine, and returns the exit code. What is none of these is a defect, and thrown on. */
export const reportFailure = (error: unknown, {terminal, options, redactor, interrupts}: Pick<App, 'interrupts' | 'options' | 'redactor' | 'terminal'>, server: string): number => {
	if (error instanceof UsageError || error instanceof NewerRecord) {
		process.stderr.write(`dropwise: ${redactor.text(error.message)}\n`);
		return 2;
	}

	if (error instanceof NoAnswer) {
		if (!interrupts.leaving) {
			terminal.say('');
			terminal.say(interrupts.stopped ? ' Stopped. Nothing more was done.' : ' Stopped: there was no more input. Nothing more was done.');
		}

		return 130;
	}

	const report = (trouble: Trouble, code: number): number => {
		if (options.json) {
			void jsonLines(text => process.stdout.write(text), server)({event: 'trouble', trouble});
		}

		terminal.say('');
		for (const line of troubleLines(trouble, terminal.theme)) {
			terminal.say(line);
		}

		return code;
	};

	if (error instanceof ConnectError || error instanceof ConnectionLost) {
		return report(redactor.value({what: error.message || 'The connection was lost.', tries: 'tries' in error ? [...error.tries] : ['Start again to go on from here.']}), 3);
	}

	const ending = troubleOf(error);
	if (ending) {
		return report(redactor.value(ending.trouble), ending.exitCode);
	}

	throw error;
};
