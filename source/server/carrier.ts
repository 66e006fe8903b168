/** Speaks with a carrier over any pair of streams: an SSH channel, or in tests a shell on this machine. */
import {Buffer} from 'node:buffer';
import type {Duplex, Readable, Writable} from 'node:stream';
import type {Question, Reading} from '../step.js';
import {readReadings, readEnded} from './replies.js';
import {oneLine} from './one-line.js';
import {ConnectionLost} from './connect-error.js';
import {lookRequest} from './requests.js';
import type {Outcome, OutputChunk} from './server.js';
import {Frames, type Frame} from './wire.js';

type Waiting = {take: (frame: Frame) => void; fail: (error: Error) => void};

/** What a carrier said last on its standard error: the reason, where it ended without one. */
const keptErrorLength = 500;

export class Carrier {
	readonly #frames = new Frames();
	readonly #input: Writable;
	#waiting: Waiting | undefined;
	#queue: Promise<unknown> = Promise.resolve();
	#lost: Error | undefined;
	#said = '';

	constructor(input: Writable, output: Readable | Duplex, error: Readable) {
		this.#input = input;
		output.on('data', (chunk: Buffer) => {
			this.receive(chunk);
		});
		error.on('data', (chunk: Buffer) => {
			this.#said = (this.#said + chunk.toString()).slice(-keptErrorLength);
		});
		const lose = (): void => {
			this.fail(new ConnectionLost(`The connection to the server was lost${this.#said.trim() === '' ? '' : ` (${oneLine(this.#said.trim())})`}`));
		};

		output.on('close', lose);
		output.on('end', lose);
		output.on('error', lose);
		input.on('error', lose);
	}

	/** Bytes that arrived. */
	receive(chunk: Buffer): void {
		if (this.#lost) {
			return;
		}

		try {
			for (const frame of this.#frames.push(chunk)) {
				if (!this.#waiting) {
					throw new Error(`The server answered what was not asked: ${oneLine(frame.name)}`);
				}

				this.#waiting.take(frame);
			}
		} catch (error) {
			this.fail(error as Error);
		}
	}

	/** Ends every request, now and later. */
	fail(error: Error): void {
		this.#lost ??= error;
		const waiting = this.#waiting;
		this.#waiting = undefined;
		waiting?.fail(this.#lost);
	}

	get lost(): boolean {
		return this.#lost !== undefined;
	}

	/** Sends what has no answer. */
	send(text: string): void {
		if (!this.#lost) {
			this.#input.write(text);
		}
	}

	/** Sends a request when the ones before it are answered; `take` gets its frames and returns true with the last. Rejects with `ConnectionLost`. */
	async request(text: string, take: (frame: Frame) => boolean): Promise<void> {
		const turn = this.#queue.then(async () => new Promise<void>((resolve, reject) => {
			if (this.#lost) {
				reject(this.#lost);
				return;
			}

			this.#waiting = {
				take: frame => {
					if (!take(frame)) {
						return;
					}

					this.#waiting = undefined;
					resolve();
				},
				fail: reject,
			};
			this.#input.write(text);
		}));
		this.#queue = turn.catch(() => undefined);
		return turn;
	}

	async look(questions: readonly Question[]): Promise<Reading[]> {
		if (questions.length === 0) {
			return [];
		}

		const got: Record<string, Buffer> = {};
		await this.request(lookRequest(questions), frame => {
			got[frame.name] = frame.bytes;
			return frame.name === 'done';
		});
		return readReadings(questions, got.codes!.toString(), got.sizes!.toString(), got.answers!);
	}

	/** A request that is answered in one frame; beats before it mean that it takes a while. */
	async ask(text: string): Promise<Frame> {
		let answer: Frame | undefined;
		await this.request(text, frame => {
			answer = frame.name === 'beat' ? undefined : frame;
			return answer !== undefined;
		});
		return answer!;
	}

	/** Hears an order to its end; undefined where the server does not know it. */
	async runOrder(text: string, onOutput: (output: OutputChunk) => void): Promise<Outcome | undefined> {
		const chunks: Record<'out' | 'err', Buffer[]> = {out: [], err: []};
		// characters may be split between two frames
		const decoders = {out: new TextDecoder(), err: new TextDecoder()};
		let outcome: Outcome | undefined;
		const say = (stream: 'out' | 'err', said: string): void => {
			if (said !== '') {
				onOutput({stream, text: said});
			}
		};

		await this.request(text, ({name, bytes}) => {
			if (name === 'out' || name === 'err') {
				chunks[name].push(bytes);
				say(name, decoders[name].decode(bytes, {stream: true}));
			}

			if (name === 'ended') {
				outcome = {...readEnded(bytes.toString()), out: joined(chunks.out), err: joined(chunks.err)};
			}

			return name === 'ended' || name === 'unknown';
		});
		for (const stream of ['out', 'err'] as const) {
			say(stream, decoders[stream].decode());
		}

		return outcome;
	}
}

const joined = (chunks: Buffer[]): string => Buffer.concat(chunks).toString();
