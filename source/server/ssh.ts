/** A real server, over SSH. */
import {randomUUID} from 'node:crypto';
import {
	type Dialled,
	type Question,
	type Reading,
} from '../step.js';
import {readAmiss, readStanding} from './answers.js';
import type {Carrier} from './carrier.js';
import {clean} from './clean.js';
import {connect, type Connection, type SshTarget} from './connection.js';
import {dial} from './dial.js';
import {revertProgram} from './program.js';
import {
	actRequest,
	armRequest,
	followRequest,
	lockRequest,
	renewRequest,
	simpleRequest,
} from './requests.js';
import type {
	Login,
	Order,
	Outcome,
	Output,
	Server,
	Standing,
} from './server.js';

export type {Trust, Wait} from './log-in.js';

export type {SshTarget} from './connection.js';

/** What belongs to a run, not to one connection: who holds the lease, and which guard it armed. */
type Run = {readonly token: string; guard: string | undefined};

const renewEvery = 5000;

class SshServer implements Server {
	readonly practice = false;
	readonly #run: Run;
	#connection: Connection;
	#renewing: NodeJS.Timeout | undefined;

	constructor(connection: Connection, run: Run) {
		this.#connection = connection;
		this.#run = run;
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

	get #carrier(): Carrier {
		return this.#connection.carrier;
	}

	async look(questions: readonly Question[]): Promise<readonly Reading[]> {
		return this.#carrier.look(questions);
	}

	async standing(): Promise<Standing> {
		return readStanding((await this.#carrier.ask(simpleRequest('standing'))).bytes.toString());
	}

	async introduce(): Promise<string> {
		return (await this.#carrier.ask(simpleRequest('introduce'))).bytes.toString();
	}

	async lock(holder: string): Promise<boolean> {
		const {name} = await this.#carrier.ask(lockRequest(this.#run.token, holder));
		if (name !== 'yes') {
			return false;
		}

		this.#renew();
		return true;
	}

	async unlock(): Promise<void> {
		this.#stopRenewing();
		await this.#carrier.ask(simpleRequest('unlock', this.#run.token));
	}

	async act(order: Order, hear: (output: Output) => void): Promise<Outcome> {
		this.#renew();
		const outcome = await this.#carrier.hearOrder(actRequest(order, this.#run.token, this.#run.guard), hear);
		return outcome!;
	}

	async follow(id: string, hear: (output: Output) => void): Promise<Outcome | undefined> {
		return this.#carrier.hearOrder(followRequest(id), hear);
	}

	async arm(id: string, seconds: number, port = this.me.sshPort): Promise<void> {
		const {name, bytes} = await this.#carrier.ask(armRequest(id, this.#run.token, seconds, port, revertProgram()));
		if (name !== 'yes') {
			throw new Error(`The guard could not be armed: ${clean(bytes.toString())}`);
		}

		this.#run.guard = id;
	}

	async confirm(id: string): Promise<boolean> {
		const {name} = await this.#carrier.ask(simpleRequest('confirm', id));
		this.#run.guard = undefined;
		return name === 'yes';
	}

	async revert(id: string): Promise<readonly string[]> {
		const {name, bytes} = await this.#carrier.ask(simpleRequest('revert', id));
		this.#run.guard = undefined;
		if (name !== 'yes') {
			throw new Error(`Nothing was reverted: ${clean(bytes.toString())}`);
		}

		return readAmiss(bytes.toString().split('\n'));
	}

	async connectAgain(login: Login): Promise<Server> {
		return new SshServer(await this.#connectAs(login), this.#run);
	}

	async reconnect(login: Login): Promise<void> {
		const before = this.#connection;
		this.#connection = await this.#connectAs(login);
		this.#stopRenewing();
		void before.close();
	}

	async dial(address: string, port: number, milliseconds: number): Promise<Dialled> {
		return dial(address, port, milliseconds);
	}

	async close(): Promise<void> {
		this.#stopRenewing();
		await this.#connection.close();
	}

	async #connectAs(login: Login): Promise<Connection> {
		const {target, hostKeys} = this.#connection;
		return connect({...target, login, trust: fingerprint => hostKeys.includes(fingerprint)});
	}

	/** The server lets the lease lapse unless it hears from us. */
	#renew(): void {
		this.#renewing ??= setInterval(() => {
			this.#carrier.tell(renewRequest(this.#run.token));
		}, renewEvery).unref();
	}

	#stopRenewing(): void {
		clearInterval(this.#renewing);
		this.#renewing = undefined;
	}
}

/** Connects, logs in and becomes root: as much as `ssh host true` costs. Rejects with a `ConnectError` of one sentence. */
export const connectSsh = async (target: SshTarget): Promise<Server> => new SshServer(await connect(target), {token: randomUUID(), guard: undefined});
