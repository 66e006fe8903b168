/** A real server, over SSH. */
import {randomUUID} from 'node:crypto';
import type {Client} from 'ssh2';
import {
	type Dialled,
	type Question,
	type Reading,
	type Secret,
} from '../step.js';
import {readStanding} from './answers.js';
import {becomeRoot, type Rooted} from './become-root.js';
import {Carrier} from './carrier.js';
import {changePassword} from './change-password.js';
import {clean} from './clean.js';
import {dial} from './dial.js';
import {ConnectError, ConnectionLost} from './errors.js';
import {askLogInMethods} from './log-in-methods.js';
import {openConnection, type Target} from './log-in.js';
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

export type SshTarget = Target & {
	/** Where the server wants the password changed before anything else: the new one. The old is `login.password`. */
	readonly newPassword?: Secret;
};

/** What belongs to a run, not to one connection: who holds the lease, and which guard it armed. */
type Run = {readonly token: string; guard: string | undefined};

const renewEvery = 5000;

class SshServer implements Server {
	readonly practice = false;
	readonly me: Server['me'];
	readonly hostKeys: readonly string[];
	readonly #client: Client;
	readonly #carrier: Carrier;
	readonly #target: SshTarget;
	readonly #run: Run;
	#renewing: NodeJS.Timeout | undefined;

	constructor(client: Client, {channel, root, hostKeys, rest}: Rooted, target: SshTarget, hostKey: string, run: Run) {
		this.#client = client;
		this.#target = target;
		this.#run = run;
		this.me = {
			user: target.login.user, address: target.address, sshPort: target.port, root,
		};
		this.hostKeys = [hostKey, ...hostKeys.filter(key => key !== hostKey)];
		this.#carrier = new Carrier(channel, channel, channel.stderr);
		this.#carrier.hear(rest);
		client.on('error', (error: Error) => {
			this.#carrier.fail(new ConnectionLost(`The connection to ${target.address} was lost (${clean(error.message)})`));
		});
		client.on('close', () => {
			clearInterval(this.#renewing);
			this.#carrier.fail(new ConnectionLost(`The connection to ${target.address} was lost`));
		});
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
		clearInterval(this.#renewing);
		this.#renewing = undefined;
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

	async arm(id: string, seconds: number): Promise<void> {
		const {name, bytes} = await this.#carrier.ask(armRequest(id, this.#run.token, seconds, revertProgram()));
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

	async revert(id: string): Promise<void> {
		const {name, bytes} = await this.#carrier.ask(simpleRequest('revert', id));
		this.#run.guard = undefined;
		if (name !== 'yes') {
			throw new Error(`Nothing was reverted: ${clean(bytes.toString())}`);
		}
	}

	async connectAgain(login: Login): Promise<Server> {
		const trust = (fingerprint: string): boolean => this.hostKeys.includes(fingerprint);
		return connect({...this.#target, login, trust}, this.#run);
	}

	async dial(address: string, port: number, milliseconds: number): Promise<Dialled> {
		return dial(address, port, milliseconds);
	}

	async logInMethods(user: string): Promise<readonly string[] | undefined> {
		const {address, port, patience} = this.#target;
		return askLogInMethods(address, port, user, this.hostKeys, patience);
	}

	async close(): Promise<void> {
		clearInterval(this.#renewing);
		await new Promise<void>(resolve => {
			this.#client.once('close', resolve);
			this.#client.end();
			setTimeout(() => {
				this.#client.destroy();
				resolve();
			}, this.#carrier.lost ? 0 : 2000);
		});
	}

	/** The server lets the lease lapse unless it hears from us. */
	#renew(): void {
		this.#renewing ??= setInterval(() => {
			this.#carrier.tell(renewRequest(this.#run.token));
		}, renewEvery).unref();
	}
}

const connect = async (target: SshTarget, run: Run): Promise<Server> => {
	const {client, hostKey} = await openConnection(target);
	try {
		return new SshServer(client, await becomeRoot(client, target.login), target, hostKey, run);
	} catch (error) {
		if (!(error instanceof ConnectError) || error.reason !== 'password-expired' || !target.newPassword) {
			client.end();
			throw error;
		}

		const {login, newPassword} = target;
		await changePassword(client, login, newPassword);
		client.end();
		return connect({...target, newPassword: undefined, login: {...login, password: newPassword}}, run);
	}
};

/** Connects, logs in and becomes root: as much as `ssh host true` costs. Rejects with a `ConnectError` of one sentence. */
export const connectSsh = async (target: SshTarget): Promise<Server> => connect(target, {token: randomUUID(), guard: undefined});
