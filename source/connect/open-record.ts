import {recogniseServer} from '../engine/survey.js';
import {ConnectError} from '../server/connect-error.js';
import {judgeIdentity} from '../record/known-hosts.js';
import {unsavedRecord, openServerRecord, type ServerRecord} from '../record/server-record.js';
import {folderOf, isRecord} from '../record/servers.js';
import {askRestored} from '../ui/connect-questions.js';
import type {ConnectContext} from './context.js';
import type {Connection} from './connection.js';

/** The record for looking only: nothing is written on the server, nor asked of it. */
export const recordForLooking = async ({knownHosts, stateDir, redactor}: ConnectContext, {server, place}: Connection): Promise<ServerRecord> => {
	const seen = knownHosts.at(place);
	const same = seen?.keys.some(key => server.hostKeys.includes(key)) ?? false;
	if (!seen || !same) {
		await knownHosts.add({
			place, record: undefined, id: undefined, keys: server.hostKeys,
		});
	} else if (server.hostKeys.some(key => !seen.keys.includes(key))) {
		await knownHosts.add({...seen, keys: server.hostKeys});
	}

	return seen?.record !== undefined && same ? openServerRecord(folderOf(stateDir, seen.record), redactor) : unsavedRecord();
};

const chooseRecord = async ({knownHosts, questions, options}: ConnectContext, {server, name}: Connection, id: string | undefined): Promise<string | undefined> => {
	const verdict = judgeIdentity(knownHosts.all(), id, server.hostKeys);
	if (verdict.verdict !== 'restored') {
		return verdict.record;
	}

	if (questions) {
		return await askRestored(questions, name) === 'same' ? verdict.record : verdict.otherwise;
	}

	if (options.hostKey === undefined) {
		throw new ConnectError('identity', `${name} carries the id of a server you know, but other host keys: a snapshot put back, or a second server made from it. Nothing was changed.`, [
			`If it is that server, start again with --host-key ${server.hostKeys[0] ?? 'SHA256:…'}.`,
			'If it is another one, start dropwise in a terminal: it asks, and keeps a record of its own.',
		]);
	}

	return verdict.record;
};

/** The record for doing something to a server that has its id already; undefined where it has none. Nothing is changed there. */
export const recordIfAny = async (context: ConnectContext, connection: Connection): Promise<ServerRecord | undefined> => {
	const {id} = await connection.server.status();
	if (id !== undefined && !isRecord(id)) {
		throw new ConnectError('identity', `${connection.name} carries an id that cannot be its own: ${JSON.stringify(id.slice(0, 40))}. Nothing was changed.`, ['Somebody wrote into /var/lib/dropwise on that server: see who. Without the file /var/lib/dropwise/id it is taken for a new server.']);
	}

	return id === undefined ? undefined : openRecord(context, connection, id);
};

/** The record for doing something: the server is given its id if it has none. Throws `Refused` before that. */
export const recordForDoing = async (context: ConnectContext, connection: Connection): Promise<ServerRecord> => {
	const any = await recordIfAny(context, connection);
	if (any) {
		return any;
	}

	await recogniseServer(connection.server);
	return openRecord(context, connection, await connection.server.assignId(), true);
};

const openRecord = async (context: ConnectContext, connection: Connection, id: string, isNew = false): Promise<ServerRecord> => {
	const {server, place, login} = connection;
	const record = await chooseRecord(context, connection, isNew ? undefined : id) ?? id;
	const opened = await openServerRecord(folderOf(context.stateDir, record), context.redactor);
	// The record before the address that leads to it.
	if (!opened.known()) {
		await opened.learn({user: login.user, hostKeys: server.hostKeys});
	}

	await context.knownHosts.add({
		place, record, id, keys: server.hostKeys,
	});
	return opened;
};
