/**
What a practice droplet is: one object of plain data, from which every answer comes.

Only what a real server has in several places is there in several places: what a file says, what a running service has loaded of it, and what the kernel holds are three things, because the gap between them is what people fall into.
*/
export type Level = 'ubuntu-14.04' | 'debian-13';

type Inode = {mode: number; uid: number; gid: number; /** Seconds since 1970, with fractions: no two changes at once. */ mtime: number};
export type Entry = Inode & ({type: 'file'; content: string} | {type: 'folder'} | {type: 'link'; to: string});

/** One line of sshd's configuration that was understood. `when`: the Match conditions that stand before it, all of which must hold. */
export type Directive = {keyword: string; values: string[]; when: Criterion[][]};
export type Criterion = {attribute: string; pattern: string};

export type Socket = {protocol: 'tcp' | 'udp'; family: 'v4' | 'v6'; address: string; port: number};

/**
A service the init system knows.

`lost`: it died, and upstart still says it runs (a bad sshd_config and a reload do that). `failed`: systemd's word for it.
*/
export type Service = {
	package: string;
	program: string;
	atBoot: boolean;
	state: 'running' | 'stopped' | 'lost' | 'failed' | 'exited';
	pid?: number;
	/** When systemd began to give up on it: for ten seconds it starts it for nobody. */
	failedAt?: number;
	/** What it listens on while it runs. sshd's come from its settings instead. */
	sockets: Socket[];
	/** What sshd read when it last started or reloaded. */
	loaded?: Directive[];
	/** Whether its override said `manual` when it last started: until it stops, upstart does not see what is written there. */
	manual?: boolean;
};

/** One table: chains with their rules, each as `iptables -S` prints it without `-A CHAIN`. */
export type Ruleset = {
	/** Whether anything ever touched it: `iptables-save` of nf_tables prints nothing before. */
	touched: boolean;
	/** Of the chains that are built in. */
	policies: Record<string, string>;
	chains: Record<string, string[]>;
};
/** The tables of one family. */
export type Netfilter = {filter: Ruleset; nat: Ruleset};

export type Piece = {stream: 'out' | 'err'; text: string; /** Milliseconds after the order began. */ at: number};

/** A file as it stood before an order changed it; its content is in `kept`, by hash. */
export type KeptFile = {path: string; sha256: string; mode: number; owner: string; uid?: number; gid?: number} | {path: string; sha256: 'absent'};

/** An order that was carried out. Its effect is there at once; its output and its end come by the clock, whoever is there to hear them. */
export type CarriedOut = {
	begunAt: number;
	endsAt: number;
	pieces: Piece[];
	outcome: 'ran' | 'refused' | 'no-such-command';
	code: number;
	kept: KeptFile[];
};

/** One order's way back, written down before the order is carried out. */
export type WayBack = {order: string; kept: KeptFile[]; undo: string[][]; /** Set where the undo is to run the command once more. */ again?: {argv: string[]; stdin: string}};

export type Guard = {
	id: string;
	seconds: number;
	/** When it fires unless it is confirmed. */
	until: number;
	bootId: string;
	/** The kernel's rules when it was armed. */
	rules: {v4: Netfilter; v6: Netfilter};
	/** Services that ran when it was armed, and the port of SSH where something listened on it. */
	running: string[];
	port?: number;
	waysBack: WayBack[];
	state: 'armed' | 'reverted';
	why?: 'time' | 'boot' | 'asked';
	/** What could not be put back. */
	amiss?: string[];
};

/** A network of containers. */
export type DockerNetwork = {
	id: string;
	name: string;
	bridge: string;
	/** Such as `172.18.0.0/16`. */
	range: string;
	internal: boolean;
	/** Whether what it sends is to leave under the server's address, where Docker writes rules. */
	masks: boolean;
	/** The number of its bridge among the interfaces, while the kernel has it. */
	link?: number;
};

/** A port that a container shows: on one of the server's addresses, or on all of them, over IPv4 and IPv6 (`0.0.0.0`). */
export type Shown = {protocol: Socket['protocol']; address: string; port: number; inside: number};

export type Container = {
	id: string;
	name: string;
	image: string;
	/** As `docker ps` shows it, uncut. */
	command: string;
	/** The ports on which its program listens while it runs. */
	listens: number[];
	/** By name. */
	network: string;
	/** While it runs. */
	address?: string;
	shown: Shown[];
	restart: 'no' | 'always' | 'unless-stopped' | 'on-failure';
	/** Whether it is removed once it has ended. */
	passing: boolean;
	state: 'created' | 'running' | 'exited';
	/** Whether somebody stopped it: `unless-stopped` goes by that. */
	stopped: boolean;
	code: number;
	/** The processes that take in what comes for its ports, in their order. */
	proxies: number[];
	createdAt: number;
	/** When it last began or ended. */
	changedAt: number;
};

/** What Docker's daemon goes by: what it read when it started. `filters`: whether it writes rules for the packet filter; it does unless told not to. */
export type DaemonSettings = {readonly keeps: boolean; readonly logs: string; readonly filters?: boolean};

/** Docker, where it was ever installed. */
export type Docker = {
	/** Undefined where it did not start yet in this run of the machine. */
	settings?: DaemonSettings;
	/** When systemd started it of late. */
	starts: number[];
	/** Images that it fetched. */
	images: string[];
	networks: DockerNetwork[];
	containers: Container[];
};

export type Droplet = {
	format: 2;
	level: Level;
	hostname: string;
	files: Record<string, Entry>;
	/** Installed packages and their versions. */
	packages: Record<string, string>;
	/** Removed packages whose settings are still there. */
	removed: Record<string, string>;
	/** Packages that dpkg was cut off in: unpacked, not configured. */
	unpacked?: string[];
	services: Record<string, Service>;
	netfilter: {v4: Netfilter; v6: Netfilter};
	/** Rules of the older kind that the kernel asks as well, where somebody made some by iptables-legacy. */
	legacy?: {v4: Netfilter; v6: Netfilter};
	forwarding: boolean;
	boot: {id: string; /** When it could be reached; ahead while it is starting. */ at: number; count: number};
	nextPid: number;
	memoryMiB: number;
	/** Undefined: the droplet has no address of that family. */
	addresses: {v4: string | undefined; v6: string | undefined};
	hostKeys: string[];
	docker?: Docker;
	guard: Guard | undefined;
	/** The guard that was confirmed last. */
	confirmed: string | undefined;
	lease: {token: string; holder: string; until: number} | undefined;
	orders: Record<string, CarriedOut>;
	kept: Record<string, string>;
};

/** The droplet at a moment: what commands work on. */
export type Machine = {droplet: Droplet; /** Milliseconds since 1970. */ now: number};

/** A question or command that the model does not cover. Never an answer: a gap must not look like a server's word. */
export class NotModelled extends Error {
	override readonly name = 'NotModelled';
	/** `instead`: a sentence for who types it, on what would do. */
	constructor(what: string, readonly instead?: string) {
		super(`The practice droplet does not know ${what}. This is a gap in the model, not an answer.`);
	}
}
