import {type Result, must} from './command.js';
import {type ExecOptions, execInside} from './inside.js';
import {
	address6Of,
	addressOf,
	type Plug,
	setPlug,
} from './network.js';
import {folderOf} from './paths.js';
import {
	end,
	isAlive,
	signal,
	until,
} from './processes.js';
import {
	type Kind,
	type DropletRecord,
	type Release,
	readPlug,
	readRecord,
	readState,
	writePlug,
} from './record.js';
import {sshAnswers} from './ssh-answers.js';
import {takeDown} from './take-down.js';

/** How long a boot may take, in seconds, until SSH answers. */
export const bootSeconds = {container: 60, vm: 900, neighbour: 10};

/** What a boot is waited for: `ssh` to answer from the gateway, or, where that cannot be, `booted`: systemd to have started everything. */
export type Awaited = {until?: 'ssh' | 'booted'};

/** A real droplet, and the hands on its power button, its network plug and its disk. Any process may hold one. */
export class Droplet {
	readonly #record: DropletRecord;
	readonly name: string;
	readonly kind: Kind;
	readonly release: Release;
	readonly address: string;
	readonly address6: string;
	readonly port: number;
	readonly rootPassword: string;
	/** The private key made for this droplet, beside its `.pub`. Root has it only where that was asked for. */
	readonly keyFile: string;
	/** Its file system seen from the host, to sabotage what it cannot stop. Empty for a virtual machine. `/run`, `/tmp` and Docker's folders are not in it: use `read`. */
	readonly rootDirectory: string;
	constructor(record: DropletRecord) {
		const files = folderOf(record.name);
		this.#record = record;
		this.name = record.name;
		this.kind = record.kind;
		this.release = record.release;
		this.port = 22;
		this.address = addressOf(record.number);
		this.address6 = address6Of(record.number);
		this.rootPassword = record.rootPassword;
		this.keyFile = files.key;
		this.rootDirectory = record.kind === 'container' ? files.root : '';
	}

