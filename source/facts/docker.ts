import {parse as parseTolerantly} from 'jsonc-parser';
import type {
	Argv,
	Fact,
	Family,
	FileFact,
} from '../step.js';
import {Unreadable, file} from './files.js';

/** Docker's daemon writes its number here when it starts, and takes it away when it is stopped. */
const pid = '/run/docker.pid';

/** Asks Docker something only where it runs: systemd starts it for whoever knocks, and a question must not change anything. */
export const whereItRuns = (...argv: Argv): Argv => ['find', pid, '-exec', ...argv, ';'];

/** What the running daemon says of itself. */
export type Daemon = {readonly version: string; /** Where containers' output goes. */ readonly logs: string; /** Whether containers go on while it is restarted. */ readonly keeps: boolean; /** Whether it is part of a swarm. */ readonly swarm: boolean; /** How many containers run. */ readonly containers: number};

/** Whether containers would go on if it were restarted. Then it does not ask its list first again, and puts what it has lost in front of that (L, 26.1). */
export const isKeeping = (running: Daemon | undefined): boolean => running !== undefined && running.keeps && running.containers > 0;

const unreachable = /cannot connect to the docker daemon|no such file or directory/i;

/** The daemon; undefined where it does not run. */
export const daemon: Fact<Daemon | undefined> = {
	argv: whereItRuns('docker', 'info', '--format', '{{.ServerVersion}} {{.LoggingDriver}} {{.LiveRestoreEnabled}} {{.Swarm.LocalNodeState}} {{.ContainersRunning}}'),
	seconds: 10,
	parse({outcome, out, err}) {
		if (outcome !== 'ran') {
			throw new Unreadable(`Docker did not answer: ${outcome}`);
		}

		const [version = '', logs = '', keeps = '', swarm = '', containers = ''] = out.trim().split(' ');
		if (containers !== '') {
			return {
				version, logs, keeps: keeps === 'true', swarm: swarm !== 'inactive', containers: Number(containers),
			};
		}

		if (unreachable.test(err)) {
			return undefined;
		}

		throw new Unreadable(`Docker could not be asked: ${err.trim() || 'it said nothing'}`);
	},
};

/** Whether it asks the place for one's own rules over IPv6 as well, where it handles IPv6 at all. 20.10 does not (L), 26.1 does (L); what lies between was not tried. */
export const asksOverIpv6 = ({version}: Daemon): boolean => Number.parseInt(version, 10) >= 26;

/** A port that a running container shows: at `address`, which is one of the server's, or 0.0.0.0 or :: for all of them. */
export type Published = {readonly container: string; readonly family: Family; readonly address: string; readonly port: number; readonly protocol: string};

const range = (first: number, last: number): readonly number[] => Array.from({length: last - first + 1}, (_, index) => first + index);

/** `0.0.0.0:8080->80/tcp`, `:::8080->80/tcp`, `[::]:8080->80/tcp` or `127.0.0.1:8000-8002->80-82/udp`. What has no arrow is not published. */
const publishedIn = (container: string, text: string): readonly Published[] => {
	const [, where = '', first = '', last = first, protocol = ''] = /^(.+):(\d+)(?:-(\d+))?->[\d-]+\/(\w+)$/.exec(text) ?? [];
	const address = where.replaceAll(/[[\]]/g, '');
	return first === ''
		? []
		: range(Number(first), Number(last)).map(port => ({
			container, family: address.includes(':') ? 'v6' : 'v4', address, port, protocol,
		}));
};

/** Running containers, each with what it publishes in Docker's words; undefined where Docker does not run. */
export const runningContainers: Fact<ReadonlyArray<{readonly name: string; readonly ports: readonly string[]}> | undefined> = {
	argv: whereItRuns('docker', 'ps', '--format', '{{.Names}} {{.Ports}}'),
	seconds: 10,
	parse({outcome, code, out, err}) {
		if (outcome !== 'ran') {
			throw new Unreadable(`Docker did not say what it publishes: ${outcome}`);
		}

		if (out === '' && err !== '') {
			if (code !== 0) {
				return undefined;
			}

			throw new Unreadable(`Docker did not say what it publishes: ${err.trim()}`);
		}

		return out.split('\n').filter(Boolean).map(line => {
			const [name = '', ...ports] = line.split(/,? /);
			return {name, ports: ports.filter(Boolean)};
		});
	},
};

/** What running containers publish; undefined where Docker does not run. */
export const published: Fact<readonly Published[] | undefined> = {
	...runningContainers,
	parse: reading => runningContainers.parse(reading)?.flatMap(({name, ports}) => ports.flatMap(port => publishedIn(name, port))),
};

const loopback = /^(?:127\.|::1$)/;

/** Whether others than the server itself could ask for it, were there no firewall. */
export const isShown = ({address}: Published): boolean => !loopback.test(address);

export const settingsPath = '/etc/docker/daemon.json';
/** The daemon's settings, and whether they changed after it read them. */
export const daemonFile = file(settingsPath);
export const unread: Fact<boolean> = {
	argv: ['find', settingsPath, '-cnewer', pid],
	parse({outcome, out}) {
		if (outcome !== 'ran') {
			throw new Unreadable(`the age of Docker's settings could not be read: ${outcome}`);
		}

		return out.trim() !== '';
	},
};

type Settings = Readonly<Record<string, unknown>>;

/** daemon.json, read; a sentence where it cannot be. One that is empty or not there sets nothing. */
export const daemonSettingsIn = ({path, content = ''}: FileFact): Settings | string => {
	try {
		const settings = JSON.parse(content.trim() || '{}') as unknown;
		return typeof settings === 'object' && settings !== null && !Array.isArray(settings) ? settings as Settings : `${path} holds no object`;
	} catch (error) {
		const [, line] = /\bline (\d+)/.exec((error as Error).message) ?? [];
		return `${path} cannot be read${line === undefined ? '' : `: something is wrong in line ${line} or just before it`}, such as a comma too many or too few`;
	}
};

/** What can still be understood of a daemon.json that cannot be read: a comma too many or too few, a remark or a bracket that was not closed cost nothing. */
export const salvaged = ({content = ''}: FileFact): Settings => {
	const settings = parseTolerantly(content) as unknown;
	return typeof settings === 'object' && settings !== null && !Array.isArray(settings) ? settings as Settings : {};
};

/** daemon.json with settings added, indented as it was. */
export const withDaemonSettings = ({content = ''}: FileFact, settings: Settings, more: Settings): string =>
	`${JSON.stringify({...settings, ...more}, undefined, /^[ \t]+/m.exec(content)?.[0] ?? '  ')}\n`;
