import {ConnectError, ConnectionLost} from '../server/errors.js';
import {NewerRecord} from '../record/append-only.js';
import {jsonLines} from '../ui/json.js';
import {troubleLines} from '../ui/planned.js';
import {NoAnswer} from '../ui/questions.js';
import type {House} from './house.js';
import {Unreached} from './unreached.js';
import {UsageError} from './usage-error.js';

/** Tells what went wrong before or around the engine, and returns the exit code. What is none of these is a defect, and thrown on. */
export const tellTrouble = (error: unknown, {front, options, redactor}: Pick<House, 'front' | 'options' | 'redactor'>, server: string): number => {
	if (error instanceof UsageError || error instanceof NewerRecord) {
		process.stderr.write(`dropwise: ${redactor.text(error.message)}\n`);
		return 2;
	}

	if (error instanceof NoAnswer) {
		front.say('');
		front.say(' Stopped: there was no more input. Nothing more was done.');
		return 130;
	}

	if (error instanceof ConnectError || error instanceof Unreached || error instanceof ConnectionLost) {
		const trouble = redactor.value({what: error.message || 'The connection was lost.', tries: 'tries' in error ? [...error.tries] : ['Start again to go on from here.']});
		if (options.json) {
			void jsonLines(text => process.stdout.write(text), server)({event: 'trouble', trouble});
		}

		for (const line of troubleLines(trouble, front.look)) {
			front.say(line);
		}

		return 3;
	}

	throw error;
};
