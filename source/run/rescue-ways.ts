/** The rescue card of a run: what is true on it, and where it lies. */
import {adminSteps, keysOnlySteps} from '../engine/roles.js';
import type {ServerRecord} from '../record/server-record.js';
import {cardAt, writeRescueCard, type Card} from '../record/rescue-card.js';
import {shorten} from '../server/home.js';
import type {Login} from '../server/server.js';
import type {KeyInHand, ServerInfo, Step} from '../step.js';
import type {RunState} from '../ui/run-state.js';
import type {Connection} from '../connect/connection.js';
import type {LoadedApp} from './app.js';

type Kept = Pick<ServerRecord, 'done' | 'heldAt' | 'stood'>;

/** Whether a step held when the server was last looked at. */
const held = ({heldAt, stood}: Kept, step: string): boolean => stood !== undefined && heldAt[step] === stood.time;

/** Whether only keys open the door, and not for root: as this run found, or the last one that looked. */
const isKeysOnly = (kept: Kept, {steps}: RunState, id: string): boolean => {
	const now = steps.find(({step, ended}) => step === id && ended !== undefined && ended !== 'skipped')?.ended;
	return now === undefined ? held(kept, id) : now === 'holds';
};

const hasAdmin = (kept: Kept, {steps}: RunState, making: ReadonlySet<string>): boolean =>
	steps.some(({step, ended}) => making.has(step) && ended === 'holds') || [...making].some(id => held(kept, id)) || kept.done().some(({step}) => making.has(step));

/** As whom one can log in. */
export const rescueWays = (all: readonly Step[], kept: Kept, state: RunState, {admin, key}: {readonly admin: string; readonly key: KeyInHand | undefined}, {user, identity}: Login): Card['ways'] => {
	const shutting = keysOnlySteps(all);
	const isShut = shutting.some(({id}) => isKeysOnly(kept, state, id)) && (user === 'root' || identity === undefined);
	return [
		...(user === admin || isShut || hasAdmin(kept, state, adminSteps(all)) ? [{user: admin, identity: key?.identity ?? (user === admin ? identity : undefined)}] : []),
		...(user === admin || isShut ? [] : [{user, identity, ...(user === 'root' && shutting[0] && {until: `(until "${shutting[0].title}" closes that)`})}]),
	];
};

/** Writes the card as things stand, and says where. */
export const rescueCardFor = (app: LoadedApp, {server, name, place, login}: Connection, record: ServerRecord, who: Parameters<typeof rescueWays>[3]) => async (info: ServerInfo, state: RunState): Promise<string> => shorten(await writeRescueCard(cardAt(app.stateDir, place, record.folder), {
	name,
	practice: server.practice,
	date: new Date().toISOString().slice(0, 16).replace('T', ' '),
	info,
	hostKeys: server.hostKeys,
	ways: rescueWays(app.steps, record, state, who, login),
	files: [],
}));
