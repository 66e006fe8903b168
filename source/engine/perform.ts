import type {Order, Outcome} from '../server/server.js';
import type {Session} from './session.js';

/** Sends an order and passes on what it says, in order, saying that it goes on where it is silent. */
export const perform = async (session: Session, order: Order, shows: string): Promise<Outcome> => {
	let said: Promise<unknown> = Promise.resolve();
	const outcome = await session.during(shows, session.server.act(order, ({stream, text}) => {
		said = said.then(async () => session.emit({
			event: 'output', id: session.acting ?? order.id, part: order.id, stream, text,
		}));
	}));
	await said;
	if (outcome.secondsLeft !== undefined) {
		await session.emit({event: 'deadline', secondsLeft: outcome.secondsLeft});
	}

	return outcome;
};

/** The last lines of what was said, for a person to read. */
export const lastLines = ({out, err}: Pick<Outcome, 'out' | 'err'>, count = 12): string =>
	`${out}\n${err}`.split(/[\r\n]+/).filter(line => line.trim() !== '').slice(-count).join('\n');
