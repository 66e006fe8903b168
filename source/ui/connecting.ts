/** What is said while one comes to be logged in. */
import type {Event} from '../engine/events.js';
import {cleanLine} from './clean.js';
import {troubleLines} from './planned.js';
import type {Output} from './output.js';
import type {StateListener} from './run-state.js';
import type {Theme} from './theme.js';
import {indent} from './words.js';

/** What stays to be read of one event. */
export const connectingLines = (event: Event, theme: Theme): readonly string[] => {
	const paragraph = (text: string): readonly string[] => indent(cleanLine(text, 2000), theme.columns, ' ');
	switch (event.event) {
		case 'host-key': {
			return event.verdict === 'moved' ? paragraph(`${event.server} shows the key of ${event.from}, which you know: it is that server, or a copy of it.`) : [];
		}

		case 'needed': {
			// To be asked for something is no failure.
			const {what, tries} = event.trouble;
			return tries.length === 0 ? paragraph(what) : ['', ...troubleLines(event.trouble, theme)];
		}

		case 'refused': {
			return ['', ...troubleLines(event.trouble, theme)];
		}

		case 'key-made': {
			return paragraph(`Made. The private half is ${event.identity}: it never leaves this computer. Keep a copy in a safe place.`);
		}

		default: {
			return [];
		}
	}
};

/** Tells of it, in lines and below them. */
export const displayConnecting = (output: Output, theme: Theme): StateListener => (event, {waiting}) => {
	const lines = connectingLines(event, theme);
	if (lines.length > 0) {
		output.live(undefined);
	}

	for (const line of lines) {
		output.line(line);
	}

	output.live(waiting === '' ? undefined : waiting);
};
