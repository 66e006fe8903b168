const distance = (a: string, b: string): number => {
	let row = Array.from({length: b.length + 1}, (_, index) => index);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
		}

		row = next;
	}

	return row[b.length]!;
};

/** The word that was probably meant, if one is near enough. */
export const nearest = (word: string, words: readonly string[]): string | undefined => {
	const begun = words.filter(candidate => word.length > 2 && candidate.toLowerCase().startsWith(word.toLowerCase()));
	if (begun.length === 1) {
		return begun[0];
	}

	const found = words
		.map(candidate => ({candidate, far: distance(word.toLowerCase(), candidate.toLowerCase())}))
		.toSorted((a, b) => a.far - b.far)[0];
	return found && found.far <= Math.max(1, Math.floor(word.length / 3)) ? found.candidate : undefined;
};

/** ` Did you mean …?`, or nothing. */
export const meant = (word: string, words: readonly string[]): string => {
	const near = nearest(word, words);
	return near === undefined ? '' : ` Did you mean ${near}?`;
};
