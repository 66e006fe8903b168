/**
One run of the engine over a droplet that something happens to in the midst of a guarded step: shared by the tests and by the program that is killed.
*/
import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type {Event} from '../../source/engine/events.js';
import type {Journal} from '../../source/record/journal.js';
import {openServerRecord} from '../../source/record/server-record.js';
import {Redactor} from '../../source/record/redact.js';
import {go, type Told} from '../contract/scenario.js';
import type {Droplet} from '../lab/lab.js';
import {realWorld} from './real-world.js';
import {stateOf, type State} from './state-of.js';

export type Trial = {
	readonly droplet: Droplet;
	readonly only: readonly string[];
	/** The event at which it happens, as `moments` names it. */
	readonly at: RegExp;
	/** Seconds the guard waits; the engine's own where it is left out. */
	readonly guardSeconds?: number;
	/** Where the record is kept, and the state before arming. */
	readonly folder: string;
};

/** Set to see every test of the guard fail: the guard is taken away the moment before something happens. */
const isDisarmed = Boolean(process.env.DROPWISE_LAB_DISARM);

/** Takes the guard away as nobody ever should. */
const disarm = async (droplet: Droplet): Promise<void> => {
	await droplet.must(['sh', '-c', 'rm -f /etc/systemd/system/dropwise-guard.service /etc/systemd/system/*/dropwise-guard.service; rm /var/lib/dropwise/guard/armed; pkill -f "guard/[r]evert"']);
};

/** Names events in words: `armed`, `action-finished systemctl reload ssh`. */
const namer = () => {
	const shown = new Map<string, string>();
	let armed = false;
	return (event: Event): string => {
		if (event.event === 'action-started') {
			shown.set(event.action.id, event.action.shows);
			return `action-started ${event.action.shows}`;
		}

		if (event.event === 'action-finished') {
			return `action-finished ${shown.get(event.id)!}`;
		}

		armed ||= event.event === 'armed';
		return event.event === 'claims' && armed ? 'claims under the guard' : event.event;
	};
};

const stateFile = (folder: string): string => path.join(folder, 'state.json');

/** How the server stood just before the guard was armed. */
export const stateBefore = async (folder: string): Promise<State> => new Map(JSON.parse(await readFile(stateFile(folder), 'utf8')) as Array<[string, string]>);

export const recordIn = async (folder: string) => openServerRecord(folder, new Redactor());

/** Runs the engine until it ends, and has `strike` happen once, at the moment named. */
export const runTrial = async ({droplet, only, at, guardSeconds, folder}: Trial, strike: () => Promise<void>): Promise<Told & {readonly struck: boolean}> => {
	const record = await recordIn(folder);
	const journal: Journal = {
		...record,
		async armed(id, step) {
			await writeFile(stateFile(folder), JSON.stringify([...await stateOf(droplet)]));
			await record.armed(id, step);
		},
	};
	const nameOf = namer();
	let struck = false;
	const told = await go(await realWorld(droplet), 'apply', {
		only,
		journal,
		...(guardSeconds === undefined ? {} : {guardSeconds}),
		async listener(event) {
			if (struck || !at.test(nameOf(event))) {
				return;
			}

			struck = true;
			if (isDisarmed) {
				await disarm(droplet);
			}

			await strike();
		},
	});
	return {...told, struck};
};
