/** What somebody does to a server, in the ways of its system: with a folder of drop-ins or one file for sshd, under systemd or upstart. */
import type {Argv} from '../../source/step.js';
import type {World} from './world.js';

/** A file that a mend had to leave otherwise than it was, and what it contains then. */
export type Trace = {readonly path: string; readonly as: (was: string) => string};

/** Something put where it counts, and what it necessarily leads to. */
export type Place = {
	readonly path: string;
	/** The file with these lines put there. `was` is empty where there is none. */
	readonly puts: (was: string, lines: string) => string;
	/** The file when the lines were made harmless: they stay readable. */
	readonly leaves: (was: string, lines: string) => string;
	/** What is red besides. */
	readonly alsoRed: readonly string[];
};

export type Ways = {
	/** Where sshd reads a line before ours. */
	readonly beforeOurs: Place;
	/** Where one makes an exception for somebody by Match, which outranks what is said for everybody. */
	readonly exception: Place;
	readonly reloadSsh: Argv;
	/** Where ufw keeps the rules that people add. */
	readonly ufwRules: string;
	/** Whether there are tools for rules of the older kind beside today's. */
	readonly twoKindsOfRules: boolean;
	/** Whether Docker can be had there. */
	readonly docker: boolean;
	/** Whether Docker asks for rules over IPv6 where it handles that. */
	readonly dockerAsksOverIpv6: boolean;
	/** What keeps the firewall from coming back after a reboot, and how apply mends that. */
	readonly boot: {readonly does: (world: World) => Promise<unknown>; readonly mends: readonly string[]; readonly leaves?: readonly Trace[]};
};

const exceptions = 'ssh-keys-only/exceptions';
const mark = '# Set aside by dropwise: ';
/** Of some lines the last set aside: the one that lets somebody in, behind the Match it stands under. */
const lastAside = (lines: string): string => {
	const all = lines.split('\n');
	return [...all.slice(0, -1), `${mark}${all.at(-1)!}`].join('\n');
};

const dropIn: Place = {
	path: '/etc/ssh/sshd_config.d/00-aaa.conf',
	puts: (_was, lines) => `${lines}\n`,
	leaves: (_was, lines) => `${lastAside(lines)}\n`,
	alsoRed: [exceptions],
};

const main = '/etc/ssh/sshd_config';

const systemd = {
	reloadSsh: ['systemctl', 'reload', 'ssh'],
	ufwRules: '/etc/ufw',
	boot: {does: async (world: World) => world.do(['systemctl', 'disable', 'ufw']), mends: ['systemctl enable ufw']},
} as const;

/** Debian and newer Ubuntus. */
export const modern: Ways = {
	...systemd, twoKindsOfRules: true, docker: true, dockerAsksOverIpv6: true, beforeOurs: dropIn, exception: dropIn,
};

/** Those with Docker 20.10. */
export const withOldDocker: Ways = {...modern, dockerAsksOverIpv6: false};

/** Ubuntu 14.04: one file, in which ours goes back to the top, so that what stood above it no longer counts. */
export const upstart: Ways = {
	twoKindsOfRules: false,
	docker: false,
	dockerAsksOverIpv6: false,
	beforeOurs: {
		path: main,
		puts: (was, lines) => `${lines}\n${was}`,
		leaves: (was, lines) => was.replace('# END dropwise\n', () => `# END dropwise\n${lines}\n`),
		alsoRed: [],
	},
	exception: {
		path: main,
		puts: (was, lines) => `${was}${lines}\n`,
		leaves: (was, lines) => `${was}${lastAside(lines)}\n`,
		alsoRed: [exceptions],
	},
	reloadSsh: ['service', 'ssh', 'reload'],
	ufwRules: '/lib/ufw',
	boot: {does: async world => world.write('/etc/init/ufw.override', 'manual\n'), mends: ['write /etc/init/ufw.override'], leaves: [{path: '/etc/init/ufw.override', as: () => `${mark}manual\n`}]},
};
