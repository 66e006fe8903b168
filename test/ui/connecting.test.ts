/** What is said while one comes to be logged in. */
import test from 'ava';
import type {Event} from '../../source/engine/events.js';
import {displayConnecting} from '../../source/ui/connecting.js';
import {reduced} from '../../source/ui/run-state.js';
import {plainTheme} from '../../source/ui/theme.js';

const at = {server: 'root@203.0.113.7', user: 'root'};

/** The lines, and what stood below them after the last event. */
const told = async (...events: readonly Event[]): Promise<{readonly lines: readonly string[]; readonly live: unknown}> => {
	const lines: string[] = [];
	let live: unknown;
	const {listener} = reduced(displayConnecting({
		line(text = '') {
			lines.push(text);
		},
		live(text) {
			live = text;
		},
		close() {},
	}, plainTheme));
	for (const event of events) {
		await listener(event);
	}

	return {lines, live};
};

const key = {server: at.server, key: 'SHA256:x', kind: 'ssh-ed25519'};

test('what is tried stands below, until somebody is asked or it is over', async t => {
	const begin: Event = {event: 'connecting', ...at};
	t.deepEqual(await told(begin), {lines: [], live: 'connecting to 203.0.113.7 as root'});
	t.deepEqual(await told(begin, {event: 'host-key', ...key, verdict: 'unknown'}), {lines: [], live: undefined});
	t.deepEqual(await told(begin, {event: 'host-key', ...key, verdict: 'known'}, {event: 'logging-in', ...at}), {lines: [], live: 'logging in to 203.0.113.7 as root'});
	t.is((await told(begin, {event: 'waiting', for: 'waiting for the server, 60 s at most', seconds: 0})).live, 'waiting for the server, 60 s at most');
	for (const end of [{event: 'logged-in', ...at}, {event: 'refused', trouble: {what: 'no', tries: []}}, {event: 'needed', trouble: {what: 'more', tries: []}}] satisfies readonly Event[]) {
		t.is((await told(begin, {event: 'logging-in', ...at}, end)).live, undefined);
	}
});

test('a server that is known by another address is named', async t => {
	t.deepEqual((await told({
		event: 'host-key', ...key, verdict: 'moved', from: '203.0.113.8:22',
	})).lines, [' root@203.0.113.7 shows the key of 203.0.113.8:22, which you know: it is that', ' server, or a copy of it.']);
});

test('a refusal is one, with what to try; to be asked for something is none', async t => {
	const trouble = {what: 'The server refused the password of root.', tries: ['Try the password again.']};
	t.deepEqual((await told({event: 'refused', trouble})).lines, ['', ' ✖ The server refused the password of root.', '   Try: The password again.']);
	t.deepEqual((await told({event: 'refused', trouble: {...trouble, why: 'Nothing was sent.', tries: []}})).lines.at(-1), '   Nothing was sent.');
	t.deepEqual((await told({event: 'needed', trouble: {what: 'The password of root has expired.', tries: []}})).lines, [' The password of root has expired.']);
});

test('text from a server reaches the terminal as letters only', async t => {
	const {lines} = await told({event: 'refused', trouble: {what: 'It says \u001B]0;x\u0007 hello', tries: ['\u001B[2J']}});
	t.notRegex(lines.join(''), /[\u0007\u001B]/);
});
