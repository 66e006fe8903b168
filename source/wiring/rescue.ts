/** The rescue card of a run: what is true on it, and where it lies. */
import path from 'node:path';
import type {Keeper} from '../record/keeper.js';
import {cardFile, writeRescueCard, type Card} from '../record/rescue-card.js';
import {shorten} from '../server/home.js';
import type {Login} from '../server/server.js';
import type {Ground, KeyInHand} from '../step.js';
import type {Progress} from '../ui/progress.js';
import type {House} from './house.js';
import type {Reached} from './reached.js';

type Kept = Pick<Keeper, 'done' | 'heldAt' | 'stood'>;

/** Whether a step held when the server was last looked at. */
const held = ({heldAt, stood}: Kept, step: string): boolean => stood !== undefined && heldAt[step] === stood.time;

/** Whether only keys open the door, and not for root: as this run found, or the last one that looked. */
const keysOnly = (kept: Kept, {steps}: Progress): boolean => {
	const now = steps.find(({step, ended}) => step === 'ssh-keys-only' && ended !== undefined && ended !== 'skipped')?.ended;
	return now === undefined ? held(kept, 'ssh-keys-only') : now === 'holds';
};

const hasAdmin = (kept: Kept, {steps}: Progress): boolean =>
	steps.some(({step, ended}) => step === 'admin-user' && ended === 'holds') || held(kept, 'admin-user') || kept.done().some(({step}) => step === 'admin-user');

/** As whom one can log in. */
export const waysIn = (kept: Kept, progress: Progress, {admin, key}: {readonly admin: string; readonly key: KeyInHand | undefined}, {user, identity}: Login): Card['ways'] => {
	const isShut = keysOnly(kept, progress) && (user === 'root' || identity === undefined);
	return [
		...(user === admin || isShut || hasAdmin(kept, progress) ? [{user: admin, identity: key?.identity ?? (user === admin ? identity : undefined)}] : []),
		...(user === admin || isShut ? [] : [{user, identity, ...(user === 'root' && {until: '(until "Keys only" closes that)'})}]),
	];
};

/** Where the card of a server lies, whose record is kept in that folder. */
export const cardOf = ({stateDir}: Pick<House, 'stateDir'>, place: Reached['place'], folder: string | undefined): string => cardFile(stateDir, place.replace(/:22$/, ''), path.basename(folder ?? ''));

/** Writes the card as things stand, and says where. */
export const cardFor = (house: House, {server, name, place, login}: Reached, keeper: Keeper, who: Parameters<typeof waysIn>[2]) => async (ground: Ground, progress: Progress): Promise<string> => shorten(await writeRescueCard(cardOf(house, place, keeper.folder), {
	name,
	practice: server.practice,
	date: new Date().toISOString().slice(0, 16).replace('T', ' '),
	ground,
	hostKeys: server.hostKeys,
	ways: waysIn(keeper, progress, who, login),
	files: [],
}));
