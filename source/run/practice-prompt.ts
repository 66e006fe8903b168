/** A prompt on the practice droplet, beside the wizard or without it: to try what one likes, and to break what one likes. */
import {promptAt} from '../connect/connect-practice.js';
import type {PracticeTarget} from '../connect/target.js';
import {promptInLines} from '../ui/prompt-in-lines.js';
import {Back, NoAnswer} from '../ui/questions.js';
import type {Screen} from '../ui/screen.js';
import type {App} from './app.js';

/** Returns the exit code: 0, however it was left. */
export const runPrompt = async (app: App, screen: Screen, target: PracticeTarget): Promise<number> => {
	const prompt = promptAt(app, target);
	app.terminal.paragraph('This is the practice droplet, and you are root. What you do here the wizard finds there. "help" names the commands it knows, "exit" leaves.');
	try {
		await promptInLines(screen, prompt);
	} catch (error) {
		// Where the lines come from a pipe they end.
		if (!(error instanceof Back || error instanceof NoAnswer)) {
			throw error;
		}
	}

	return 0;
};
