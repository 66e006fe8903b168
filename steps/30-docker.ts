import {
	asksOverIpv6,
	daemon,
	daemonFile,
	daemonSettingsIn,
	salvaged,
	settingsPath,
	unread,
	withDaemonSettings,
	type Daemon,
} from '../source/facts/docker.js';
import {permissions} from '../source/facts/files.js';
import {installed} from '../source/facts/packages.js';
import {
	disable,
	enable,
	forgetFailures,
	reload,
	restart,
	startsAtBoot,
} from '../source/facts/services.js';
import {defineStep, type Claim, type FreeAction} from '../source/step.js';
import type {System} from '../source/systems.js';

const folder = '/etc/docker';
/** Three files of ten megabytes for each container: enough to see what went wrong last night. */
const bounds = {'max-size': '10m', 'max-file': '3'} as const;

type Settings = Readonly<Record<string, unknown>>;
const packagesOf = (system: System): readonly string[] => system.docker ?? [];

/** Where new containers' output goes. */
const driverOf = (settings: Settings, running: Daemon | undefined): string => (settings['log-driver'] as string | undefined) ?? running?.logs ?? 'json-file';
const optionsOf = (settings: Settings): Settings => (typeof settings['log-opts'] === 'object' && settings['log-opts'] !== null ? settings['log-opts'] as Settings : {});
/** Only plain files grow for ever by themselves; `-1` says so in words. */
const isBounded = (settings: Settings, running: Daemon | undefined): boolean => driverOf(settings, running) !== 'json-file' || !['undefined', '-1', ''].includes(String(optionsOf(settings)['max-size']));

/** Whether containers' IPv6 gets in without anybody being asked. */
const letsIpv6In = (settings: Settings, running: Daemon | undefined): boolean => settings['ip6tables'] === true && running !== undefined && !asksOverIpv6(running);

/** What is missing in the settings. What somebody decided otherwise stays, unless the firewall were nothing with it; a swarm refuses to keep containers going. */
const missingIn = (settings: Settings, running: Daemon | undefined): Settings => ({
	...(isBounded(settings, running) ? {} : {'log-driver': 'json-file', 'log-opts': {...optionsOf(settings), ...bounds, ...(optionsOf(settings)['max-file'] === undefined ? {} : {'max-file': optionsOf(settings)['max-file']})}}),
	...(settings['live-restore'] === undefined && !running?.swarm ? {'live-restore': true} : {}),
	...(letsIpv6In(settings, running) ? {ip6tables: false} : {}),
});

const reasons: Readonly<Record<string, string>> = {'log-opts': 'keeps a log from filling the disk', 'live-restore': 'lets containers go on while Docker is restarted', ip6tables: 'sets aside a setting with which this Docker lets IPv6 in past the firewall'};
const described = (settings: Settings, running: Daemon | undefined): string => {
	const driver = driverOf(settings, running);
	const {'max-size': size, 'max-file': files = 1} = optionsOf(settings);
	return driver === 'json-file' ? `${String(files)} × ${String(size)}` : `kept by ${driver}`;
};

