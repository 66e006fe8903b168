/** Why a connection or a log-in failed, in one sentence that names the input, and what to try. Pure but for where the person's own folder is. */
import {oneLine} from './one-line.js';
import {ConnectError} from './connect-error.js';
import {shorten} from './home.js';

/** What was seen of an attempt that failed. */
export type FailedAttempt = {
	readonly address: string;
	readonly port: number;
	readonly user: string;
	/** The port took the connection. */
	readonly connected?: boolean;
	/** The first bytes that came, before anything of SSH. */
	readonly greeting: string;
	/** The server showed its host key. */
	readonly hostKey: boolean;
	readonly trusted: boolean | undefined;
	/** How we tried to log in, in order. */
	readonly tried: ReadonlyArray<'key' | 'agent' | 'password'>;
	/** What the server said it accepts. */
	readonly methods: readonly string[] | undefined;
	readonly identity: string | undefined;
	readonly error: NodeJS.ErrnoException & {level?: string};
};

/** sshd hung up before it said anything, or said that it will not talk now: it turns an address away for some seconds after failed log-ins, and when many connect. */
export const isTurnedAway = ({greeting, error, hostKey}: FailedAttempt): boolean => !hostKey && (/^(?:Not allowed at this time|Exceeded MaxStartups)/v.test(greeting)
	|| (greeting === '' && (error.code === 'ECONNRESET' || error.message.includes('Connection lost before handshake'))));

const where = ({address, port}: FailedAttempt): string => `${address.includes(':') ? `[${address}]` : address}, port ${port}`;

const reach = (seen: FailedAttempt): ConnectError | undefined => {
	const {error: {code}, address, port, connected} = seen;
	const compare = 'Compare the address with the provider\'s console, and see whether the server is switched on.';
	const otherPort = port === 22 ? 'If SSH listens on another port, give it as host:port.' : `See whether ${port} is SSH's port; leave it off for the usual one, 22.`;
	switch (code) {
		case 'ENOTFOUND':
		case 'EAI_AGAIN':
		case 'ENODATA': {
			return new ConnectError('no-such-name', `The name ${oneLine(address)} leads nowhere: no address was found for it.`, ['Look for a typing mistake, or give the server\'s IP address.', ...(code === 'EAI_AGAIN' ? ['See whether this computer is online.'] : [])]);
		}

		case 'ECONNREFUSED': {
			return new ConnectError('refused', `${where(seen)} refuses connections: nothing listens there, or it turns you away.`, [otherPort, 'If the server was just made, wait a minute.', 'After some failed log-ins a program such as fail2ban shuts your address out: wait ten minutes.']);
		}

		case 'ETIMEDOUT': {
			return connected
				? new ConnectError('silent', `${where(seen)} takes the connection and then says nothing.`, [otherPort, 'If it is, restart the server from the provider\'s console.'])
				: new ConnectError('silent', `${where(seen)} does not answer.`, [compare, ...(port === 22 ? [] : [otherPort]), 'If it fell silent after a command about its own firewall, such as "iptables -F", restart it from the provider\'s panel: what such commands change, a restart takes back.', 'A firewall at the provider, or around you, may block SSH.']);
		}

		case 'ENETUNREACH':
		case 'EHOSTUNREACH':
		case 'EADDRNOTAVAIL':
		case 'ENETDOWN':
		case 'EHOSTDOWN':
		case 'EACCES':
		case 'EPERM':
		case 'EINVAL': {
			return new ConnectError('unreachable', `There is no way from here to ${where(seen)}.`, ['See whether this computer is online.', compare, ...(address.includes(':') ? ['Your network may have no IPv6: give the server\'s IPv4 address.'] : [])]);
		}

		default: {
			return undefined;
		}
	}
};

const logIn = (seen: FailedAttempt): ConnectError => {
	const {user, tried, methods, identity, error} = seen;
	const accepts = methods && methods.length > 0 ? `The server accepts: ${oneLine(methods.join(', '))}.` : undefined;
	const hints = accepts === undefined ? [] : [accepts];
	if (/too many authentication failures/iv.test(error.message)) {
		return new ConnectError('log-in', `The server hung up after too many attempts to log in as ${user}.`, ['Name the one key that fits with -i FILE.', ...hints]);
	}

	if (tried.at(-1) === 'password' || (tried.length === 0 && identity === undefined)) {
		if (methods?.every(method => method === '')) {
			return new ConnectError('log-in', `The server lets nobody in: it accepts neither passwords nor keys, nor anything else, for ${user}.`, []);
		}

		return methods && !methods.includes('password') && !methods.includes('keyboard-interactive')
			? new ConnectError('log-in', `The server accepts no passwords for ${user}, only: ${oneLine(methods.join(', '))}.`, ['Name the key that fits with -i FILE.'])
			: new ConnectError('log-in', `The server refused the password of ${user}.`, ['Try the password again; for a new server it is in the provider\'s e-mail or console.', ...(user === 'root' ? [] : [`See whether ${user} is the right user; on a fresh droplet it is root.`]), ...hints]);
	}

	const key = identity === undefined || identity.startsWith('agent') ? 'The keys in your agent are' : `The key ${shorten(identity)} is`;
	return new ConnectError('log-in', `${key} not accepted for ${user}.`, [`See whether ${user} is the right user, and whether the key was given to the server when it was made.`, ...hints]);
};

/** The error for the person. */
export const explain = (seen: FailedAttempt): ConnectError => {
	const {error, greeting, trusted} = seen;
	if (error instanceof ConnectError) {
		return error;
	}

	if (trusted === false) {
		return new ConnectError('host-key', `The host key of ${where(seen)} was not accepted.`, ['Compare its fingerprint with the one in the provider\'s console.']);
	}

	if (isTurnedAway(seen)) {
		return new ConnectError('dropped', `${where(seen)} takes connections and closes them at once.`, ['After failed log-ins a server turns an address away for a while: wait some minutes and try again.', 'See whether SSH listens on this port.']);
	}

	if (greeting !== '' && !greeting.includes('SSH-')) {
		return new ConnectError('not-ssh', `What answers at ${where(seen)} is no SSH server; it says: ${oneLine(greeting, 60)}`, ['Give SSH\'s port as host:port.']);
	}

	if (seen.hostKey && error.code === 'ETIMEDOUT') {
		return new ConnectError('silent', `${where(seen)} fell silent during the log-in.`, ['Try again in a minute: it may be restarting, or the line may be bad.', 'If it stays so, restart the server from the provider\'s console.']);
	}

	const noWay = seen.hostKey ? undefined : reach(seen);
	if (noWay) {
		return noWay;
	}

	if (error.level === 'client-authentication' || /too many authentication failures/iv.test(error.message)) {
		return logIn(seen);
	}

	return error.level === 'handshake' ? new ConnectError('not-ssh', `The SSH server at ${where(seen)} and this program have no common way to talk (${oneLine(error.message)}).`) : new ConnectError('dropped', `The connection to ${where(seen)} broke off (${oneLine(error.message)}).`, ['Try again.']);
};
