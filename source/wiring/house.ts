import {randomBytes} from 'node:crypto';
import {homedir, hostname, userInfo} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type {Secret, Step} from '../step.js';
import type {Questions} from '../ui/questions.js';
import type {Table} from '../ui/table.js';
import {openSightings} from '../record/host-keys.js';
import {Redactor} from '../record/redact.js';
import {makePrivateFolder, stateDirOf} from '../record/state-dir.js';
import type {Options} from './arguments.js';
import type {Front} from './front.js';
import {readSecrets, type Secrets} from './secrets.js';
import type {Stopping} from './stopping.js';
import {UsageError} from './usage-error.js';

/** What all of one start shares, before the steps are needed. */
export type Lobby = {
	readonly options: Options;
	readonly stateDir: string;
	readonly redactor: Redactor;
	readonly sightings: Awaited<ReturnType<typeof openSightings>>;
	readonly secrets: Secrets;
	/** Passphrases that opened a key file since the start: asked for once. */
	readonly passphrases: Map<string, Secret>;
	readonly version: string;
	readonly front: Front;
	readonly stopping: Stopping;
	/** Undefined where nobody can be asked. */
	readonly questions: Questions | undefined;
	/** What the person sits at, where one does. */
	readonly table: Table | undefined;
};

/** What all of one start shares. */
export type House = Lobby & {readonly steps: readonly Step[]};

/** Opens the record's place. Throws a `UsageError` where there can be none. */
export const openLobby = async (options: Options, front: Front, stopping: Stopping, table: Table | undefined, version: string): Promise<Lobby> => {
	const stateDir = options.stateDir === undefined ? stateDirOf(process.env, process.platform, homedir()) : path.resolve(options.stateDir);
	try {
		await makePrivateFolder(stateDir);
	} catch (error) {
		throw new UsageError(`The record cannot be kept in ${JSON.stringify(stateDir)} (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}): expected a folder that can be made and written to, for example --state-dir ~/dropwise.`);
	}

	const redactor = new Redactor();
	return {
		options, stateDir, redactor, front, stopping, table, questions: table?.questions, version,
		sightings: await openSightings(stateDir),
		passphrases: new Map(),
		secrets: await readSecrets(options, redactor),
	};
};

/** Loads the steps. What the lobby's question needs not must not keep a person waiting for it. */
export const enter = async (lobby: Lobby): Promise<House> => ({...lobby, steps: await (await import('../engine/catalogue.js')).loadSteps()});

const two = (number: number): string => String(number).padStart(2, '0');

/** A name for one run: when, and something that no other run has. */
export const newRun = (now: Date): string =>
	`${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}-${randomBytes(2).toString('hex')}`;

const ownName = (): string => {
	try {
		return userInfo().username;
	} catch {
		// A user without a name: some containers have them.
		return 'somebody';
	}
};

/** Who holds a server, for a second run that finds it held. */
export const holderOf = (now: Date): string => `${ownName()}@${hostname()} since ${two(now.getHours())}:${two(now.getMinutes())}`.replaceAll(/[^\w@.: -]/g, '?');
