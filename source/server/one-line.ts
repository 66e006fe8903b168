/** Text from elsewhere for use inside one of our sentences: one line, no control characters, not too long. */
export const oneLine = (text: string, longest = 200): string => {
	const plain = text.replaceAll(/[\p{Control}\p{Format}\u{2028}\u{2029}]+/gv, ' ').trim();
	return plain.length > longest ? `${plain.slice(0, longest)}…` : plain;
};
