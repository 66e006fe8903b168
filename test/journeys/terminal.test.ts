import test from 'ava';
import {emptyHome, environment, travel} from './terminal.js';

test('what is still being drawn is not looked at', async t => {
	const drawing = String.raw`printf '\033[?2026h'; printf 'half '; sleep 0.3; printf 'and half\033[?2026l'; sleep 5`;
	const journey = travel([], environment(await emptyHome()), {before: ['/bin/sh', '-c', drawing]});
	t.teardown(() => {
		journey.signal('SIGKILL');
	});
	t.is(await journey.sees(/half/), 'half and half');
});
