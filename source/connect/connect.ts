import {ConnectError} from '../server/connect-error.js';
import {Back} from '../ui/questions.js';
import type {ConnectContext, ConnectingOptions} from './context.js';
import {connectOverSsh} from './connect-ssh.js';
import {refusalOf} from './refusal.js';
import type {Connection} from './connection.js';
import type {Target} from './target.js';

/** Connects to a server: the one choice between practice and a real one. */
export const connectTo = async (context: ConnectContext, target: Target, options: ConnectingOptions = {}): Promise<Connection> =>
	target.kind === 'practice' ? (await import('./connect-practice.js')).connectPractice(context, target, options) : connectOverSsh(context, target, options);

/** Reasons that another address can mend, or a while. */
const elsewhere: ReadonlySet<ConnectError['reason']> = new Set(['unreachable', 'refused', 'silent', 'not-ssh', 'no-such-name', 'dropped']);

/** Reasons that come before anything of the person's leaves their computer: whoever just typed a password wonders. */
const unsent: ReadonlySet<ConnectError['reason']> = new Set(['unreachable', 'refused', 'no-such-name']);

/** Connects to a server that the person was asked for. Where there is none, they are told, and may choose again: throws `Back`. */
export const connectToChosen = async (context: ConnectContext, target: Target, options: ConnectingOptions): Promise<Connection> => {
	try {
		return await connectTo(context, target, options);
	} catch (error) {
		if (!(error instanceof ConnectError) || !elsewhere.has(error.reason)) {
			throw error;
		}

		await context.listener(refusalOf(error, unsent.has(error.reason) ? 'Nothing was sent.' : undefined));
		throw new Back('There is no such server');
	}
};
