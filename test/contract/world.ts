/**
What a scenario needs of a droplet, be it the practice droplet or a real one: the two must answer alike.
*/
import type {Login, Server} from '../../source/server/server.js';
import type {Argv, KeyInHand} from '../../source/step.js';
import type {Ways} from './ways.js';

/** A file or folder as it stands: `MODE OWNER:GROUP` and, of a file, its content. */
export type Entry = {readonly is: string; readonly content: string | undefined};

/** How containers are had on a droplet. */
export type Containers = {
	/** Makes sure that there is something to run. */
	prepare(): Promise<void>;
	/** What stands behind the options of `docker run` for a container that listens on its port 80. */
	readonly web: readonly string[];
	/** Whether a container gets through to an address or a name, and a port. */
	getsThrough(container: string, host: string, port: number): Promise<boolean>;
	/** Something outside that answers. */
	readonly outside: {readonly host: string; readonly port: number};
};

export interface World {
	readonly name: string;
	/** How things are done on its system that are done otherwise elsewhere. */
	readonly ways: Ways;
	/** Ports besides SSH's on which something listens for everybody. */
	readonly listens: readonly number[];
	/** By which recipe Docker is put behind the firewall there; the step's own choice where it is left out. */
	readonly recipe?: 'docker-user' | 'iptables-off';
	/** How one logs in to the fresh droplet. */
	readonly root: Login;
	/** How the admin will log in. */
	readonly admin: Login;
	readonly key: KeyInHand;
	readonly containers: Containers;
	open(login: Login): Promise<Server>;
	/** Does something as root behind the program's back, and fails where it fails. */
	do(argv: Argv, stdin?: string): Promise<string>;
	/** Lets sshd read its settings again, and resolves when it has. */
	reloadSsh(): Promise<void>;
	/** A file's content, read behind the program's back; undefined where there is none. */
	read(path: string): Promise<string | undefined>;
	/** Writes a file behind the program's back. One that is there keeps its mode and owner where no mode is given. */
	write(path: string, content: string, mode?: number): Promise<void>;
	/** An older version of an installed package is put in place of the newest, as if a newer one had just come out. */
	fallsBehind(): Promise<void>;
	/** dpkg is cut off between unpacking a package and setting it up. */
	cutsInstallingOff(): Promise<void>;
	/** cloud-init has begun, and ends once somebody waits for it. */
	startsFirstBoot(): Promise<void>;
	/** All that is under `watched`, by path. */
	entries(): Promise<ReadonlyMap<string, Entry>>;
	close(): Promise<void>;
}

/** Who the scenarios set up. */
export const adminName = 'ada';

/** Files and folders that no mend may leave otherwise than they were. */
export const watched = ['/etc/ssh', '/etc/ufw', '/lib/ufw', '/etc/default/ufw', '/etc/init/ufw.override', '/etc/docker', '/etc/sudoers.d', '/etc/passwd', '/etc/group', `/home/${adminName}`];
/** Of these not what the tools themselves leave behind: ufw's dated copies and account tools' backups. */
export const unwatched = /\.\d{8}_\d{6}$|^\/(?:usr\/)?lib\/ufw\/(?!user6?\.rules$)|\.py[co]?$/;

/** Changes a file behind the program's back. */
export const edits = (path: string, change: (was: string) => string) => async (world: World): Promise<void> =>
	world.write(path, change(await world.read(path) ?? ''));
