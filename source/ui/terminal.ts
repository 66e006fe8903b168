import type {Output} from './output.js';
import type {Screen} from './screen.js';
import type {Theme} from './theme.js';
import {indent} from './words.js';

/** A terminal whose keyboard is open: where the person is asked. */
export type OpenTerminal = {
	readonly screen: Screen;
	/** Ends an open question without an answer; from now on nothing is asked. */
	cancel(): void;
	close(): Promise<void> | void;
};

/** What a person sees and types into. */
export type Terminal = {
	readonly theme: Theme;
	readonly output: Output;
	readonly say: (line: string) => void;
	/** A sentence, broken into lines. */
	readonly paragraph: (text: string) => void;
	/** Opens the keyboard, or the pipe in its place. `interrupt`: Ctrl-C was pressed. */
	readonly open: (interrupt: () => void) => Promise<OpenTerminal>;
	/** Whether somebody is there who can be asked. */
	readonly attended: boolean;
};

export const terminalOf = (theme: Theme, output: Output, open: Terminal['open'], attended: boolean): Terminal => ({
	theme,
	output,
	say(line) {
		output.line(line);
	},
	paragraph(text) {
		for (const line of indent(text, theme.columns, ' ')) {
			output.line(line);
		}
	},
	open,
	attended,
});
