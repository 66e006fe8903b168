/** Leaving at each screen of the wizard: by a key, by a signal, by closing the terminal. What was not begun is not done. */
import test from 'ava';
import {sliceOf} from '../slice.js';
import {ends, type Begun} from './connect.js';
import {gone} from './hands.js';
import {ctrlC} from './terminal.js';
import {toPractice} from './to-practice.js';
import {toServer} from './to-server.js';

const stopped = /Stopped\. Nothing was running on the server\.$/;

for (const {name, prepare, lastWords = stopped, lastWordsAtOnce = lastWords} of sliceOf([...toServer, ...toPractice], 4)) {
	test.serial(`leaving at ${name}: Ctrl-C twice, SIGTERM, a closed terminal`, async t => {
		const {go, untouched} = await prepare(t);
		const leave = async (how: (begun: Begun) => Promise<void>): Promise<void> => {
			const begun = await go();
			await how(begun);
			untouched(begun);
		};

		await leave(async ({journey}) => {
			journey.press(`${ctrlC}${ctrlC}`);
			t.regex(await ends(t, journey, 130), lastWordsAtOnce);
		});
		await leave(async ({journey}) => {
			journey.signal('SIGTERM');
			t.regex(await ends(t, journey, 130), lastWords);
		});
		await leave(async ({journey}) => {
			journey.hangUp();
			t.is((await journey.ended()).code, 130);
			t.true(gone(journey.pid));
		});
	});
}
