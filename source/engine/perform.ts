import type {Order, Outcome} from '../server/server.js';
import {type readProgress, withoutProgress} from './apt-output.js';
import type {Event} from './events.js';
import type {Session} from './session.js';

/** Sends an order and passes on what it says, in order, saying that it goes on where it is silent. `progress`: reads how far it is out of its standard error. */
export const perform = async (session: Session, order: Order, shows: string, progress?: ReturnType<typeof readProgress>): Promise<Outcome> => {
	const id = session.acting ?? order.id;
	let told: Promise<unknown> = Promise.resolve();
	const tell = (event: Event): void => {
		told = told.then(async () => session.emit(event));
	};

	const say = (stream: 'out' | 'err', text: string): void => {
		if (text !== '') {
			tell({
				event: 'output', id, part: order.id, stream, text,
			});
		}
	};

	const hear = (stream: 'out' | 'err', text: string): void => {
		if (!progress || stream === 'out') {
			say(stream, text);
			return;
		}

		const heard = progress.hear(text);
		say(stream, heard.text);
		if (heard.progress) {
			tell({event: 'progress', id, ...heard.progress});
		}
	};

	const outcome = await session.during(shows, session.server.act(order, ({stream, text}) => {
		hear(stream, text);
	}));
	say('err', progress?.end() ?? '');
	await told;
	if (outcome.secondsLeft !== undefined) {
		await session.emit({event: 'deadline', secondsLeft: outcome.secondsLeft});
	}

	return progress ? {...outcome, err: withoutProgress(outcome.err)} : outcome;
};

/** The last lines of what was said, for a person to read. */
export const lastLines = ({out, err}: Pick<Outcome, 'out' | 'err'>, count = 12): string =>
	`${out}\n${err}`.split(/[\r\n]+/).filter(line => line.trim() !== '').slice(-count).join('\n');
