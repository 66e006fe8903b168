/** A carrier to try, under a shell of choice, and what its tests share. */
import {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import {chmodSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {readStatus} from '../../source/server/replies.js';
import type {Carrier} from '../../source/server/carrier.js';
import {actRequest, lockRequest, simpleRequest} from '../../source/server/requests.js';
import type {
	Order,
	Outcome,
	OutputChunk,
	ServerStatus,
} from '../../source/server/server.js';
import {
	makePlace,
	type shells,
	startCarrier,
	type Local,
	type Place,
} from './local-carrier.js';

export const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
export const nothing = (): void => undefined;

export type Stage = Local & {place: Place; file: (name: string, content?: string, mode?: number) => string; act: (order: Order, onOutput?: (output: OutputChunk) => void, token?: string) => Promise<Outcome>};

/** `guard`: the one that is armed when something is done. */
export const stage = async (t: ExecutionContext, shell: typeof shells[number], {locked = true, guard}: {readonly locked?: boolean; readonly guard?: string} = {}): Promise<Stage> => {
	const place = makePlace(shell);
	const local = startCarrier(place);
	t.teardown(async () => {
		local.cut();
		await local.ended;
		place.remove();
	});
	if (locked) {
		await local.carrier.ask(lockRequest('me', 'ada@laptop'));
	}

	return {
		...local,
		place,
		file(name, content, mode = 0o644) {
			const file = path.join(place.root, 'files', name);
			if (content !== undefined) {
				writeFileSync(file, content);
				chmodSync(file, mode);
			}

			return file;
		},
		act: async (order, onOutput = nothing, token = 'me') => (await local.carrier.runOrder(actRequest(order, token, guard), onOutput))!,
	};
};

export const status = async (carrier: Carrier): Promise<ServerStatus> => readStatus((await carrier.ask(simpleRequest('status'))).bytes.toString());

// every character but the zero byte, and what shells trip over
export const nasty = [
	Buffer.from(Array.from({length: 127}, (_, index) => index + 1)).toString('latin1'), 'häl 😀\u{85}\u{81}', '', '\n', 'a\n\n', '$(id) `id` \\0101 \\n %s', '-n', '-e', '.', '..', '\'"', ' lead and trail ', '*', '~', '\u{FEFF}x',
];
