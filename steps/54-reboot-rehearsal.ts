import {bootId} from '../source/facts/boot.js';
import {runningNames, stayingAway} from '../source/facts/container-restarts.js';
import {file, stateOfFile} from '../source/facts/files.js';
import {
	defineStep,
	type Claim,
	type FileFact,
	type Rehearsed,
} from '../source/step.js';

const day = ({on}: Rehearsed): string => on.slice(0, 10);

/** What is otherwise than it was after the restart that is remembered, in words; empty where nothing is. */
const changedSince = ({files, since}: Rehearsed, now: readonly FileFact[]): readonly string[] => {
	const others = now.filter(one => files[one.path] !== stateOfFile(one)).map(({path}) => path);
	const [first] = since;
	return [
		...(first === undefined ? [] : [`dropwise did ${since.length === 1 ? `"${first}"` : `${since.length} things, the first of them "${first}"`}`]),
		// What dropwise wrote itself is no second reason.
		...(first === undefined && others.length > 0 ? [`${others.slice(0, 3).join(', ')}${others.length > 3 ? ` and ${others.length - 3} more files` : ''} changed`] : []),
	];
};

/** As many as one can read: of each step the first, and how many more. */
const some = <T extends {readonly title: string}>(all: readonly T[], words: (one: T) => string): string => {
	const steps = [...Map.groupBy(all, ({title}) => title)].map(([title, [first, ...more]]) => `"${title}": ${words(first!)}${more.length === 0 ? '' : ` and ${more.length} more`}`);
	return `${steps.slice(0, 3).join('; ')}${steps.length > 3 ? `; and of ${steps.length - 3} more steps` : ''}`;
};

/** What could not be seen again, by the reason. */
const unseenInWords = (unseen: Rehearsed['unseen']): string =>
	[...Map.groupBy(unseen, ({why}) => why)].map(([why, all]) => `${all.length} of them could not be seen again (${why}): ${some(all, ({says}) => says)}`).join('; ');

const outlasts = (rehearsed: Rehearsed | undefined, now: readonly FileFact[]): Claim => {
	const claim = {id: 'outlasts', says: 'what holds has been seen to hold after a restart too'};
	if (rehearsed === undefined) {
		return {...claim, unknown: 'nobody has restarted this server on purpose yet to see it'};
	}

	const {held, lost, unseen} = rehearsed;
	const changed = changedSince(rehearsed, now);
	if (changed.length > 0) {
		return {...claim, unknown: `the last time was on ${day(rehearsed)}, and since then ${changed.join('; ')}`};
	}

	const seen = {...claim, says: `all ${held} claims that held before the restart of ${day(rehearsed)} were seen to hold after it`};
	return lost.length === 0 && unseen.length > 0
		? {...seen, unknown: unseenInWords(unseen)}
		: {
			...seen, holds: lost.length === 0, expected: 'all of them', actual: lost.length === 0 ? 'all of them' : `not after it: ${some(lost, ({says, actual}) => `${says} (${actual})`)}`,
		};
};

export default defineStep({
	id: 'reboot-rehearsal',
	title: 'After a restart',
	phase: 'Proof',
	why: 'Much of what makes a server safe lives in its memory, and is gone when it restarts: after a power failure, or an update you never heard of. Here it is restarted on purpose, while you look on, and everything that held before is looked at again after it.',
	lesson: `Somebody's websites all answered "503" the morning after a restart, and two days went by before the cause was found. Nothing had broken that night: the firewall had been told weeks before to pass nothing on, and old rules in the kernel's memory had gone on letting it through. The restart had only forgotten them.

A change that stands in no file works until the next start. What a restart costs is known beforehand and takes a minute; what it would have shown is found out later at the worst of times.

How to see it:  uptime -s  says when your server last started.
If it does not come back:  your provider's site has a "Console" for it, a screen and a keyboard, and a switch to turn it off and on again.
The way back:  there is none, and nothing to go back from: the files stay as they are.`,
	minutes: 2,
	guarded: false,
	// What was seen is not seen better a moment later.
	settle: 0,

	look: ({rehearsed}) => ({
		boot: bootId,
		files: Object.keys(rehearsed?.files ?? {}).map(path => file(path)),
		running: runningNames,
	}),

	lookDeeper: ({running}) => ({
		away: running.length > 0 ? [stayingAway(running)] : [],
	}),

	// A container that stays away would be missed by somebody.
	rehearses: {unasked: ({away}) => away.flat().length === 0},

	plan({files, away}, {rehearsed}) {
		const claim = outlasts(rehearsed, files);
		const missed = away.flat();
		return 'holds' in claim && claim.holds
			? []
			: [{do: 'reboot', because: `restarts the server on purpose. What holds now is noted before, and looked at again after. The server is away for about a minute and every connection to it drops; dropwise comes back by itself${missed.length === 0 ? '' : `, but not ${missed.length === 1 ? `the container ${missed[0]!}` : `these containers: ${missed.join(', ')}`}: nothing tells Docker to start ${missed.length === 1 ? 'it' : 'them'} again`}`}];
	},

	verify: ({files}, {rehearsed}) => [outlasts(rehearsed, files)],
});
