/** What ends a run early, in words. */
import {Unreadable} from '../facts/files.js';
import {NotWritten} from '../record/append-only.js';
import {ConnectionLost} from '../server/connect-error.js';
import type {Trouble} from './events.js';
import {exitCodes} from './exit-codes.js';
import {Refused} from './server-info.js';
import {Held} from './lock.js';
import {NotBack} from './reconnect.js';
import {
	RevertFailed,
	Stopped,
	Unheard,
	type Session,
} from './session.js';

/** What becomes of what somebody typed themselves: nothing puts that back. */
const stopped = ({byHand, card}: Pick<Session, 'byHand' | 'card'>): Trouble => {
	if (!byHand) {
		return {what: 'Stopped. Nothing is half done: what was begun has ended or was put back.', tries: ['Start again to go on from here.']};
	}

	return {
		what: 'Stopped. What you typed yourself stays as it is: nothing puts that back. What dropwise began has ended or was put back.',
		...(byHand.red !== undefined && {why: `When it was last looked at, this did not hold: ${byHand.red}.`}),
		tries: [
			'Start again to go on from here.',
			...(byHand.guarded ? ['If you are still logged in to the server in another window, stay so until it holds.', ...(card === undefined ? [] : [`How to get in by hand is written down in ${card}`])] : []),
		],
	};
};

/** The words and the exit code for an end that can be explained; undefined for a defect. */
export const troubleOf = (error: unknown, session?: Pick<Session, 'byHand' | 'card'>): {trouble: Trouble; exitCode: number} | undefined => {
	if (error instanceof NotWritten || (error instanceof Unheard && error.cause instanceof NotWritten)) {
		return {trouble: {what: error.message, why: 'What is not written down is not done: what was begun has ended or was put back.', tries: ['See to it that this computer can write there, and start again.']}, exitCode: exitCodes.doesNotHold};
	}

	if (error instanceof Unheard) {
		return undefined;
	}

	if (error instanceof Stopped) {
		return {trouble: stopped(session ?? {byHand: undefined, card: undefined}), exitCode: exitCodes.interrupted};
	}

	if (error instanceof ConnectionLost) {
		return {trouble: {what: 'The connection to the server was lost.', why: 'What was being done there goes on to its end by itself; a step that could lock you out is put back by the server.', tries: ['Start again: dropwise hears what was done and goes on from there.']}, exitCode: exitCodes.cannotConnect};
	}

	if (error instanceof NotBack) {
		const {message, last, card} = error;
		return {trouble: {
			what: message,
			why: `It may still be starting: a server that checks its disk takes longer.${last === undefined ? '' : ` When last tried: ${last}`}`,
			tries: [
				'Wait some minutes and start again: dropwise goes on from here.',
				'Look at its screen on your provider\'s site: open the server there and look for "Console". It can also be switched off and on again there.',
				...(card === undefined ? [] : [`How to get in by hand is written down in ${card}`]),
			],
		}, exitCode: exitCodes.cannotConnect};
	}

	if (error instanceof Held) {
		return {trouble: {what: `Another run holds this server: ${error.message}.`, why: 'Two at once would undo each other\'s work. Nothing more was changed.', tries: ['Wait for the other run to end, and start again.']}, exitCode: exitCodes.held};
	}

	if (error instanceof RevertFailed) {
		return {trouble: {what: `The server could not put back what was begun: ${error.message}`, why: 'This connection still works, and nobody knows whether another one would.', tries: ['In another window, try to log in.', 'If that fails: the rescue card says how to put things back by hand.']}, exitCode: exitCodes.doesNotHold};
	}

	return error instanceof Refused || error instanceof Unreadable ? {trouble: {what: error.message, why: 'Nothing was changed.', tries: ['Choose an image of Debian or Ubuntu when you make the droplet.']}, exitCode: exitCodes.doesNotHold} : undefined;
};
