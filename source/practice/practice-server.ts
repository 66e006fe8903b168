import {randomUUID} from 'node:crypto';
import {ConnectionLost} from '../server/connect-error.js';
import type {
	Login,
	Order,
	Outcome,
	OutputChunk,
	Server,
	ServerStatus,
} from '../server/server.js';
import type {Dialled, Question, Reading} from '../step.js';
import {listens, runningServices} from './revert-check.js';
import {answers, idFile, secondsUntil, statusOf} from './replies.js';
import {dialPort, logIn, type Place} from './reach.js';
import {
	contentOf,
	isFolder,
	makeFolder,
	writeFile,
} from './file-tree.js';
import {carryOutRevert} from './guard.js';
import {
	begin,
	keptOf,
	renewLease,
	takeLease,
} from './orders.js';
import type {Machine} from './state.js';
import type {Store} from './store.js';

/** A clock that can be moved in tests. `wait` must end when `now` has come so far. */
export type Clock = {readonly now: () => number; readonly wait: (milliseconds: number) => Promise<void>};

export type Surroundings = {
	readonly store: Store;
	readonly clock: Clock;
	readonly pace: number;
	readonly place: Place;
	/** The public keys behind an identity: a key file's one, or all of an agent's. */
	readonly keysOf: (identity: string) => Promise<readonly string[]>;
};

/** What belongs to a run of the program, not to one connection. */
type Run = {readonly token: string; guard: string | undefined};

const renewEveryMs = 5000;

/** One connection to the practice droplet: logged in as root or by sudo, in one run of the machine. */
type Connection = {readonly me: Server['me']; readonly hostKeys: readonly string[]; readonly offered: readonly string[]; readonly bootId: string};

const connect = async ({keysOf, store, place}: Surroundings, login: Login): Promise<Connection> => {
	const held = login.identity === undefined ? [] : await keysOf(login.identity);
	// Of an agent's keys only the one named is shown to the server.
	const keys = login.publicKey === undefined ? held : held.filter(key => key.startsWith(login.publicKey!));
	return store.access(machine => {
		const {addresses, boot, hostKeys} = machine.droplet;
		const {root, offered} = logIn(machine, place, login, keys);
		return {
			me: {
				user: login.user, address: addresses.v4 ?? addresses.v6!, sshPort: place.sshPort, root,
			},
			hostKeys,
			offered,
			bootId: boot.id,
		};
	});
};

class Session implements Server {
	readonly #around: Surroundings;
	readonly #run: Run;
	#connection: Connection;
	#renewing: NodeJS.Timeout | undefined;
	#closed = false;

	constructor(around: Surroundings, run: Run, connection: Connection) {
		this.#around = around;
		this.#run = run;
		this.#connection = connection;
	}

	get me(): Server['me'] {
		return this.#connection.me;
	}

	get hostKeys(): readonly string[] {
		return this.#connection.hostKeys;
	}

	get offered(): readonly string[] {
		return this.#connection.offered;
	}

