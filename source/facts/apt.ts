/** What apt and dpkg say of themselves: how old their lists are, what could be upgraded, what was left half done. */
import type {Fact, Reading} from '../step.js';
import {Unreadable} from './files.js';

/** Lets an upgrade bring new packages, as each new kernel is one; nothing is ever removed (apt 1.0 and later). */
export const allowNew = 'APT::Get::Upgrade-Allow-New=true';

/** Touched after the lists of packages were read anew: by Ubuntu's notifier, and by us. */
export const listsStamp = '/var/lib/apt/periodic/update-success-stamp';

/** The lists of packages: from today, from a day such as `2026-11-22`, or never read. */
export type Lists = {readonly read: 'today'} | {readonly read: 'before'; readonly on: string} | {readonly read: 'never'};

/** How old the lists are. Their own times are the mirror's; what counts is the stamp, ours or that of apt's daily job. */
export const packageLists: Fact<Lists> = {
	argv: [
		'find',
		'/var/lib/apt/lists',
		'/var/lib/apt/periodic',
		'-maxdepth',
		'1',
		'(',
		'-name',
		'update-success-stamp',
		'-o',
		'-name',
		'update-stamp',
		'-o',
		'-name',
		'*_Packages*',
		')',
		'(',
		'-mmin',
		'-1440',
		'-printf',
		String.raw`fresh %f\n`,
		'-o',
		'-printf',
		String.raw`%TY-%Tm-%Td %f\n`,
		')',
	],
	parse({outcome, out}) {
		if (outcome !== 'ran') {
			throw new Unreadable(`the age of the lists of packages could not be read: ${outcome}`);
		}

		const lines = out.split('\n').filter(Boolean).map(line => line.split(' ') as [string, string]);
		const stamps = lines.filter(([, name]) => name.endsWith('-stamp')).map(([when]) => when).toSorted();
		if (stamps.length === 0 || !lines.some(([, name]) => name.includes('_Packages'))) {
			return {read: 'never'};
		}

		const on = stamps.at(-1)!;
		return on === 'fresh' ? {read: 'today'} : {read: 'before', on};
	},
};

export type Waiting = {readonly name: string; readonly security: boolean};
/** What an upgrade would do, or why apt cannot say. */
export type Upgrades = {readonly waiting: readonly Waiting[]; readonly keptBack: readonly string[]} | {readonly unknown: string};

const block = (out: string, heading: string): readonly string[] =>
	new RegExp(String.raw`^${heading}:\n((?: .*\n)+)`, 'm').exec(out)?.[1]?.split(/\s+/).filter(Boolean) ?? [];

const lastWords = ({err}: Reading): string => err.split('\n').filter(line => line.startsWith('E: ')).map(line => line.slice(3)).join(' ');

/** What an upgrade would install, by trying it without doing it; no lock is taken. Packages come with where they come from: `Debian-Security:13/stable-security`. */
export const upgrades: Fact<Upgrades> = {
	argv: ['apt-get', '-s', '-q', '-o', allowNew, 'upgrade'],
	seconds: 20,
	parse(reading) {
		const {outcome, code, out} = reading;
		if (outcome !== 'ran') {
			return {unknown: outcome === 'timed-out' ? 'apt did not answer within 20 seconds' : 'this server has no apt-get'};
		}

		if (code !== 0) {
			return {unknown: `apt cannot say what there is to upgrade: ${lastWords(reading) || `exit code ${code}`}`};
		}

		return {
			waiting: [...out.matchAll(/^Inst (\S+) (.*)$/gm)].map(([, name, from]) => ({name: name!, security: /\bsecurity\b/i.test(from!)})),
			keptBack: block(out, 'The following packages have been kept back'),
		};
	},
};

/** Packages that dpkg has begun to install and not ended. What lacks only its list of checksums is not among them: that stops nothing. */
export const halfInstalled: Fact<readonly string[]> = {
	argv: ['dpkg', '--audit'],
	parse({outcome, code, out, err}) {
		if (outcome !== 'ran' || code > 1) {
			throw new Unreadable(`dpkg could not be asked what it left half done: ${err.trim() || outcome}`);
		}

		return out.split(/\n\s*\n/)
			.filter(section => !(section.split('\n')[0]!).includes(' missing '))
			.flatMap(section => section.split('\n').filter(line => /^ \S/.test(line)).map(line => line.trim().split(/\s+/)[0]!));
	},
};
