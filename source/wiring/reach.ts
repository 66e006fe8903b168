import {ConnectError} from '../server/errors.js';
import {Back} from '../ui/questions.js';
import type {Lobby} from './house.js';
import {reachSsh, tell, type Visit} from './reach-ssh.js';
import type {Reached} from './reached.js';
import type {Target} from './target.js';

/** Connects to a server: the one choice between practice and a real one. */
export const reach = async (lobby: Lobby, target: Target, visit: Visit = {}): Promise<Reached> => {
	try {
		return await (target.kind === 'practice' ? (await import('./reach-practice.js')).reachPractice(lobby, target, visit) : reachSsh(lobby, target, visit));
	} finally {
		lobby.front.sink.live(undefined);
	}
};

/** Reasons that another address can mend, or a while. */
const elsewhere: ReadonlySet<ConnectError['reason']> = new Set(['unreachable', 'refused', 'silent', 'not-ssh', 'no-such-name', 'dropped']);

/** Reasons that come before anything of the person's leaves their computer: whoever just typed a password wonders. */
const unsent: ReadonlySet<ConnectError['reason']> = new Set(['unreachable', 'refused', 'no-such-name']);

/** Connects to a server that the person was asked for. Where there is none, they are told, and may choose again: throws `Back`. */
export const reachChosen = async (lobby: Lobby, target: Target, visit: Visit): Promise<Reached> => {
	try {
		return await reach(lobby, target, visit);
	} catch (error) {
		if (!(error instanceof ConnectError) || !elsewhere.has(error.reason)) {
			throw error;
		}

		tell(lobby, unsent.has(error.reason) ? {message: `${error.message} Nothing was sent.`, tries: error.tries} : error);
		throw new Back('There is no such server');
	}
};
