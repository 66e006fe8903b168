/** Installing and upgrading packages on a server that may still be busy with itself: first boot, automatic updates. */
import {setTimeout as sleep} from 'node:timers/promises';
import type {Outcome} from '../server/server.js';
import type {Action, Argv} from '../step.js';
import {allowNew, listsStamp} from '../facts/apt.js';
import {readProgress, tellsProgress} from './apt-output.js';
import {perform} from './perform.js';
import type {Session} from './session.js';

/** Seconds to wait for others who are installing. */
const lockWaitSeconds = 600;
/** Seconds between two tries. */
const pauseSeconds = 3;

/** So that nobody is asked anything: there is nobody to answer. */
const unasked = ['env', 'DEBIAN_FRONTEND=noninteractive', 'NEEDRESTART_MODE=a'] as const;

const apt = (...words: readonly string[]): Argv => [
	...unasked,
	'apt-get',
	'-q',
	'-y',
	...tellsProgress,
	'-o',
	'Dpkg::Options::=--force-confold',
	'-o',
	`DPkg::Lock::Timeout=${lockWaitSeconds}`,
	...words,
];

/** Whether apt gave up because another program holds its lock (apt 1.0 to 3.0). */
export const isLocked = ({code, err}: Pick<Outcome, 'code' | 'err'>): boolean =>
	code !== 0 && /could not get lock|unable to (acquire|lock)|is another process using it|dpkg frontend lock/i.test(err);

/** Whether an action comes to several orders, as all that apt does. */
export const isApt = (kind: Action['do']): kind is 'install' | 'upgrade' => kind === 'install' || kind === 'upgrade';

/** The orders of an installation or an upgrade, in the words for what each does: from the last one on, each with its repetitions `ID-2`, `ID-3`. */
export const ordersOf = (id: string, shows: string): ReadonlyArray<{readonly id: string; readonly shows: string}> => [
	{id, shows}, {id: `${id}-lists`, shows: 'apt-get update'}, {id: `${id}-configure`, shows: 'dpkg --configure -a'}, {id: `${id}-first-boot`, shows: 'cloud-init status --wait'},
];

export const repetition = (id: string, attempt: number): string => attempt === 1 ? id : `${id}-${attempt}`;

const untilUnlocked = async (session: Session, id: string, argv: Argv, shows: string, fetching: 'reading' | 'fetching' = 'fetching'): Promise<Outcome> => {
	const end = performance.now() + (lockWaitSeconds * 1000);
	for (let attempt = 1; ; attempt++) {
		const outcome = await perform(session, {id: repetition(id, attempt), do: 'run', argv}, shows, readProgress(fetching));
		if (!isLocked(outcome) || performance.now() > end || session.run.signal?.aborted) {
			return outcome;
		}

		await session.during('another program on the server is installing; waiting until it is done', sleep(pauseSeconds * 1000));
	}
};

/** Absent on most servers, and its code tells of warnings too: what counts is that it is over. */
const untilBooted = async (session: Session, id: string): Promise<unknown> =>
	perform(session, {id: `${id}-first-boot`, do: 'run', argv: ['cloud-init', 'status', '--wait']}, 'waiting until the first boot is over');

const readLists = async (session: Session, id: string): Promise<Outcome> =>
	untilUnlocked(session, `${id}-lists`, apt('update'), 'reading the lists of packages', 'reading');

/** Installs packages of the distribution: waits for the first boot to end and for apt's lock, reads the package lists anew, installs. */
export const install = async (session: Session, id: string, packages: readonly string[]): Promise<Outcome> => {
	await untilBooted(session, id);
	const lists = await readLists(session, id);
	if (lists.code !== 0 && isLocked(lists)) {
		return lists;
	}

	const outcome = await untilUnlocked(session, id, apt('install', ...packages), `installing ${packages.join(', ')}`);
	return outcome.code === 0 ? outcome : {...outcome, err: `${lists.err}${outcome.err}`};
};

/** Lists that could not be read anew are a warning to apt, and old ones serve (apt 1.0 to 3.0). */
const isStale = ({code, err}: Outcome): boolean => code !== 0 || /^W: (?:Failed to fetch|Some index files failed)/m.test(err);

/** Brings all that is installed up to date. What can be had is installed even where some lists could not be read, and then it ends with their code. */
export const upgrade = async (session: Session, id: string): Promise<Outcome> => {
	await untilBooted(session, id);
	const configured = await untilUnlocked(session, `${id}-configure`, [...unasked, 'dpkg', '--force-confold', '--configure', '-a'], 'ending what was half installed');
	if (configured.code !== 0) {
		return configured;
	}

	const lists = await readLists(session, id);
	if (lists.code !== 0 && isLocked(lists)) {
		return lists;
	}

	if (!isStale(lists)) {
		// The file by which others know it too: apt's own daily job, Ubuntu's notifier.
		await perform(session, {id: `${id}-stamp`, do: 'run', argv: ['touch', listsStamp]}, 'noting that the lists are new');
	}

	const outcome = await untilUnlocked(session, id, apt('-o', allowNew, 'upgrade'), 'installing newer versions');
	return isStale(lists) ? {...outcome, code: outcome.code || lists.code || 100, err: `${lists.err}${outcome.err}`} : outcome;
};
