import {isIPv6} from 'node:net';
import {UsageError} from '../usage-error.js';

/** A server as the person named it. */
export type Target =
	| {readonly kind: 'practice'; readonly level: string | undefined; readonly name: string}
	| {readonly kind: 'ssh'; readonly user: string | undefined; readonly host: string; readonly port: number; readonly name: string};

export type PracticeTarget = Extract<Target, {kind: 'practice'}>;
export type SshTarget = Extract<Target, {kind: 'ssh'}>;

const example = 'for example 203.0.113.7, root@203.0.113.7:2222 or [2001:db8::7]:2222';
const hostName = /^(?!-)[a-z\d-]{1,63}(?<!-)(?:\.(?!-)[a-z\d-]{1,63}(?<!-))*\.?$/i;

const portOf = (text: string | undefined, whole: string): number => {
	if (text === undefined) {
		return 22;
	}

	const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
	if (port < 1 || port > 65_535) {
		throw new UsageError(`The port in ${JSON.stringify(whole)} is to be a number from 1 to 65535, ${example}.`);
	}

	return port;
};

/** Reads `[user@]host[:port]`, `[v6]:port`, `practice` or `practice:LEVEL`. */
export const parseTarget = (text: string): Target => {
	const practice = /^practice(?::(.+))?$/.exec(text);
	if (practice) {
		return {kind: 'practice', level: practice[1], name: text};
	}

	const at = text.lastIndexOf('@');
	const user = at === -1 ? undefined : text.slice(0, at);
	if (user !== undefined && !/^[\w.][\w.-]*\$?$/.test(user)) {
		throw new UsageError(`${JSON.stringify(user)} in ${JSON.stringify(text)} cannot be a user's name on a server: expected [user@]host[:port], ${example}.`);
	}

	const place = text.slice(at + 1);
	const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(place);
	const plain = /^([^:]*)(?::([^:/]*))?$/.exec(place);
	const [, host, port] = bracketed ?? plain ?? [undefined, place];
	const valid = host !== undefined && (bracketed || !plain ? isIPv6(host) : hostName.test(host) && (!/^[\d.]+$/.test(host) || /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(host)));
	if (!valid && host !== undefined && /^[\d.]+$/.test(host)) {
		throw new UsageError(`${JSON.stringify(text)} is not a server's address: it has four numbers from 0 to 255, ${example}.`);
	}

	if (!valid) {
		throw new UsageError(`${JSON.stringify(text)} is not a server's address: expected [user@]host[:port], ${example}.`);
	}

	return {
		kind: 'ssh', user, host, port: portOf(port, text), name: text,
	};
};

/** An address with its port, in one spelling. */
export const placeOf = (host: string, port: number): string => `${isIPv6(host) ? `[${host}]` : host.toLowerCase()}:${port}`;

/** How to name a server in a hint: without a user, since the record knows as whom to come. */
export const hintOf = (target: Target): string => target.kind === 'practice' ? target.name : placeOf(target.host, target.port).replace(/^\[([^\]]*)\]:22$|:22$/, '$1');
