/**
What differs from release to release: one row a release, only columns that a step reads. Steps ask this table; they never compare versions.

Sources of the cells: F = shared facts collected in November 2026 (section), L = seen on a real system in the lab, T = seen on a real 14.04.
*/
export type Init = 'upstart' | 'systemd';

export type System = {
	readonly id: string;
	/** As a person calls it: `Ubuntu 14.04`. */
	readonly name: string;
	readonly init: Init;
	/** Whether /etc/ssh/sshd_config includes /etc/ssh/sshd_config.d/*.conf (F C3, L, T). */
	readonly sshDropIns: boolean;
	/** Where ufw keeps the rules that people add (F A9, L, T). */
	readonly ufwRules: '/lib/ufw' | '/etc/ufw';
	/** Whether it brings tools for two kinds of the kernel's rules, iptables-nft and iptables-legacy (L for Debian 12 and 13; the others unproven). */
	readonly twoKindsOfRules: boolean;
	/** Whether apt can wait for its lock by itself (F C5). */
	readonly aptWaits: boolean;
	/** The distribution's own packages that bring Docker, where what dropwise does with it was proven (L); undefined elsewhere. */
	readonly docker?: readonly string[];
	/** The month its free security updates end or ended. */
	readonly endOfLife: string;
	/** Set where a release newer than this table is treated as its newest row. */
	readonly takenFor?: string;
};

const modern = {
	init: 'systemd', sshDropIns: true, ufwRules: '/etc/ufw', twoKindsOfRules: true, aptWaits: true,
} as const;
const old = {
	init: 'systemd', sshDropIns: false, ufwRules: '/etc/ufw', twoKindsOfRules: false, aptWaits: false,
} as const;

/** Oldest first within each family. */
export const systems: readonly System[] = [
	{
		...old, id: 'ubuntu-14.04', name: 'Ubuntu 14.04', init: 'upstart', ufwRules: '/lib/ufw', endOfLife: '2019-04',
	},
	{
		...old, id: 'ubuntu-16.04', name: 'Ubuntu 16.04', endOfLife: '2021-04',
	},
	{
		...old, id: 'ubuntu-18.04', name: 'Ubuntu 18.04', endOfLife: '2023-05',
	},
	{
		...modern, id: 'ubuntu-20.04', name: 'Ubuntu 20.04', endOfLife: '2025-05',
	},
	{
		...modern, id: 'ubuntu-22.04', name: 'Ubuntu 22.04', endOfLife: '2027-04',
	},
	{
		...modern, id: 'ubuntu-24.04', name: 'Ubuntu 24.04', endOfLife: '2029-04',
	},
	{
		...modern, id: 'ubuntu-26.04', name: 'Ubuntu 26.04', endOfLife: '2031-04',
	},
	{
		...modern, id: 'debian-11', name: 'Debian 11', endOfLife: '2026-08',
	},
	{
		...modern, id: 'debian-12', name: 'Debian 12', docker: ['docker.io'], endOfLife: '2028-06',
	},
	{
		...modern, id: 'debian-13', name: 'Debian 13', docker: ['docker.io', 'docker-cli'], endOfLife: '2030-06',
	},
];

const field = (osRelease: string, name: string): string | undefined =>
	new RegExp(String.raw`^${name}=["']?([^"'\n]*)["']?$`, 'm').exec(osRelease)?.[1];

const numbers = (version: string): number => Number.parseFloat(version);

/**
Finds a server's row by its /etc/os-release.

A release newer than the table is taken for its newest row, and says so in `takenFor`; one that is older, or of another family, is refused with a reason in one sentence.
*/
export const recognise = (osRelease: string): System | {readonly refused: string} => {
	const family = field(osRelease, 'ID') ?? '';
	const version = field(osRelease, 'VERSION_ID') ?? '';
	const pretty = field(osRelease, 'PRETTY_NAME') ?? (family || 'something that does not say what it is');
	const rows = systems.filter(({id}) => id.startsWith(`${family}-`));
	if (family === '' || rows.length === 0) {
		return {refused: `This server says it is ${pretty}; dropwise knows Debian 11 and newer, and Ubuntu 14.04 and newer.`};
	}

	const row = rows.find(({id}) => id === `${family}-${version}`);
	if (row) {
		return row;
	}

	const newest = rows.at(-1)!;
	// Debian's testing and unstable have no VERSION_ID: they are newer than any release.
	if (version === '' || numbers(version) > numbers(newest.id.slice(family.length + 1))) {
		return {
			...newest, id: `${family}-${version || 'unreleased'}`, name: pretty, takenFor: newest.name,
		};
	}

	const below = rows.findLast(({id}) => numbers(id.slice(family.length + 1)) < numbers(version));
	return below
		? {
			...below, id: `${family}-${version}`, name: pretty, takenFor: below.name,
		}
		: {refused: `This server says it is ${pretty}, which is older than dropwise knows: ${rows[0]!.name} is the oldest.`};
};
