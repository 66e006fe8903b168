import {catalogue, type Package} from '../images/packages.js';
import {remove} from '../file-tree.js';
import {NotModelled, type Machine} from '../state.js';
import {stopService} from '../services.js';
import * as ufw from '../ufw/framework.js';
import {aptUpdate, aptUpgrade} from './apt-upgrade.js';
import {
	archive,
	opening,
	tells,
	wrapped,
} from './apt-words.js';
import {
	fails,
	notModelled,
	options,
	says,
	type Answer,
	type Call,
	type CommandSet,
} from './command.js';

/** apt and dpkg, in the words of apt 1.0 and 3.0. A package outside the catalogue is a gap, not one that cannot be located. */
const here = ({droplet}: Machine): ReadonlyMap<string, Package> => catalogue[droplet.level];

/** Packages to install for a wish, what is needed first before what needs it. */
const withNeeds = (machine: Machine, names: readonly string[]): string[] => {
	const order: string[] = [];
	const visit = (name: string): void => {
		const found = here(machine).get(name);
		if (!found) {
			throw new NotModelled(`the package ${name}`);
		}

		if (Object.hasOwn(machine.droplet.packages, name) || order.includes(name)) {
			return;
		}

		for (const need of found.needs) {
			visit(need);
		}

		order.push(name);
	};

	for (const name of names) {
		visit(name);
	}

	return order;
};

const sorted = (names: readonly string[]): string[] => names.toSorted((a, b) => (a < b ? -1 : 1));

const install = (call: Call, names: readonly string[]): Answer => {
	const fresh = withNeeds(call, names);
	const already = names.filter(name => !fresh.includes(name));
	const version = (name: string) => here(call).get(name)!.version;
	const newest = already.map(name => `${name} is already the newest version${call.droplet.level === 'ubuntu-14.04' ? '' : ` (${version(name)})`}.\n`).join('');
	if (fresh.length === 0) {
		return says(`${opening}${newest}0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n`, 0.8);
	}

	const {url, suite} = archive(call);
	const more = sorted(fresh.filter(name => !names.includes(name)));
	const before = Object.keys(call.droplet.packages).length;
	for (const name of fresh) {
		call.droplet.packages[name] = version(name);
		Reflect.deleteProperty(call.droplet.removed, name);
		here(call).get(name)!.unpack?.(call);
	}

	const head = [
		opening,
		newest,
		more.length === 0 ? '' : `The following additional packages will be installed:\n${wrapped(more)}`,
		`The following NEW packages will be installed:\n${wrapped(sorted(fresh))}`,
		`0 upgraded, ${fresh.length} newly installed, 0 to remove and 0 not upgraded.\n`,
		`Need to get ${fresh.length * 124} kB of archives.\nAfter this operation, ${fresh.length * 581} kB of additional disk space will be used.\n`,
	].join('');
	return tells(call, {
		head,
		files: fresh.map((name, index) => `Get:${index + 1} ${url} ${suite}/main amd64 ${name} amd64 ${version(name)} [124 kB]\n`),
		fetched: `Fetched ${fresh.length * 124} kB in 1s (${fresh.length * 124} kB/s)\n`,
		deeds: [
			...fresh.map((name, index) => ({name, doing: 'Unpacking', says: `Selecting previously unselected package ${name}.\n${index === 0 ? `(Reading database ... ${18_000 + (before * 60)} files and directories currently installed.)\n` : ''}Preparing to unpack .../${name}_${version(name).replace(/^\d+:/v, '')}_amd64.deb ...\nUnpacking ${name} (${version(name)}) ...\n`})),
			...fresh.map(name => ({name, doing: 'Configuring', says: `Setting up ${name} (${version(name)}) ...\n`})),
		],
		seconds: 1.5 + (fresh.length * 0.4),
	});
};

