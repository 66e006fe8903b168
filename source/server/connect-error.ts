/** Why a server could not be reached or logged in to. `message` is one sentence for the person. */
export class ConnectError extends Error {
	override readonly name = 'ConnectError';
	/** The ways to log in that the server named, where it came so far. */
	offered?: readonly string[] | undefined;
	constructor(
		readonly reason: 'unreachable' | 'refused' | 'silent' | 'not-ssh' | 'no-such-name' | 'log-in' | 'key-unreadable' | 'key-encrypted' | 'not-a-key' | 'no-agent' | 'host-key' | 'identity' | 'no-sudo' | 'sudo-password' | 'password-expired' | 'dropped',
		message: string,
		/** What to try, a sentence each. */
		readonly tries: readonly string[] = [],
	) {
		super(message);
	}
}

/** The connection was lost while something was under way. What was begun goes on without us. */
export class ConnectionLost extends Error {
	override readonly name = 'ConnectionLost';
}
