/** Whether an address leads anywhere, before anything else is asked about it. */
import {lookup} from 'node:dns/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import {explain} from '../server/explain-failure.js';
import type {Target} from './target.js';

/** So long a name server is waited for, in milliseconds. One that is slower has its say when it is connected to. */
const patienceMs = 3000;

/** What is wrong with a name that nobody has an address for, in a sentence or two; undefined where it has one, or where that cannot be told now. */
export const leadsNowhere = async (target: Target): Promise<string | undefined> => {
	if (target.kind === 'practice') {
		return undefined;
	}

	const {host, port} = target;
	try {
		await Promise.race([lookup(host), sleep(patienceMs, undefined, {ref: false})]);
		return undefined;
	} catch (error) {
		const {message, tries} = explain({
			address: host, port, user: '', greeting: '', hostKey: false, trusted: undefined, tried: [], methods: undefined, identity: undefined, error: error as NodeJS.ErrnoException,
		});
		return [message, ...tries].join(' ');
	}
};
