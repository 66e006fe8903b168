import {randomBytes} from 'node:crypto';
import {homedir, hostname, userInfo} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type {Step} from '../step.js';
import {displayConnecting} from '../ui/connecting.js';
import {reduced} from '../ui/run-state.js';
import type {Screen} from '../ui/screen.js';
import type {Terminal} from '../ui/terminal.js';
import {openKnownHosts} from '../record/known-hosts.js';
import {Redactor} from '../record/redact.js';
import {makePrivateFolder, stateDirOf} from '../record/state-dir.js';
import type {ConnectContext, ConnectOptions} from '../connect/context.js';
import {readSecrets} from '../connect/read-secrets.js';
import {UsageError} from '../usage-error.js';
import type {Interrupts} from './interrupts.js';

/** What the command line says besides what is to be done, and where. */
export type Options = ConnectOptions & {
	/** A JSON file. */
	readonly answers?: string;
	readonly steps?: readonly string[];
	readonly yes: boolean;
	readonly plain: boolean;
	readonly json: boolean;
	readonly strict: boolean;
	readonly stateDir?: string;
};

/** What all of one start shares, before the steps are needed. */
export type App = ConnectContext & {
	readonly options: Options;
	readonly version: string;
	readonly interrupts: Interrupts;
	readonly terminal: Terminal;
	/** What the person sits at, where one does. */
	readonly screen: Screen | undefined;
};

/** The same with the steps. */
export type LoadedApp = App & {readonly steps: readonly Step[]};

/** Opens the record's place. Throws a `UsageError` where there can be none. */
export const openApp = async (options: Options, terminal: Terminal, interrupts: Interrupts, screen: Screen | undefined, version: string): Promise<App> => {
	const stateDir = options.stateDir === undefined ? stateDirOf(process.env, process.platform, homedir()) : path.resolve(options.stateDir);
	try {
		await makePrivateFolder(stateDir);
	} catch (error) {
		throw new UsageError(`The record cannot be kept in ${JSON.stringify(stateDir)} (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}): expected a folder that can be made and written to, for example --state-dir ~/dropwise.`);
	}

	const redactor = new Redactor();
	const {listener} = reduced(displayConnecting(terminal.output, terminal.theme));
	return {
		options, stateDir, redactor, terminal, interrupts, screen, listener: async event => listener(redactor.value(event)), questions: screen?.questions, version,
		knownHosts: await openKnownHosts(stateDir),
		passphrases: new Map(),
		secrets: await readSecrets(options, redactor),
	};
};

/** Loads the steps. What the first question needs not must not keep a person waiting for it. */
export const withSteps = async (app: App): Promise<LoadedApp> => ({...app, steps: await (await import('../engine/load-steps.js')).loadSteps()});

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
