/** Breaks text into lines at spaces. A word longer than a line stands alone. */
export const wrap = (text: string, columns: number): readonly string[] => {
	const lines: string[] = [];
	for (const paragraph of text.split('\n')) {
		let line = '';
		for (const word of paragraph.split(' ')) {
			if (line !== '' && [...line].length + 1 + [...word].length > columns) {
				lines.push(line);
				line = word;
			} else {
				line = line === '' ? word : `${line} ${word}`;
			}
		}

		lines.push(line);
	}

	return lines;
};

/** Wraps and indents; the first line may have an indent of its own. */
export const indent = (text: string, columns: number, by: string, first = by): readonly string[] =>
	wrap(text, columns - by.length).map((line, index) => `${index === 0 ? first : by}${line}`);

/** A text in pieces that have room, broken anywhere. */
export const pieces = (text: string, room: number): readonly string[] => {
	const letters = [...text];
	return letters.length <= room ? [text] : [letters.slice(0, room).join(''), ...pieces(letters.slice(room).join(''), room)];
};

export const count = (number: number, one: string, many = `${one}s`): string => `${number} ${number === 1 ? one : many}`;

/** `14 s`, `2 min`. */
export const duration = (seconds: number): string => seconds < 99.5
	? `${seconds < 9.95 && seconds % 1 !== 0 ? Math.max(0.1, Math.round(seconds * 10) / 10) : Math.round(seconds)} s`
	: `${Math.round(seconds / 60)} min`;

/** `a, b and c`. */
export const list = (words: readonly string[], last = 'and'): string => words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)!}`;

/** `Debian 12, 1 GB`. */
export const memory = (mebibytes: number): string => mebibytes < 950 ? `${Math.round(mebibytes / 64) * 64} MB` : `${Math.round(mebibytes / 512) / 2} GB`;

/** When something was, for a person: `today`, `yesterday`, `5 days ago`. */
export const ago = (then: Date, now: Date): string => {
	const day = (date: Date): number => Math.floor((date.getTime() - (date.getTimezoneOffset() * 60_000)) / 86_400_000);
	const days = day(now) - day(then);
	if (days <= 0) {
		return 'today';
	}

	return days === 1 ? 'yesterday' : `${days} days ago`;
};

/** Left and right on one line, or on two where there is no room. */
export const spread = (left: string, right: string, columns: number): string => {
	const gap = columns - [...left].length - [...right].length - 1;
	return gap >= 3 ? `${left}${' '.repeat(gap)}${right}` : `${left}   ${right}`;
};