	/** Runs a command inside without SSH, so that it works when nobody can log in any more. Any exit code resolves. */
	async exec(argv: readonly string[], options?: ExecOptions): Promise<Result> {
		return execInside(this.#record, argv, options);
	}

	/** As `exec`, but rejects when the code is not 0. Resolves to the output. */
	async must(argv: readonly string[], options?: ExecOptions): Promise<string> {
		const {code, out, err} = await this.exec(argv, options);
		if (code !== 0) {
			throw new Error(`in ${this.name}, ${argv.join(' ')} ended with ${code}: ${err.trim() || out.trim()}`);
		}

		return out;
	}

	/** Writes a file inside, and the folders above it. `mode` as in chmod, like '0600'. */
	async write(path: string, text: string, mode?: string): Promise<void> {
		await this.must(['mkdir', '-p', path.replace(/\/[^\/]*$/v, '') || '/']);
		await this.must(['tee', path], {input: text});
		if (mode !== undefined) {
			await this.must(['chmod', mode, path]);
		}
	}

	/** A file's text. Rejects where there is none. */
	async read(path: string): Promise<string> {
		return this.must(['cat', path]);
	}

	/** SHA256 fingerprints of its host keys by type, as `ssh-keygen -l` and OpenSSH show them. */
	async fingerprints(): Promise<Record<string, string>> {
		const all: Record<string, string> = {};
		for (const type of ['ed25519', 'ecdsa', 'rsa']) {
			const publicKey = await this.read(`/etc/ssh/ssh_host_${type}_key.pub`);
			const line = await must(['ssh-keygen', '-l', '-E', 'sha256', '-f', '-'], {input: publicKey});
			all[type] = line.split(' ')[1] ?? '';
		}

		return all;
	}

	/** Reboots cleanly: the disk stays, the kernel's firewall rules and all processes go. */
	async reboot(awaited?: Awaited): Promise<void> {
		const before = await this.#bootId();
		// The machine may be gone before it has told what became of the command; whether it boots is seen below.
		await this.exec(['systemctl', 'reboot']).catch(() => undefined);
		await until(async () => {
			const now = await this.#bootId();
			return now !== undefined && now !== before;
		}, bootSeconds[this.kind], `${this.name} to reboot`);
		await this.#answers(awaited);
	}

	/** Cuts the power: every process is gone at once. What was written and not yet synced to the disk is not lost here, as it may be on a real one. */
	async cut(): Promise<void> {
		const state = await readState(this.name);
		await end(state?.init);
		await until(async () => !(await this.isOn()), 20, `${this.name} to lose its power`);
	}

	/** Switches it on after `cut` or a shutdown. */
	async start(awaited?: Awaited): Promise<void> {
		const state = await readState(this.name);
		if (!await isAlive(state?.keeper)) {
			throw new Error(`nobody keeps ${this.name} any more; take it down`);
		}

		// The keeper does not listen before it has noticed that the machine is off.
		await until(async () => await this.isOn() || (await readState(this.name))?.machine === undefined, 20, `the keeper of ${this.name} to notice that it is off`);
		await signal(state?.keeper, 'SIGUSR2');
		await until(async () => await this.#bootId() !== undefined, bootSeconds[this.kind], `${this.name} to start`);
		await this.#answers(awaited);
	}

	/** Whether its power is on. */
	async isOn(): Promise<boolean> {
		const state = await readState(this.name);
		return state?.machine !== undefined && isAlive(state.machine);
	}

	/** Cuts its network, v4 and v6, without its noticing; it stays cut over reboots. */
	async unplug(): Promise<void> {
		await this.#plug({plugged: false});
	}

	async plug(): Promise<void> {
		await this.#plug({plugged: true});
	}

	/** Takes IPv6 away between it and everybody else; it keeps its v6 address and does not notice. */
	async withoutIpv6(): Promise<void> {
		await this.#plug({ipv6: false});
	}

	async withIpv6(): Promise<void> {
		await this.#plug({ipv6: true});
	}

	/** Takes it down and leaves nothing of it. */
	async down(): Promise<void> {
		const state = await readState(this.name);
		await end(state?.keeper, 'SIGTERM');
		// A keeper that was killed, or had no time yet to listen, leaves it to us.
		if (await readRecord(this.name)) {
			await takeDown(this.name);
		}
	}

	toJSON() {
		const {name, kind, release, address, address6, port, rootPassword, keyFile, rootDirectory} = this;
		return {
			name, kind, release, address, address6, port, rootPassword, keyFile, rootDirectory,
		};
	}

	/** Resolves when it answers as `awaited` says. */
	async #answers({until: what = 'ssh'}: Awaited = {}): Promise<void> {
		const seconds = bootSeconds[this.kind];
		if (what === 'ssh') {
			await sshAnswers(this.address, seconds, this.port);
			return;
		}

		// Not its own --wait, which fails at once while systemd is not yet there to be asked.
		await until(async () => {
			const {out} = await this.exec(['systemctl', 'is-system-running']);
			return /^(?:running|degraded)$/mv.test(out);
		}, seconds, `${this.name} to start everything`);
	}

	/** Changes with every boot; undefined while there is nothing to ask. */
	async #bootId(): Promise<string | undefined> {
		const state = await readState(this.name);
		if (!await isAlive(state?.init)) {
			return undefined;
		}

		// A command started in a container that is ending can hang for seconds: ask its keeper instead.
		if (this.kind !== 'vm') {
			return String(state?.boots);
		}

		try {
			const {code, out} = await this.exec(['cat', '/proc/sys/kernel/random/boot_id'], {seconds: 5});
			return code === 0 ? out.trim() : undefined;
		} catch {
			return undefined;
		}
	}

	async #plug(change: Partial<Plug>): Promise<void> {
		const next = {...await readPlug(this.name), ...change};
		await writePlug(this.name, next);
		await setPlug(this.#record.number, next);
	}
}

/** A neighbour's place on the network. */
export type Neighbour = Pick<Droplet, 'name' | 'address' | 'address6' | 'exec' | 'must' | 'down'>;