	/** As the server has it in SSH_CONNECTION. */
	get #from(): string {
		const {from} = this.#around.place;
		const {address, sshPort} = this.me;
		return `${address.includes(':') ? from.v6 : from.v4} 52022 ${address} ${sshPort}`;
	}

	/** A connection ends with the start of the machine it was made in. */
	#asRoot<T>(what: (machine: Machine) => T): T {
		return this.#around.store.access(machine => {
			if (this.#closed || machine.droplet.boot.id !== this.#connection.bootId) {
				throw new ConnectionLost(`The connection to ${this.me.address} was lost`);
			}

			return what(machine);
		});
	}

	/** The droplet lets the lease lapse unless it hears from us. */
	#renew(): void {
		this.#renewing ??= setInterval(() => {
			if (!this.#closed) {
				this.#around.store.access(machine => renewLease(machine, this.#run.token));
			}
		}, renewEveryMs).unref();
	}

	get practice(): true {
		return true;
	}

	async look(questions: readonly Question[]): Promise<readonly Reading[]> {
		return this.#asRoot(machine => answers(machine, questions, this.#from));
	}

	async status(): Promise<ServerStatus> {
		return this.#asRoot(machine => statusOf(machine));
	}

	async assignId(): Promise<string> {
		return this.#asRoot(machine => {
			if (contentOf(machine, idFile) === undefined) {
				if (!isFolder(machine.droplet, '/var/lib/dropwise')) {
					makeFolder(machine, '/var/lib/dropwise');
				}

				writeFile(machine, idFile, `${randomUUID()}\n`);
			}

			return contentOf(machine, idFile)!.trim();
		});
	}

	async lock(holder: string): Promise<boolean> {
		const taken = this.#asRoot(machine => takeLease(machine, this.#run.token, holder));
		if (taken) {
			this.#renew();
		}

		return taken;
	}

	async unlock(): Promise<void> {
		this.#stopRenewing();
		this.#asRoot(({droplet}) => {
			if (droplet.lease?.token === this.#run.token) {
				droplet.lease = undefined;
			}
		});
	}

	async act(order: Order, onOutput: (output: OutputChunk) => void): Promise<Outcome> {
		this.#asRoot(machine => {
			begin(machine, order, {run: this.#run, pace: this.#around.pace, connection: this.#from});
		});
		this.#renew();
		return (await this.attach(order.id, onOutput))!;
	}

	async attach(id: string, onOutput: (output: OutputChunk) => void): Promise<Outcome | undefined> {
		let heard = 0;
		for (;;) {
			const {order, guard, now} = this.#asRoot(({droplet, now}) => ({order: droplet.orders[id], guard: droplet.guard, now}));
			if (!order) {
				return undefined;
			}

			const due = order.pieces.slice(heard).filter(({at}) => order.begunAt + at <= now || order.endsAt <= now);
			for (const {stream, text} of due) {
				onOutput({stream, text});
			}

			heard += due.length;
			if (order.endsAt <= now) {
				const all = (stream: 'out' | 'err') => order.pieces.filter(piece => piece.stream === stream).map(({text}) => text).join('');
				return {
					outcome: order.outcome, code: order.code, out: all('out'), err: all('err'), kept: keptOf(order.kept), ...(guard?.state === 'armed' ? {secondsLeft: secondsUntil(guard.until, now)} : {}),
				};
			}

			const next = order.pieces[heard];
			await this.#around.clock.wait(Math.max(1, (next ? order.begunAt + next.at : order.endsAt) - now));
		}
	}

	async arm(id: string, seconds: number, port = this.me.sshPort): Promise<void> {
		this.#asRoot(machine => {
			const {droplet, now} = machine;
			if (!renewLease(machine, this.#run.token)) {
				throw new Error('The guard could not be armed: Another run of dropwise holds this server now.');
			}

			if (droplet.guard?.state === 'armed' && droplet.guard.id !== id) {
				throw new Error('The guard could not be armed: Another guard is armed on this server.');
			}

			const until = now + (seconds * 1000);
			droplet.guard = droplet.guard?.state === 'armed'
				? {...droplet.guard, until}
				: {
					id, seconds, until, bootId: droplet.boot.id, rules: structuredClone(droplet.netfilter), running: runningServices(droplet), ...(listens(droplet, port) && {port}), waysBack: [], state: 'armed',
				};
		});
		this.#run.guard = id;
	}

	async confirm(id: string): Promise<boolean> {
		const confirmed = this.#asRoot(({droplet}) => {
			if (droplet.guard?.state === 'armed' && droplet.guard.id === id) {
				droplet.guard = undefined;
				droplet.confirmed = id;
			}

			return droplet.confirmed === id;
		});
		this.#run.guard = undefined;
		return confirmed;
	}

	async revert(id: string): Promise<readonly string[]> {
		this.#run.guard = undefined;
		return this.#asRoot(machine => {
			const {guard} = machine.droplet;
			if (guard?.id !== id) {
				throw new Error('Nothing was reverted: No such guard is armed.');
			}

			if (guard.state === 'armed') {
				carryOutRevert(machine, 'asked');
			}

			return guard.amiss ?? [];
		});
	}

	async connectAgain(login: Login): Promise<Server> {
		return openSession(this.#around, login, this.#run);
	}

	async reconnect(login: Login): Promise<void> {
		this.#connection = await connect(this.#around, login);
		this.#stopRenewing();
	}

	async dial(address: string, port: number, milliseconds: number): Promise<Dialled> {
		const dialled = this.#around.store.access(machine => dialPort(machine, this.#around.place, address, port));
		if (dialled === 'silent' && this.#around.pace > 0) {
			await this.#around.clock.wait(Math.min(milliseconds, 600));
		}

		return dialled;
	}

	async close(): Promise<void> {
		this.#stopRenewing();
		this.#closed = true;
	}

	#stopRenewing(): void {
		clearInterval(this.#renewing);
		this.#renewing = undefined;
	}
}

export const openSession = async (around: Surroundings, login: Login, run?: Run): Promise<Server> =>
	new Session(around, run ?? {token: randomUUID(), guard: undefined}, await connect(around, login));
