/** Something the person typed cannot be meant. `message` is one sentence: the input, what was expected, an example. */
export class UsageError extends Error {
	override readonly name = 'UsageError';
}
