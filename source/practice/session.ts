import {randomUUID} from 'node:crypto';
import {ConnectionLost} from '../server/errors.js';
import type {
	Login,
	Order,
	Outcome,
	Output,
	Server,
	Standing,
} from '../server/server.js';
import type {Dialled, Question, Reading} from '../step.js';
import {answer, idFile, standing} from './answers.js';
import {dialPort, logIn, type Place} from './connect.js';
import {
	contentOf,
	isFolder,
	makeFolder,
	writeFile,
} from './files.js';
import {revert} from './guard.js';
import {methodsOffered} from './log-in.js';
import {
	begin,
	keptOf,
	renewLease,
	takeLease,
} from './orders.js';
import type {Moment} from './state.js';
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

const renewEvery = 5000;

/** One connection to the practice droplet. */
class Session implements Server {
	readonly #around: Surroundings;
	readonly #run: Run;
	readonly #bootId: string;
	readonly #connection: string;
	#renewing: NodeJS.Timeout | undefined;
	#closed = false;

	readonly me: Server['me'];
	readonly hostKeys: readonly string[];

	constructor(around: Surroundings, login: Login, run: Run, root: Server['me']['root'], {droplet}: Moment) {
		this.#around = around;
		this.#run = run;
		this.#bootId = droplet.boot.id;
		const {from, sshPort} = around.place;
		const address = droplet.addresses.v4 ?? droplet.addresses.v6!;
		this.#connection = `${address.includes(':') ? from.v6 : from.v4} 52022 ${address} ${sshPort}`;
		this.me = {
			user: login.user, address, sshPort, root,
		};
		this.hostKeys = droplet.hostKeys;
	}

	/** A connection ends with the start of the machine it was made in. */
	#asRoot<T>(what: (moment: Moment) => T): T {
		return this.#around.store.access(moment => {
			if (this.#closed || moment.droplet.boot.id !== this.#bootId) {
				throw new ConnectionLost(`The connection to ${this.me.address} was lost`);
			}

			return what(moment);
		});
	}

	/** The droplet lets the lease lapse unless it hears from us. */
	#renew(): void {
		this.#renewing ??= setInterval(() => {
			if (!this.#closed) {
				this.#around.store.access(moment => renewLease(moment, this.#run.token));
			}
		}, renewEvery).unref();
	}

	get practice(): true {
		return true;
	}

	async look(questions: readonly Question[]): Promise<readonly Reading[]> {
		return this.#asRoot(moment => questions.map(question => answer(moment, question, this.#connection)));
	}

	async standing(): Promise<Standing> {
		return this.#asRoot(moment => standing(moment));
	}

	async introduce(): Promise<string> {
		return this.#asRoot(moment => {
			if (contentOf(moment, idFile) === undefined) {
				if (!isFolder(moment.droplet, '/var/lib/dropwise')) {
					makeFolder(moment, '/var/lib/dropwise');
				}

				writeFile(moment, idFile, `${randomUUID()}\n`);
			}

			return contentOf(moment, idFile)!.trim();
		});
	}

	async lock(holder: string): Promise<boolean> {
		const taken = this.#asRoot(moment => takeLease(moment, this.#run.token, holder));
		if (taken) {
			this.#renew();
		}

		return taken;
	}

	async unlock(): Promise<void> {
		clearInterval(this.#renewing);
		this.#renewing = undefined;
		this.#asRoot(({droplet}) => {
			if (droplet.lease?.token === this.#run.token) {
				droplet.lease = undefined;
			}
		});
	}

	async act(order: Order, hear: (output: Output) => void): Promise<Outcome> {
		this.#asRoot(moment => {
			begin(moment, order, {run: this.#run, pace: this.#around.pace, connection: this.#connection});
		});
		this.#renew();
		return (await this.follow(order.id, hear))!;
	}

	async follow(id: string, hear: (output: Output) => void): Promise<Outcome | undefined> {
		let heard = 0;
		for (;;) {
			const {order, now} = this.#asRoot(({droplet, now}) => ({order: droplet.orders[id], now}));
			if (!order) {
				return undefined;
			}

			const due = order.pieces.slice(heard).filter(({at}) => order.begunAt + at <= now || order.endsAt <= now);
			for (const {stream, text} of due) {
				hear({stream, text});
			}

			heard += due.length;
			if (order.endsAt <= now) {
				const all = (stream: 'out' | 'err') => order.pieces.filter(piece => piece.stream === stream).map(({text}) => text).join('');
				return {
					outcome: order.outcome, code: order.code, out: all('out'), err: all('err'), kept: keptOf(order.kept),
				};
			}

			const next = order.pieces[heard];
			await this.#around.clock.wait(Math.max(1, (next ? order.begunAt + next.at : order.endsAt) - now));
		}
	}

	async arm(id: string, seconds: number): Promise<void> {
		this.#asRoot(moment => {
			const {droplet, now} = moment;
			if (!renewLease(moment, this.#run.token)) {
				throw new Error('The guard could not be armed: Another run of dropwise holds this server now.');
			}

			if (droplet.guard?.state === 'armed' && droplet.guard.id !== id) {
				throw new Error('The guard could not be armed: Another guard is armed on this server.');
			}

			const until = now + (seconds * 1000);
			droplet.guard = droplet.guard?.state === 'armed'
				? {...droplet.guard, until}
				: {
					id, seconds, until, bootId: droplet.boot.id, rules: structuredClone(droplet.netfilter), waysBack: [], state: 'armed',
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

	async revert(id: string): Promise<void> {
		this.#run.guard = undefined;
		this.#asRoot(moment => {
			const {guard} = moment.droplet;
			if (guard?.id !== id) {
				throw new Error('Nothing was reverted: No such guard is armed.');
			}

			if (guard.state === 'armed') {
				revert(moment, 'asked');
			}
		});
	}

	async connectAgain(login: Login): Promise<Server> {
		return openSession(this.#around, login, this.#run);
	}

	async dial(address: string, port: number, milliseconds: number): Promise<Dialled> {
		const dialled = this.#around.store.access(moment => dialPort(moment, this.#around.place, address, port));
		if (dialled === 'silent' && this.#around.pace > 0) {
			await this.#around.clock.wait(Math.min(milliseconds, 600));
		}

		return dialled;
	}

	async logInMethods(user: string): Promise<readonly string[] | undefined> {
		const {place, store} = this.#around;
		return store.access(moment => dialPort(moment, place, this.me.address, place.sshPort) === 'open' ? methodsOffered(moment.droplet, user, place.from.v4) : undefined);
	}

	async close(): Promise<void> {
		clearInterval(this.#renewing);
		this.#closed = true;
	}
}

export const openSession = async (around: Surroundings, login: Login, run?: Run): Promise<Server> => {
	const held = login.identity === undefined ? [] : await around.keysOf(login.identity);
	// Of an agent's keys only the one named is shown to the server.
	const keys = login.publicKey === undefined ? held : held.filter(key => key.startsWith(login.publicKey!));
	return around.store.access(moment => new Session(around, login, run ?? {token: randomUUID(), guard: undefined}, logIn(moment, around.place, login, keys), moment));
};

