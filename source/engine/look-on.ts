/** Looking on while somebody does a step with their own hands: each claim is told as it turns, whichever way led there. */
import {setTimeout as sleep} from 'node:timers/promises';
import {isDeepStrictEqual} from 'node:util';
import {ConnectionLost} from '../server/connect-error.js';
import type {Step} from '../step.js';
import type {Planned, Verdict} from './events.js';
import {judge, judgeInside, stateOf} from './judge.js';
import {look, type Facts} from './look.js';
import {ensureRescueCard} from './ensure-rescue-card.js';
import {findAgain} from './reconnect.js';
import {noteBefore, seeAfter} from './rehearsal.js';
import {Stopped, type Session} from './session.js';

/** Between two looks, in milliseconds. */
const pauseMs = 2000;
/** What is seen from outside takes log-ins and knocks at ports: it is looked at when the server has changed, or else so seldom. Milliseconds. */
const outsidePauseMs = 10_000;

export type LookedOn = {readonly facts: Facts; readonly claims: readonly Verdict[]; /** False where the person went back before all of it held. */ readonly isDone: boolean};

/** Two plans that come to the same, whatever their actions are numbered. */
const isSame = (one: readonly Planned[], other: readonly Planned[]): boolean => isDeepStrictEqual(one.map(action => ({...action, id: ''})), other.map(action => ({...action, id: ''})));

/** Ends when the claims hold, or when the person goes back. The claims decide, not the plan; but what stays unknown is done only where nothing is left to do. `leftAt` says what that is. Throws `Stopped` where the person does not want to go on. */
export const lookOn = async (session: Session, step: Step, first: Facts, leftAt: (facts: Facts) => readonly Planned[]): Promise<LookedOn> => {
	session.dirty = true;
	session.byHand = {guarded: step.guarded, red: undefined};
	if (step.guarded) {
		await ensureRescueCard(session);
	}

	if (step.rehearses) {
		await noteBefore(session, step);
	}

	const begin = performance.now();
	const over = new AbortController();
	const asking: Array<() => void> = [];
	let wake = (): void => undefined;
	let said: 'back' | 'stop' | undefined;
	const byHand = session.run.byHand ?? (async (_, looking) => {
		await looking.look();
		return 'back';
	});
	const person = (async () => {
		try {
			const {id, title, phase} = step;
			said = await byHand({step: id, title, phase}, {
				over: over.signal,
				look: async () => new Promise(resolve => {
					if (over.signal.aborted) {
						resolve();
						return;
					}

					asking.push(resolve);
					wake();
				}),
			});
		} finally {
			wake();
		}
	})();
	// It is awaited below, which may be later than it fails.
	person.catch(() => undefined);
	let facts = first;
	let left = leftAt(first);
	let claims: readonly Verdict[] = [];
	let judgedAt = -Infinity;
	let losses = 0;
	// Somebody who restarts the server once more meanwhile is waited for once more.
	const findOnceMore = async (lost: ConnectionLost): Promise<void> => {
		try {
			await findAgain(session, `${session.run.run}-${step.id}-found-${++losses}`, lost, () => said === undefined);
		} catch (error) {
			if (!(error instanceof ConnectionLost) || error === lost) {
				throw error;
			}

			await findOnceMore(error);
		}
	};

	const read = async (): Promise<Facts> => {
		for (;;) {
			try {
				return (await look(session.counted, [step], one => session.contextOf(one))).get(step.id)!;
			} catch (error) {
				if (!(error instanceof ConnectionLost)) {
					throw error;
				}

				await findOnceMore(error);
				claims = [];
			}
		}
	};

	// What a rehearsal was seen to come to is part of what is read.
	const readAfter = async (): Promise<Facts> => {
		const found = await read();
		return step.rehearses && await seeAfter(session) ? read() : found;
	};

	// What cannot be read now tells nothing of what is left.
	const tellLeft = async (): Promise<void> => {
		const now = leftAt(facts);
		if (!('unreadable' in facts) && !isSame(now, left)) {
			left = now;
			await session.emit({event: 'left', step: step.id, actions: left});
		}
	};

	const lookOnce = async (): Promise<boolean> => {
		const asked = asking.splice(0);
		try {
			const found = await readAfter();
			const isSeldom = stateOf(judgeInside(session, step, found)) !== 'false' && performance.now() - judgedAt >= outsidePauseMs;
			if (asked.length > 0 || claims.length === 0 || isSeldom || !isDeepStrictEqual(found, facts)) {
				facts = found;
				await tellLeft();
				const judged = await judge(session, step, facts, session.outside());
				if (!isDeepStrictEqual(judged, claims)) {
					claims = judged;
					await session.emitClaims(step, 'after', claims);
				}

				judgedAt = performance.now();
			}
		} finally {
			for (const answer of asked) {
				answer();
			}
		}

		const state = stateOf(claims);
		return state === 'holds' || (state === 'unknown' && !('unreadable' in facts) && left.length === 0);
	};

	try {
		for (;;) {
			const isDone = await lookOnce();
			if (said === 'stop') {
				throw new Stopped('stopped');
			}

			if (isDone || said === 'back') {
				return {facts, claims, isDone};
			}

			session.mustBeHeard();
			const woken = new Promise<void>(resolve => {
				wake = resolve;
			});
			if (said === undefined && asking.length === 0) {
				await Promise.race([woken, sleep(pauseMs, undefined, {signal: over.signal}), person]);
			}
		}
	} finally {
		over.abort();
		for (const answer of asking) {
			answer();
		}

		await person;
		session.waited += performance.now() - begin;
	}
};