export default defineStep({
	id: 'docker',
	title: 'Docker',
	phase: 'Docker',
	why: 'Containers keep each site with all it needs in a box of its own, so that one can be renewed without breaking another. Docker, the program that runs them, comes from your system\'s own packages: what brings those up to date brings it up to date, too.',
	lesson: `Somebody's blog went down after five months. Nothing had been changed: a chatty container had written its log until the disk was full, and the database beside it could not write any more. Docker keeps every line for ever unless it is told not to.

So this step gives each container's log a bound, three files of ten megabytes. And it lets containers go on while Docker itself is restarted, so that an update of Docker does not stop your sites. Containers that are there already keep the log they were made with; made anew, they take the bound.

How to see it:  sudo docker info   and   cat ${settingsPath}
How much the logs hold now:  sudo du -sh /var/lib/docker/containers
The way back:   take the lines out of that file, then  sudo systemctl restart docker`,
	minutes: 2,
	after: ['firewall'],
	guarded: false,
	unavailable: ({docker, name}) => (docker === undefined ? `What dropwise does with Docker was not proven on ${name} yet; it was on Debian 12 and Debian 13.` : undefined),

	look: ({info: {system}}) => ({
		daemon,
		settings: daemonFile,
		unread,
		folder: permissions([folder]),
		boots: startsAtBoot(system, 'docker'),
		packages: packagesOf(system).map(name => installed(name)),
		// Docker's own packages, from elsewhere: where somebody chose those, they stay.
		theirs: installed('docker-ce'),
	}),

	packages: ({packages, theirs}, {info: {system}}) => (theirs ? [] : packagesOf(system).filter((_, index) => packages[index] === false)),

	plan(facts, {info: {system}}) {
		const {daemon: running, settings: settingsFile} = facts;
		const actions: FreeAction[] = [];
		const found = daemonSettingsIn(settingsFile);
		const isBroken = typeof found === 'string';
		const settings = isBroken ? salvaged(settingsFile) : found;
		const missing = missingIn(settings, running);
		const wanted: Settings = {...settings, ...missing};
		const isLacking = isBroken || Object.keys(missing).length > 0;
		if (isLacking) {
			if (facts.folder.length === 0) {
				actions.push({
					do: 'run', because: 'Docker\'s settings live there', argv: ['install', '-d', '-m', '755', folder], undo: [['rmdir', folder]],
				});
			}

			actions.push({
				do: 'write', because: [...isBroken ? ['Docker cannot read it, and would not start again with it: this is what can be understood of it'] : [], ...Object.keys(missing).map(key => reasons[key]).filter(Boolean)].join(', and '), file: settingsFile, content: withDaemonSettings(settingsFile, settings, missing), mode: settingsFile.content === undefined ? 0o644 : settingsFile.mode,
			});
		}

		if (isLacking || facts.unread || running === undefined) {
			// Told to read its settings, it keeps containers going from now on; only started anew it takes the rest.
			if (running && !running.keeps && running.containers > 0 && wanted['live-restore'] === true) {
				actions.push({
					do: 'run', because: 'lets Docker know first that containers are to go on', argv: reload(system, 'docker'), undo: [],
				});
			}

			actions.push(
				{
					do: 'run', because: 'systemd refuses a start after three in a minute; this lets it forget them', argv: forgetFailures('docker'), undo: 'again',
				},
				{
					do: 'run', because: running ? 'Docker reads these settings only when it starts' : 'starts Docker, which does not run', argv: restart(system, 'docker'), undo: 'again',
				},
			);
		}

		if (!facts.boots) {
			actions.push({
				do: 'run', because: 'otherwise your containers would stay down after a reboot', argv: enable('docker'), undo: [disable('docker')],
			});
		}

		return actions;
	},

	settle: 5,
	verify({daemon: running, settings: file, unread: changed, boots, packages, theirs}) {
		const settings = daemonSettingsIn(file);
		const comesBack = boots ? (typeof settings === 'string' ? 'it would not start with its settings' : 'yes') : 'no';
		const isThere = theirs || packages.every(Boolean);
		const told = (id: string, says: string, judge: (readable: Settings) => Omit<Extract<Claim, {holds: boolean}>, 'id' | 'says'>): Claim =>
			(typeof settings === 'string' ? {id, says, unknown: settings} : {id, says, ...judge(settings)});
		const decided = typeof settings !== 'string' && settings['live-restore'] === false;
		return [
			{
				id: 'runs', says: 'Docker runs', holds: isThere && running !== undefined, expected: 'it answers', actual: isThere ? (running ? `version ${running.version} answers` : 'it does not run') : 'not installed',
			},
			{
				id: 'boot', says: 'it comes back after a reboot, and starts the containers that it is told to', holds: comesBack === 'yes', expected: 'yes', actual: comesBack,
			},
			{
				id: 'settings', says: 'it goes by its settings', holds: typeof settings !== 'string' && !changed, expected: 'read when it started', actual: typeof settings === 'string' ? settings : changed ? 'changed after it started' : 'read when it started',
			},
			told('logs', 'the log of a new container cannot fill the disk', one => ({holds: isBounded(one, running), expected: '3 × 10m', actual: isBounded(one, running) ? described(one, running) : 'no bound'})),
			...(running === undefined || asksOverIpv6(running)
				? []
				: [told('ipv6', 'it lets nothing in over IPv6 past the firewall', one => {
					const isOff = !letsIpv6In(one, running);
					return {holds: isOff, expected: 'ip6tables off', actual: isOff ? 'ip6tables off' : `ip6tables on, and Docker ${running.version} asks no firewall there`};
				})]),
			...(decided || running?.swarm
				? []
				: [told('goes-on', 'containers go on while Docker is restarted', one => {
					const isOn = one['live-restore'] === true && (running?.keeps ?? true);
					return {holds: isOn, expected: 'yes', actual: isOn ? 'yes' : 'no'};
				})]),
		];
	},
});
