import {judgeKey, type KnownHost} from '../record/known-hosts.js';
import {askChangedKey, askHostKey, compareCommand} from '../ui/connect-questions.js';
import type {Questions} from '../ui/questions.js';
import type {Listener} from '../engine/events.js';
import {ConnectError} from '../server/connect-error.js';

type Asked = {readonly questions: Questions | undefined; readonly listener: Listener};

const compareWith = (kind: string): string => `The server's own answer is in your provider's console: ${compareCommand(kind)}`;

/** Whether a host key is the right one. Throws a `ConnectError`, with the way on, where it is not or nobody can say. */
export const decideHostKey = async (knownHosts: readonly KnownHost[], place: string, name: string, expected: string | undefined, {key, kind}: {readonly key: string; readonly kind: string}, {questions, listener}: Asked): Promise<void> => {
	const verdict = judgeKey(knownHosts, place, key, expected);
	await listener({
		event: 'host-key', server: name, key, kind, ...verdict,
	});
	switch (verdict.verdict) {
		case 'known':
		case 'expected':
		case 'moved': {
			return;
		}

		case 'differs': {
			throw new ConnectError('host-key', `${name} shows the host key ${key}, and --host-key says ${verdict.expected}. Nothing was sent to it.`, [compareWith(kind), `If the key it shows is the right one: --host-key ${key}`]);
		}

		case 'changed': {
			if (!questions) {
				throw new ConnectError('host-key', `${name} shows another host key than before: ${key} in place of ${verdict.before.join(', ')}. Another server, or rebuilt? Nothing was sent to it.`, [compareWith(kind), `If it is yours, rebuilt or another at this address: --host-key ${key}`]);
			}

			if (!await askChangedKey(questions, place.replace(/:22$/, ''), key, verdict.before)) {
				throw new ConnectError('host-key', `Stopped before anything was sent to ${name}.`, [compareWith(kind)]);
			}

			return;
		}

		case 'unknown': {
			if (!questions) {
				throw new ConnectError('host-key', `${name} shows the host key ${key} (${kind}), and it was never seen before. Nothing was sent to it.`, [compareWith(kind), `If it is the same: --host-key ${key}`]);
			}

			if (!await askHostKey(questions, place.replace(/:22$/, ''), kind, key)) {
				throw new ConnectError('host-key', `Stopped before anything was sent to ${name}.`, [compareWith(kind), 'Then start again.']);
			}
		}
	}
};
