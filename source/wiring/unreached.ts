/** A server that could not be reached, logged in to or made sure of. `message` is one sentence; exit code 3. */
export class Unreached extends Error {
	override readonly name = 'Unreached';
	constructor(message: string, readonly tries: readonly string[] = []) {
		super(message);
	}
}