const uninstall = (call: Call, names: readonly string[], purge: boolean): Answer => {
	const gone = names.filter(name => Object.hasOwn(call.droplet.packages, name));
	const missing = names.filter(name => !gone.includes(name));
	for (const name of missing) {
		if (!here(call).has(name)) {
			throw new NotModelled(`the package ${name}`);
		}
	}

	const needing = Object.keys(call.droplet.packages).filter(name => !gone.includes(name) && here(call).get(name)?.needs.some(need => gone.includes(need)));
	if (needing.length > 0) {
		throw new NotModelled(`removing ${names.join(' ')}, which ${needing.join(', ')} needs`);
	}

	for (const name of gone) {
		if (name === 'ufw' && ufw.enabled(call)) {
			ufw.stop(call);
		}

		for (const service of Object.keys(call.droplet.services).filter(one => call.droplet.services[one]!.package === name)) {
			stopService(call, service);
			Reflect.deleteProperty(call.droplet.services, service);
		}

		call.droplet.removed[name] = call.droplet.packages[name]!;
		Reflect.deleteProperty(call.droplet.packages, name);
	}

	for (const name of purge ? names : []) {
		Reflect.deleteProperty(call.droplet.removed, name);
		for (const file of here(call).get(name)?.settings ?? []) {
			remove(call.droplet, file);
		}
	}

	const list = gone.length === 0 ? '' : `The following packages will be REMOVED:\n${wrapped(sorted(gone))}`;
	const not = missing.map(name => `Package '${name}' is not installed, so not removed\n`).join('');
	return says(`${opening}${not}${list}0 upgraded, 0 newly installed, ${gone.length} to remove and 0 not upgraded.\n${gone.map(name => `Removing ${name} (${here(call).get(name)?.version ?? ''}) ...\n`).join('')}`, 1);
};

/** What apt-get knows and this model does not. */
const others = new Set(['autoclean', 'auto-clean', 'autoremove', 'auto-remove', 'build-dep', 'changelog', 'check', 'dist-upgrade', 'dselect-upgrade', 'download', 'full-upgrade', 'indextargets', 'moo', 'reinstall', 'satisfy', 'source']);

const aptGet = (call: Call): Answer => {
	const {has, rest} = options(call, ['-q', '-qq', '-y', '-s', '--purge', '--no-install-recommends', '--auto-remove'], ['-o']);
	const [verb = '', ...names] = rest;
	if (has('-s') && verb !== 'upgrade') {
		return notModelled(call);
	}

	const known: Record<string, () => Answer> = {
		update: () => aptUpdate(call),
		upgrade: () => names.length > 0 ? notModelled(call) : aptUpgrade(call, has('-s') ? 'simulate' : 'do'),
		install: () => install(call, names),
		remove: () => uninstall(call, names, has('--purge')),
		purge: () => uninstall(call, names, true),
		clean: () => says(''),
	};
	if (Object.hasOwn(known, verb)) {
		return known[verb]!();
	}

	return verb === '' || others.has(verb) ? notModelled(call) : fails(100, `E: Invalid operation ${verb}\n`);
};

const aptCache = (call: Call): Answer => {
	const [verb, ...names] = call.args;
	if (verb !== 'policy' || names.length === 0) {
		return notModelled(call);
	}

	const {url, suite} = archive(call);
	return says(names.map(name => {
		const installed = call.droplet.packages[name];
		const candidate = here(call).get(name)?.version ?? installed;
		if (candidate === undefined) {
			throw new NotModelled(`the package ${name}`);
		}

		return `${name}:\n  Installed: ${installed ?? '(none)'}\n  Candidate: ${candidate}\n  Version table:\n ${installed === undefined ? ' '.repeat(3) : '***'} ${candidate} ${call.droplet.level === 'ubuntu-14.04' ? '0' : '500'}\n        500 ${url} ${suite}/main amd64 Packages\n${installed === undefined ? '' : '        100 /var/lib/dpkg/status\n'}`;
	}).join(''));
};

export const aptCommands: CommandSet = {
	commands: {'apt-get': aptGet, 'apt-cache': aptCache},
};
