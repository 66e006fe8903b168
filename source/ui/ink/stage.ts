/** What stands on the screen, apart from how it is drawn: the transcript, what is asked, what goes on. */
import {Back, NoAnswer} from '../questions.js';
import type {Earlier} from '../screen.js';
import type {AskView, Busy, View} from './views.js';

export type TranscriptLine = {readonly id: number; readonly text: string};

export type Scene = {
	/** Finished things, which scroll up. */
	readonly transcript: readonly TranscriptLine[];
	/** What is asked, if anything is. */
	readonly view: View | undefined;
	/** What goes on meanwhile. */
	readonly busy: Busy | undefined;
	/** What the server said since the start. */
	readonly log: readonly string[];
	/** What it said in earlier runs. */
	readonly earlier: Earlier | undefined;
};

/** So much of the log is kept for the screen; the file has all of it. */
const mostLogged = 5000;

export class Stage {
	#scene: Scene = {
		transcript: [], view: undefined, busy: undefined, log: [], earlier: undefined,
	};

	#ids = 0;
	readonly #listeners = new Set<() => void>();
	#cancel: (() => void) | undefined;
	#over = false;

	/** `interrupt`: Ctrl-C was pressed. `past`: writes to the terminal past all that is drawn, for one that was let go. */
	constructor(readonly interrupt: () => void, readonly past: (text: string) => void = () => undefined) {}

	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};

	readonly scene = (): Scene => this.#scene;

	print(...lines: readonly string[]): void {
		this.#change({transcript: [...this.#scene.transcript, ...lines.flatMap(line => line.split('\n')).map(text => ({id: ++this.#ids, text}))]});
	}

	write(...lines: readonly string[]): void {
		this.#change({log: [...this.#scene.log, ...lines].slice(-mostLogged)});
	}

	recall(earlier: Earlier): void {
		this.#change({earlier});
	}

	work(busy: Busy | undefined): void {
		this.#change({busy});
	}

	/** Asks, and waits for the answer. Rejects with `Back` and `NoAnswer`. `until`: from then on there is nothing to be asked any more, which is `answer`. */
	async ask<T>(view: AskView, note: (answer: T) => string | undefined, until?: {readonly signal: AbortSignal; readonly answer: T}): Promise<T> {
		if (until?.signal.aborted) {
			return until.answer;
		}

		if (this.#over) {
			throw new NoAnswer('interrupted');
		}

		try {
			const answer = await new Promise<T>((resolve, reject) => {
				this.#cancel = () => {
					reject(new NoAnswer('interrupted'));
				};

				until?.signal.addEventListener('abort', () => {
					resolve(until.answer);
				});
				this.#change({view: {
					...view,
					id: ++this.#ids,
					answer: resolve as (answer: unknown) => void,
					back() {
						reject(new Back('back'));
					},
				}});
			});
			const line = note(answer);
			if (line !== undefined) {
				this.print(line);
			}

			return answer;
		} finally {
			this.#cancel = undefined;
			this.#change({view: undefined});
		}
	}

	/** Takes away whatever lives: only the transcript stays. */
	clear(): void {
		this.#change({view: undefined, busy: undefined});
	}

	/** Ends an open question without an answer; from now on nothing is asked. */
	cancel(): void {
		this.#over = true;
		this.#cancel?.();
	}

	#change(change: Partial<Scene>): void {
		this.#scene = {...this.#scene, ...change};
		for (const listener of this.#listeners) {
			listener();
		}
	}
}

