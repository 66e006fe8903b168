import {
	halfInstalled,
	listsStamp,
	packageLists,
	upgrades,
	type Lists,
	type Upgrades,
} from '../source/facts/apt.js';
import {
	cloudInitBegan,
	cloudInitEnded,
	newKernels,
	restartPackages,
	restartReasons,
	restartRequired,
} from '../source/facts/boot.js';
import {
	defineStep,
	type Claim,
	type FileFact,
	type FreeAction,
} from '../source/step.js';

const some = (names: readonly string[]): string => `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
const amount = (waiting: ReadonlyArray<{readonly security: boolean}>): string => {
	const security = waiting.filter(one => one.security).length;
	return `${waiting.length} ${waiting.length === 1 ? 'package' : 'packages'}${security === 0 ? '' : ` (${security} security ${security === 1 ? 'update' : 'updates'})`}`;
};

const waitingOf = (found: Upgrades) => 'waiting' in found ? found.waiting : [];
const age = (lists: Lists): string => lists.read === 'before' ? `the last time was ${lists.on}` : 'nothing says that they ever were';
const booting = (began: FileFact, ended: FileFact): boolean => began.content !== undefined && ended.content === undefined;

const upToDate = (lists: Lists, found: Upgrades): Claim => {
	const keptBack = 'keptBack' in found && found.keptBack.length > 0 ? `, except what apt keeps back: ${some(found.keptBack)}` : '';
	const claim = {id: 'upgraded', says: `every package is at its newest version${keptBack}`};
	const waiting = waitingOf(found);
	if ('unknown' in found) {
		return {...claim, unknown: found.unknown};
	}

	return waiting.length === 0 && lists.read !== 'today'
		? {...claim, unknown: `nothing says that the lists of packages were read today: that would be the time of ${listsStamp}`}
		: {
			...claim, holds: waiting.length === 0, expected: 'nothing to upgrade', actual: waiting.length === 0 ? 'nothing to upgrade' : `${amount(waiting)}: ${some(waiting.map(({name}) => name))}`,
		};
};

export default defineStep({
	id: 'system-updates',
	title: 'System updates',
	phase: 'Harden',
	why: 'Each week holes are found in what every server runs, and published together with their repair. Within days programs search the whole internet for servers that have not taken it. Here apt, the program that installs all others, takes them. If that needs a restart, you are asked first.',
	lesson: `Somebody's server ran for a year without an update: nothing ever broke. What broke in was a program that tried a hole whose repair had been waiting for eleven months.

An upgrade puts the repaired files on the disk. What runs already, and above all the kernel, stays the old one until it is started anew. So where a new kernel came, the server is restarted, and dropwise waits for it.

How to see it:  apt-get -s upgrade  says what is waiting, without doing it.
If dpkg was cut off in the middle:  sudo dpkg --configure -a  ends what it had begun.
The way back:  there is none. Older versions have the holes.`,
	minutes: 3,
	guarded: false,

	look: () => ({
		lists: packageLists,
		found: upgrades,
		half: halfInstalled,
		required: restartRequired,
		requiredBy: restartPackages,
		kernels: newKernels,
		began: cloudInitBegan,
		ended: cloudInitEnded,
	}),

	plan({lists, found, half, required, requiredBy, kernels, began, ended}) {
		const waiting = waitingOf(found);
		const stale = lists.read !== 'today';
		const parts = [
			...(booting(began, ended) ? ['waits until the first boot is over'] : []),
			...(half.length > 0 ? [`ends what was half installed: ${some(half)}`] : []),
			...(stale ? [`reads the lists of packages anew and notes down that it did (${age(lists)})`] : []),
			...(waiting.length > 0 ? [`installs newer versions of ${amount(waiting)}`] : stale ? ['installs what is newer'] : []),
			...('unknown' in found ? ['lets apt mend itself and try'] : []),
		];
		const reasons = restartReasons(required, requiredBy, kernels);
		return [
			...(parts.length > 0 ? [{do: 'upgrade', because: parts.join('; ')} as const] : []),
			...(reasons.length > 0 ? [{do: 'reboot', because: `restarts the server, because ${reasons.join('; ')}. It is away for about a minute and every connection to it drops; dropwise comes back by itself`} as const] : []),
		] satisfies readonly FreeAction[];
	},

	verify: ({lists, found, half, required, requiredBy, kernels, began, ended}) => [
		{
			id: 'first-boot', says: 'the first boot is over', holds: !booting(began, ended), expected: 'over', actual: booting(began, ended) ? 'cloud-init is still at work' : 'over',
		},
		{
			id: 'half-installed', says: 'no package is half installed', holds: half.length === 0, expected: 'none', actual: some(half) || 'none',
		},
		upToDate(lists, found),
		{
			id: 'restart', says: 'no restart is due', holds: restartReasons(required, requiredBy, kernels).length === 0, expected: 'none', actual: restartReasons(required, requiredBy, kernels).join('; ') || 'none',
		},
	],
});
