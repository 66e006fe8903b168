import type {Trouble} from '../engine/events.js';
import {troubleOf} from '../engine/trouble.js';
import {ConnectError, ConnectionLost} from '../server/errors.js';
import {NewerRecord} from '../record/append-only.js';
import {jsonLines} from '../ui/json.js';
import {troubleLines} from '../ui/planned.js';
import {NoAnswer} from '../ui/questions.js';
import type {House} from './house.js';
import {Unreached} from './unreached.js';
import {UsageError} from './usage-error.js';

/** Tells what went wrong before or around the engine, and returns the exit code. What is none of these is a defect, and thrown on. */
export const tellTrouble = (error: unknown, {front, options, redactor, stopping}: Pick<House, 'front' | 'options' | 'redactor' | 'stopping'>, server: string): number => {
	if (error instanceof UsageError || error instanceof NewerRecord) {
		process.stderr.write(`dropwise: ${redactor.text(error.message)}\n`);
		return 2;
	}

	if (error instanceof NoAnswer) {
		if (!stopping.leaving) {
			front.say('');
			front.say(stopping.stopped ? ' Stopped. Nothing more was done.' : ' Stopped: there was no more input. Nothing more was done.');
		}

		return 130;
	}

	const tell = (trouble: Trouble, code: number): number => {
		if (options.json) {
			void jsonLines(text => process.stdout.write(text), server)({event: 'trouble', trouble});
		}

		front.say('');
		for (const line of troubleLines(trouble, front.look)) {
			front.say(line);
		}

		return code;
	};

	if (error instanceof ConnectError || error instanceof Unreached || error instanceof ConnectionLost) {
		return tell(redactor.value({what: error.message || 'The connection was lost.', tries: 'tries' in error ? [...error.tries] : ['Start again to go on from here.']}), 3);
	}

	const ending = troubleOf(error);
	if (ending) {
		return tell(redactor.value(ending.trouble), ending.exitCode);
	}

	throw error;
};
