import {randomBytes} from 'node:crypto';
import {homedir, hostname, userInfo} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type {Secret, Step} from '../step.js';
import type {Questions} from '../ui/questions.js';
import {loadSteps} from '../engine/catalogue.js';
import {openSightings} from '../record/host-keys.js';
import {Redactor} from '../record/redact.js';
import {makePrivateFolder, stateDirOf} from '../record/state-dir.js';
import type {Options} from './arguments.js';
import type {Front} from './front.js';
import {readSecrets, type Secrets} from './secrets.js';
import type {Stopping} from './stopping.js';
import {UsageError} from './usage-error.js';

/** What all of one start shares. */
export type House = {
	readonly options: Options;
	readonly stateDir: string;
	readonly redactor: Redactor;
	readonly sightings: Awaited<ReturnType<typeof openSightings>>;
	readonly secrets: Secrets;
	/** Passphrases that opened a key file since the start: asked for once. */
	readonly passphrases: Map<string, Secret>;
	readonly steps: readonly Step[];
	readonly version: string;
	readonly front: Front;
	readonly stopping: Stopping;
	/** Undefined where nobody can be asked. */
	readonly questions: Questions | undefined;
};

export const openHouse = async (options: Options, front: Front, stopping: Stopping, questions: Questions | undefined, version: string): Promise<House> => {
	const stateDir = options.stateDir === undefined ? stateDirOf(process.env, process.platform, homedir()) : path.resolve(options.stateDir);
	try {
		await makePrivateFolder(stateDir);
	} catch (error) {
		throw new UsageError(`The record cannot be kept in ${JSON.stringify(stateDir)} (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}): expected a folder that can be made and written to, for example --state-dir ~/dropwise.`);
	}

	const redactor = new Redactor();
	return {
		options, stateDir, redactor, front, stopping, questions, version,
		sightings: await openSightings(stateDir),
		passphrases: new Map(),
		secrets: await readSecrets(options, redactor),
		steps: await loadSteps(),
	};
};

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
