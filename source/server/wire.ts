/**
How values travel to and from the carrier. Towards it: lines of ASCII. From it: frames, a line with a name and a length, then so many bytes.
*/
import {Buffer} from 'node:buffer';

/** One line for the carrier. Everything but plain characters becomes `\0ooo`, as `printf %b` reads it. */
export const encode = (text: string): string => {
	if (text.includes('\0')) {
		throw new TypeError('A command, a path or a name cannot contain a zero byte');
	}

	if (/^(?!\.)[\w\/:=,@%+.\-]*$/v.test(text)) {
		return text;
	}

	return [...Buffer.from(text)].map(byte => {
		const character = String.fromCodePoint(byte);
		return /[\w\/:=,@%+\-]/v.test(character) ? character : String.raw`\0${byte.toString(8).padStart(3, '0')}`;
	}).join('');
};

/** What a line of the carrier's says. */
export const decode = (line: string): string => {
	const bytes: number[] = [];
	for (let index = 0; index < line.length; index++) {
		if (line.startsWith(String.raw`\0`, index)) {
			bytes.push(Number.parseInt(line.slice(index + 2, index + 5), 8));
			index += 4;
		} else {
			bytes.push(line.codePointAt(index)!);
		}
	}

	return Buffer.from(bytes).toString();
};

export const lines = (...texts: readonly string[]): string => texts.map(text => encode(text) + '\n').join('');

/** Bytes for the carrier, ended by a dot alone. */
export const block = (text: string): string => {
	const coded = Buffer.from(text).toString('base64');
	return (coded === '' ? '' : coded.replaceAll(/.{1,16384}/gv, '$&\n')) + '.\n';
};

export type Frame = {readonly name: string; readonly bytes: Buffer};

/** Cuts what arrives into frames, however it was split on the way. Throws where it is none. */
export class Frames {
	#pending: Buffer[] = [];
	#length = 0;
	#wanted: {name: string; end: number; start: number} | undefined;

	/** Takes bytes and returns the frames they completed. */
	push(chunk: Buffer): Frame[] {
		this.#pending.push(chunk);
		this.#length += chunk.length;
		const frames: Frame[] = [];
		for (;;) {
			if (this.#wanted && this.#length < this.#wanted.end) {
				return frames;
			}

			const all = this.#pending.length === 1 ? this.#pending[0]! : Buffer.concat(this.#pending);
			this.#pending = [all];
			if (!this.#wanted) {
				const newline = all.indexOf(10);
				const header = all.toString('latin1', 0, newline === -1 ? Math.min(all.length, 64) : newline);
				if (newline === -1 && all.length < 64) {
					return frames;
				}

				const match = /^([a-z]+) (\d+)$/v.exec(header);
				if (!match) {
					throw new Error(`The server's answer was garbled at ${JSON.stringify(header.slice(0, 60))}`);
				}

				this.#wanted = {name: match[1]!, start: newline + 1, end: newline + 1 + Number(match[2])};
				continue;
			}

			const {name, start, end} = this.#wanted;
			frames.push({name, bytes: all.subarray(start, end)});
			this.#wanted = undefined;
			this.#pending = [all.subarray(end)];
			this.#length = all.length - end;
		}
	}
}
