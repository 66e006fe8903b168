/** A real server, over SSH. */
import {randomUUID} from 'node:crypto';
import {
	type Dialled,
	type Question,
	type Reading,
} from '../step.js';
import {readAmiss, readStatus} from './replies.js';
import type {Carrier} from './carrier.js';
import {oneLine} from './one-line.js';
import {connect, type SshConnection, type ConnectionTarget} from './ssh-connection.js';
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
	OutputChunk,
	Server,
	ServerStatus,
} from './server.js';

export type {Trust, Wait} from './log-in.js';

export type {ConnectionTarget} from './ssh-connection.js';

/** What belongs to a run, not to one connection: who holds the lease, and which guard it armed. */
type Run = {readonly token: string; guard: string | undefined};

const renewEveryMs = 5000;

class SshServer implements Server {
	readonly practice = false;
	readonly #run: Run;
	#connection: SshConnection;
	#renewing: NodeJS.Timeout | undefined;

	constructor(connection: SshConnection, run: Run) {
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

	async status(): Promise<ServerStatus> {
		return readStatus((await this.#carrier.ask(simpleRequest('status'))).bytes.toString());
	}

	async assignId(): Promise<string> {
		return (await this.#carrier.ask(simpleRequest('assign-id'))).bytes.toString();
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

	async act(order: Order, onOutput: (output: OutputChunk) => void): Promise<Outcome> {
		this.#renew();
		const outcome = await this.#carrier.runOrder(actRequest(order, this.#run.token, this.#run.guard), onOutput);
		return outcome!;
	}

	async attach(id: string, onOutput: (output: OutputChunk) => void): Promise<Outcome | undefined> {
		return this.#carrier.runOrder(followRequest(id), onOutput);
	}

	async arm(id: string, seconds: number, port = this.me.sshPort): Promise<void> {
		const {name, bytes} = await this.#carrier.ask(armRequest(id, this.#run.token, seconds, port, revertProgram()));
		if (name !== 'yes') {
			throw new Error(`The guard could not be armed: ${oneLine(bytes.toString())}`);
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
			throw new Error(`Nothing was reverted: ${oneLine(bytes.toString())}`);
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

	async #connectAs(login: Login): Promise<SshConnection> {
		const {target, hostKeys} = this.#connection;
		return connect({...target, login, trust: fingerprint => hostKeys.includes(fingerprint)});
	}

	/** The server lets the lease lapse unless it hears from us. */
	#renew(): void {
		this.#renewing ??= setInterval(() => {
			this.#carrier.send(renewRequest(this.#run.token));
		}, renewEveryMs).unref();
	}

	#stopRenewing(): void {
		clearInterval(this.#renewing);
		this.#renewing = undefined;
	}
}

/** Connects, logs in and becomes root: as much as `ssh host true` costs. Rejects with a `ConnectError` of one sentence. */
export const connectSsh = async (target: ConnectionTarget): Promise<Server> => new SshServer(await connect(target), {token: randomUUID(), guard: undefined});
