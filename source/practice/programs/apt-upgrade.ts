import {catalogue} from '../images/packages.js';
import {namesIn, writeFile} from '../file-tree.js';
import type {Machine} from '../state.js';
import {
	archive,
	opening,
	tells,
	wrapped,
} from './apt-words.js';
import {says, type Answer, type Call} from './command.js';

/** Reading the lists anew, and installing what is newer by them, in the words of apt 1.0 and 3.0. */
const folder = '/var/lib/apt/lists';

type Newer = {readonly name: string; readonly was: string; readonly is: string; readonly origin: string};

const origins = {
	'ubuntu-14.04': {security: 'Ubuntu:14.04/trusty-updates, Ubuntu:14.04/trusty-security', other: 'Ubuntu:14.04/trusty-updates'},
	'debian-13': {security: 'Debian-Security:13/stable-security', other: 'Debian:13.2/stable'},
} as const;

/** What apt knows is what stood in its lists when it read them. Without lists it knows of nothing newer. */
const newer = ({droplet}: Machine): readonly Newer[] => namesIn(droplet, folder).some(name => name.endsWith('_Packages'))
	? Object.entries(droplet.packages).flatMap(([name, was]): Newer[] => {
		const found = catalogue[droplet.level].get(name);
		return found === undefined || found.version === was
			? []
			: [{
				name, was, is: found.version, origin: origins[droplet.level][found.security ? 'security' : 'other'],
			}];
	}).toSorted((a, b) => (a.name < b.name ? -1 : 1))
	: [];

export const aptUpdate = (call: Call): Answer => {
	const {url, suite} = archive(call);
	const old = call.droplet.level === 'ubuntu-14.04';
	const file = `${url.replace('http://', '').replaceAll('/', '_')}dists_${suite}_main_binary-amd64_Packages`;
	writeFile(call, `${folder}/${file}`, '');
	return tells(call, {
		head: '',
		files: [
			`${old ? 'Get' : 'Get:1'} ${url} ${suite} InRelease [58.5 kB]\n`,
			`${old ? 'Get' : 'Get:2'} ${url} ${suite}/main amd64 Packages [1350 kB]\n`,
		],
		fetched: 'Fetched 1409 kB in 1s (1120 kB/s)\nReading package lists...\n',
		deeds: [],
		seconds: 1.5,
	});
};

const simulated = (all: readonly Newer[]): string => ['Inst', 'Conf'].flatMap(word => all.map(({name, was, is, origin}) =>
	`${word} ${name} ${word === 'Inst' ? `[${was}] ` : ''}(${is} ${origin} [amd64])\n`)).join('');

/** What asks for a restart once it was upgraded: running programs keep the old one. Only Ubuntu's leaves a note. */
const noteRestart = (call: Call, all: readonly Newer[]): void => {
	if (call.droplet.level === 'ubuntu-14.04' && all.some(({name}) => name === 'libc6')) {
		writeFile(call, '/run/reboot-required', '*** System restart required ***\n');
		writeFile(call, '/run/reboot-required.pkgs', 'libc6\n');
	}
};

/** `apt-get upgrade`, or only what it would do. */
export const aptUpgrade = (call: Call, only: 'simulate' | 'do'): Answer => {
	const all = newer(call);
	const list = all.length === 0 ? '' : `The following packages will be upgraded:\n${wrapped(all.map(({name}) => name))}`;
	const head = `${opening}Calculating upgrade...\n${list}${all.length} upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n`;
	if (only === 'simulate' || all.length === 0) {
		return says(head + simulated(all), 0.8);
	}

	for (const {name, is} of all) {
		call.droplet.packages[name] = is;
	}

	noteRestart(call, all);
	const {url, suite} = archive(call);
	return tells(call, {
		head: `${head}Need to get ${all.length * 480} kB of archives.\nAfter this operation, 12.3 kB of additional disk space will be used.\n`,
		files: all.map(({name, is}, index) => `Get:${index + 1} ${url} ${suite}/main amd64 ${name} amd64 ${is} [480 kB]\n`),
		fetched: `Fetched ${all.length * 480} kB in 2s (${all.length * 240} kB/s)\n`,
		deeds: [
			...all.map(({name, was, is}, index) => ({name, doing: 'Unpacking', says: `${index === 0 ? '(Reading database ... 18612 files and directories currently installed.)\n' : ''}Preparing to unpack .../${name}_${is.replace(/^\d+:/v, '')}_amd64.deb ...\nUnpacking ${name} (${is}) over (${was}) ...\n`})),
			...all.map(({name, is}) => ({name, doing: 'Configuring', says: `Setting up ${name} (${is}) ...\n`})),
		],
		seconds: 2 + (all.length * 0.5),
	});
};
