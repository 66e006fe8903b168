import {recogniseServer} from '../engine/survey.js';
import type {Login, Server} from '../server/server.js';
import {judgeIdentity} from '../record/host-keys.js';
import {forgetfulKeeper, openKeeper, type Keeper} from '../record/keeper.js';
import {folderOf, isRecord} from '../record/servers.js';
import {askRestored} from '../ui/connect.js';
import type {Arrival} from '../witness/arrival.js';
import type {House} from './house.js';
import {Unreached} from './unreached.js';

/** A server that was connected to, before its record is opened. */
export type Reached = {
	readonly server: Server;
	readonly login: Login;
	/** What was seen while connecting, where somebody wants to know. */
	readonly arrival?: Arrival;
	/** As the person named it. */
	readonly given: string;
	/** How to name it in a hint. */
	readonly name: string;
	/** Its address and port in one spelling. */
	readonly place: string;
	/** Where the practice droplet keeps its own key pair; undefined for a real one. */
	readonly keyFolder: string | undefined;
};

/** The record for looking only: nothing is written on the server, nor asked of it. */
export const recordForLooking = async ({sightings, stateDir, redactor}: House, {server, place}: Reached): Promise<Keeper> => {
	const seen = sightings.at(place);
	const same = seen?.keys.some(key => server.hostKeys.includes(key)) ?? false;
	if (!seen || !same) {
		await sightings.add({
			place, record: undefined, id: undefined, keys: server.hostKeys,
		});
	} else if (server.hostKeys.some(key => !seen.keys.includes(key))) {
		await sightings.add({...seen, keys: server.hostKeys});
	}

	return seen?.record !== undefined && same ? openKeeper(folderOf(stateDir, seen.record), redactor) : forgetfulKeeper();
};

const chooseRecord = async ({sightings, questions, options}: House, {server, name}: Reached, id: string | undefined): Promise<string | undefined> => {
	const verdict = judgeIdentity(sightings.all(), id, server.hostKeys);
	if (verdict.verdict !== 'restored') {
		return verdict.record;
	}

	if (questions) {
		return await askRestored(questions, name) === 'same' ? verdict.record : verdict.otherwise;
	}

	if (options.hostKey === undefined) {
		throw new Unreached(`${name} carries the id of a server you know, but other host keys: a snapshot put back, or a second server made from it. Nothing was changed.`, [
			`If it is that server, start again with --host-key ${server.hostKeys[0] ?? 'SHA256:…'}.`,
			'If it is another one, start dropwise in a terminal: it asks, and keeps a record of its own.',
		]);
	}

	return verdict.record;
};

/** The record for doing something to a server that has its id already; undefined where it has none. Nothing is changed there. */
export const recordIfAny = async (house: House, reached: Reached): Promise<Keeper | undefined> => {
	const {id} = await reached.server.standing();
	if (id !== undefined && !isRecord(id)) {
		throw new Unreached(`${reached.name} carries an id that cannot be its own: ${JSON.stringify(id.slice(0, 40))}. Nothing was changed.`, ['Somebody wrote into /var/lib/dropwise on that server: see who. Without the file /var/lib/dropwise/id it is taken for a new server.']);
	}

	return id === undefined ? undefined : openRecord(house, reached, id);
};

/** The record for doing something: the server is given its id if it has none. Throws `Refused` before that. */
export const recordForDoing = async (house: House, reached: Reached): Promise<Keeper> => {
	const any = await recordIfAny(house, reached);
	if (any) {
		return any;
	}

	await recogniseServer(reached.server);
	return openRecord(house, reached, await reached.server.introduce(), true);
};

const openRecord = async (house: House, reached: Reached, id: string, isNew = false): Promise<Keeper> => {
	const {server, place, login} = reached;
	const record = await chooseRecord(house, reached, isNew ? undefined : id) ?? id;
	const keeper = await openKeeper(folderOf(house.stateDir, record), house.redactor);
	// The record before the address that leads to it.
	if (!keeper.known()) {
		await keeper.learn({user: login.user, hostKeys: server.hostKeys});
	}

	await house.sightings.add({
		place, record, id, keys: server.hostKeys,
	});
	return keeper;
};
