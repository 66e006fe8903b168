/** A prompt where a person types commands: what a front end shows of it. */

/** A file in an editor. `content` is empty where there is none yet. */
export type EditedFile = {readonly path: string; readonly content: string; readonly keep: (content: string) => void};

/** What came of a line: what was said to it (untrusted), an editor that is wanted, a line that goes on in the next one, or an end of typing. */
export type PromptAnswer = {readonly said: string; /** Where it asks something: the next line goes there. */ readonly asks?: {readonly question: string; readonly answer: (line: string) => Promise<PromptAnswer>}} | {readonly file: EditedFile} | {readonly goesOn: true} | {readonly leaves: true};

export type Prompt = {
	/** What stands before the line, such as `root@practice:~#`. */
	readonly sign: string;
	/** Takes a line, or all the lines of one that goes on, with their line ends. Never rejects for what was typed. */
	readonly enter: (line: string) => Promise<PromptAnswer>;
};
