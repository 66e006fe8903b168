import {readdir, readFile, rm} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {
	levels,
	openPractice,
	realClock,
	rootPassword,
} from '../practice/droplet.js';
import {openPrompt} from '../practice/prompt.js';
import {readServerRecord} from '../record/server-record.js';
import {folderOf} from '../record/servers.js';
import {ConnectError} from '../server/connect-error.js';
import {expandHome} from '../server/home.js';
import {proveKey} from '../server/key-pairs.js';
import {hide} from '../server/secret.js';
import type {Login} from '../server/server.js';
import {meant} from '../did-you-mean.js';
import {UsageError} from '../usage-error.js';
import type {ConnectContext, ConnectingOptions} from './context.js';
import {withCard} from './attempt.js';
import type {Connection} from './connection.js';
import type {PracticeTarget} from './target.js';

/** Short names for the levels. */
const nicknames = new Map([['systemd', 'debian-13'], ['upstart', 'ubuntu-14.04']]);

/** The public half of a key pair: from beside it, or from the private half itself. */
const publicHalf = async (identity: string): Promise<string> => {
	const file = expandHome(identity);
	const line = await readFile(`${file}.pub`, 'utf8').catch(() => undefined);
	return line?.trim() ?? (await proveKey(file)).publicKey;
};

const levelOf = (named: string | undefined): (typeof levels)[number] => {
	const wanted = named === undefined ? levels[0]! : nicknames.get(named) ?? named;
	const level = levels.find(one => one === wanted);
	if (level === undefined) {
		throw new UsageError(`There is no practice droplet ${JSON.stringify(named)}.${meant(named!, levels)} There are ${levels.join(' and ')}, for example dropwise practice ${levels.at(-1)!}.`);
	}

	return level;
};

/** Whether a droplet is there that something was done on. */
export const practisedBefore = ({knownHosts}: ConnectContext, target: PracticeTarget): boolean =>
	knownHosts.at(`practice:${levelOf(target.level)}`)?.record !== undefined;

/** Throws the droplet away; the next connection makes a new one. Its key pair stays. */
export const throwAway = async ({stateDir}: ConnectContext, target: PracticeTarget): Promise<void> => {
	const directory = path.join(stateDir, 'practice', levelOf(target.level));
	const names = await readdir(directory).catch((): string[] => []);
	await Promise.all(names.filter(name => /^droplet-\d+\.json$/.test(name)).map(async name => rm(path.join(directory, name), {force: true})));
};

/** How long things take on the practice droplet: 1 is about what they take on a real one, 0 is no time at all. For whoever has seen it often, and for tests. */
const paceIn = ({DROPWISE_PRACTICE_PACE: pace}: NodeJS.ProcessEnv): number => pace !== undefined && /^\d+(?:\.\d+)?$/.test(pace) ? Number(pace) : 1;

/** A prompt on a practice droplet, as root. One that is not there is made. */
export const promptAt = ({stateDir}: Pick<ConnectContext, 'stateDir'>, target: PracticeTarget): ReturnType<typeof openPrompt> => {
	const level = levelOf(target.level);
	return openPrompt({
		directory: path.join(stateDir, 'practice', level), level, clock: realClock, pace: paceIn(process.env),
	});
};

/** What starts with it is there with it: it is looked at once more, as it would be on a real one. */
const startSeconds = 6;

/** Opens the practice droplet, as the record says or with its root password, which is no secret. */
export const connectPractice = async (context: ConnectContext, target: PracticeTarget, {looking = false}: Pick<ConnectingOptions, 'looking'> = {}): Promise<Connection> => {
	const {stateDir, knownHosts, listener} = context;
	const level = levelOf(target.level);
	const directory = path.join(stateDir, 'practice', level);
	const place = `practice:${level}`;
	const record = knownHosts.at(place)?.record;
	const known = record === undefined ? undefined : (await readServerRecord(folderOf(stateDir, record))).known;
	const open = async (login: Login) => {
		await listener({event: 'connecting', server: target.name, user: login.user});
		const server = await openPractice({
			directory, level, login, keyOf: publicHalf, pace: paceIn(process.env),
		});
		await listener({event: 'logged-in', server: target.name, user: login.user});
		return server;
	};

	const as = async (login: Login): Promise<Connection> => ({
		server: await open(login), login, given: target.name, name: target.name, place, keyFolder: directory, startSeconds: startSeconds * paceIn(process.env), prompt: promptAt(context, target), ...(looking && {arrival: {login}}),
	});
	const asRoot: Login = {user: 'root', password: hide(rootPassword)};
	if (known?.key && known.user !== undefined && known.user !== 'root') {
		try {
			return await as({user: known.user, identity: known.key.identity, publicKey: known.key.publicKey});
		} catch (error) {
			if (!(error instanceof ConnectError)) {
				throw error;
			}
		}
	}

	try {
		return await as(asRoot);
	} catch (error) {
		throw await withCard(context, place, error, ['This droplet is for practice: "dropwise prompt practice" is its console, where "reboot" restarts it. Or start again, and take a fresh one.']);
	}
};
