import type {Login, Server} from '../server/server.js';
import {judgeIdentity} from '../record/host-keys.js';
import {forgetfulKeeper, openKeeper, type Keeper} from '../record/keeper.js';
import {folderOf} from '../record/servers.js';
import {askRestored} from '../ui/connect.js';
import type {House} from './house.js';
import {Unreached} from './unreached.js';

/** A server that was connected to, before its record is opened. */
export type Reached = {
	readonly server: Server;
	readonly login: Login;
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

/** The record for doing something: the server is given its id if it has none. */
export const recordForDoing = async (house: House, reached: Reached): Promise<Keeper> => {
	const {server, place, login} = reached;
	const {id} = await server.standing();
	const chosen = await chooseRecord(house, reached, id);
	const given = id ?? await server.introduce();
	const record = chosen ?? given;
	const keeper = await openKeeper(folderOf(house.stateDir, record), house.redactor);
	// The record before the address that leads to it.
	if (!keeper.known()) {
		await keeper.learn({user: login.user, hostKeys: server.hostKeys});
	}

	await house.sightings.add({
		place, record, id: given, keys: server.hostKeys,
	});
	return keeper;
};
