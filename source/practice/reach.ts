import {ConnectError} from '../server/connect-error.js';
import {explain, type FailedAttempt} from '../server/explain-failure.js';
import {reveal} from '../server/secret.js';
import type {Login, Server} from '../server/server.js';
import type {Dialled} from '../step.js';
import {fateOf} from '../facts/packet-filter/fate.js';
import {passwordFits} from './accounts.js';
import {answersAt, routesOf} from './docker/calls.js';
import {listensOn} from './listening.js';
import {tryLogIn} from './log-in.js';
import {tablesOfAllKinds} from './netfilter/ruleset.js';
import {NotModelled, type Machine} from './state.js';
import {becomesRoot} from './sudoers.js';

/** Reaching the droplet from where the person sits. */
export type Place = {
	/** The person's own addresses as the droplet sees them. */
	readonly from: {readonly v4: string; readonly v6: string};
	readonly sshPort: number;
};

export const dialPort = ({droplet, now}: Machine, {from}: Place, address: string, port: number): Dialled => {
	if (now < droplet.boot.at) {
		return 'silent';
	}

	const family = address.includes(':') ? 'v6' : 'v4';
	if (address !== droplet.addresses[family]) {
		return 'unreachable';
	}

	const fates = tablesOfAllKinds(droplet, family).map(tables => fateOf(tables, {
		family, from: from[family], to: address, port, protocol: 'tcp', in: 'eth0',
	}, routesOf(droplet)));
	const fate = fates.find(one => !('end' in one) || one.end !== 'in') ?? fates[0]!;
	if ('unknown' in fate) {
		throw new NotModelled(fate.unknown);
	}

	if (fate.end !== 'in') {
		return fate.end === 'dropped' ? 'silent' : 'refused';
	}

	const at = fate.translated ?? {to: address, port};
	return answersAt(droplet, at.to, at.port);
};

const codes = {silent: 'ETIMEDOUT', refused: 'ECONNREFUSED', unreachable: 'ENETUNREACH'} as const;

/** Logs in and becomes root; says how, and what sshd offered. Throws a `ConnectError` in the words a real server's would have. */
export const logIn = (machine: Machine, place: Place, login: Login, keys: readonly string[]): {readonly root: Server['me']['root']; readonly offered: readonly string[]} => {
	const {droplet} = machine;
	const address = droplet.addresses.v4 ?? droplet.addresses.v6!;
	const seen: FailedAttempt = {
		address, port: place.sshPort, user: login.user, greeting: '', hostKey: false, trusted: undefined, tried: [], methods: undefined, identity: login.identity, error: new Error('none'),
	};
	const dialled = dialPort(machine, place, address, place.sshPort);
	if (dialled !== 'open') {
		throw explain({...seen, error: Object.assign(new Error(dialled), {code: codes[dialled]})});
	}

	const program = listensOn(droplet, address.includes(':') ? 'v6' : 'v4', place.sshPort);
	if (program !== 'sshd') {
		throw explain({...seen, greeting: `${program ?? 'something'} is here\n`, error: new Error('not SSH')});
	}

	const password = login.password && reveal(login.password);
	const tried = tryLogIn(machine, {user: login.user, keys, password}, place.from.v4);
	if (!tried.in) {
		const ways: FailedAttempt['tried'] = [...(keys.length > 0 ? [login.identity === 'agent' ? 'agent' as const : 'key' as const] : []), ...(password === undefined || !tried.ways.some(way => way !== 'publickey') ? [] : ['password' as const])];
		throw Object.assign(explain({
			...seen, hostKey: true, trusted: true, methods: tried.ways, tried: ways, error: Object.assign(new Error('All configured authentication methods failed'), {level: 'client-authentication'}),
		}), {offered: tried.ways});
	}

	if (tried.expired) {
		throw new ConnectError('password-expired', `The password of ${login.user} has expired: the server wants a new one before anything else.`, [`Log in once with ssh ${login.user}@… and choose a new password.`]);
	}

	try {
		return {root: sudoToRoot(machine, login), offered: tried.ways};
	} catch (error) {
		throw Object.assign(error as ConnectError, {offered: tried.ways});
	}
};

/** The plainest way that works: already root, sudo without a password, sudo with one. */
export const sudoToRoot = ({droplet}: Machine, login: Login): Server['me']['root'] => {
	const {user} = login;
	if (user === 'root') {
		return 'is';
	}

	if (!Object.hasOwn(droplet.packages, 'sudo')) {
		throw new ConnectError('no-sudo', `${user} is not root, and the server has no sudo.`, ['Log in as root.']);
	}

	const may = becomesRoot(droplet, user);
	if (may === 'no') {
		throw new ConnectError('no-sudo', `The user ${user} may not become root with sudo.`, ['Log in as root, or as a user who is in the group sudo.']);
	}

	if (may === 'freely') {
		return 'sudo';
	}

	const password = login.sudoPassword ?? login.password;
	if (!password) {
		throw new ConnectError('sudo-password', `sudo asks for the password of ${user}.`, ['Give it with --sudo-password-file FILE; a user without a password cannot become root this way.']);
	}

	if (!passwordFits(droplet, user, reveal(password))) {
		throw new ConnectError('sudo-password', `sudo refused the password of ${user}.`, ['Try the password again.']);
	}

	return 'sudo-password';
};
