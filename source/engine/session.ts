/** One run over one server: what every part of the engine needs. */
import type {Journal} from '../record/journal.js';
import type {Login, Server} from '../server/server.js';
import type {
	Context,
	ServerInfo,
	KeyInHand,
	Step,
} from '../step.js';
import type {Arrival} from '../witness/arrival.js';
import {outsideOf} from '../witness/outside.js';
import {unavailableOn} from './available.js';
import type {
	ByHand,
	Decide,
	Doing,
	Event,
	Listener,
	Verdict,
} from './events.js';
import {type ask, look, type AllFacts} from './look.js';

/** What a run is given. */
export type Run = {
	readonly doing: Doing;
	/** The step to undo, where that is what is done. */
	readonly undo?: string;
	readonly server: Server;
	readonly serverName: string;
	/** How we are logged in now: for coming back as the same. */
	readonly login: Login;
	/** What was seen while connecting, where that was a moment ago. */
	readonly arrival?: Arrival;
	/** How the admin will log in; undefined while there is no key pair. */
	readonly adminLogin: Login | undefined;
	/** The steps to take, in order. */
	readonly steps: readonly Step[];
	/** All steps there are: those to take may stand on others. */
	readonly catalogue: readonly Step[];
	/** Validated, with defaults filled in, by step id. */
	readonly answers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
	readonly admin: string;
	readonly key: KeyInHand | undefined;
	readonly journal: Journal;
	/** The run's own id: `[a-z0-9-]+`. */
	readonly run: string;
	readonly version: string;
	/** Who we are, for a second run that finds the server held. */
	readonly holder: string;
	readonly listener: Listener;
	readonly decide: Decide;
	/** For who may decide to type. */
	readonly byHand?: ByHand;
	/** Writes the rescue card to the person's own disk, and returns its path. */
	readonly rescue?: (info: ServerInfo) => Promise<string>;
	/** Set off by Ctrl-C: nothing new is begun. */
	readonly signal?: AbortSignal;
	/** Unknown claims count as false for the exit code. */
	readonly strict?: boolean;
	/** How long the guard waits for an order or a confirmation; as long as the engine thinks right unless told. */
	readonly guardSeconds?: number;
	/** Whether what was rehearsed once may be planned anew: because somebody asked for it, or will be asked. */
	readonly repeats?: boolean;
	/** How long a server that restarts is waited for, in seconds; as long as the engine thinks right unless told. */
	readonly restartSeconds?: number;
	/** How long what starts with the server is waited for after a rehearsed restart, in seconds; as long as the engine thinks right unless told. */
	readonly startSeconds?: number;
};

/** The server could not put back what stands under its guard. */
export class RevertFailed extends Error {
	override readonly name = 'RevertFailed';
}

/** Nothing new is begun, because the person said so. */
export class Stopped extends Error {
	override readonly name: string = 'Stopped';
}

/** Nothing new is begun, because a consumer of events failed, such as the log on a full disk: what nobody hears of is not done. */
export class Unheard extends Stopped {
	override readonly name = 'Unheard';
}

/** The rhythm in which the person hears that something is still going on, in milliseconds. Nothing is silent for more than two seconds. */
const pulseMs = 1500;

export class Session {
	/** How often the server was asked for facts. */
	looks = 0;
	/** The action that was announced and has not ended. */
	acting: string | undefined;
	/** How many actions were carried out. */
	actions = 0;
	/** How long a person was waited for, in milliseconds. */
	waited = 0;
	/** Whether something was changed since everything was looked at. */
	dirty = false;
	/** Set where a person typed something themselves: whether that could shut them out, and what did not hold when it was last looked at. */
	byHand: {readonly guarded: boolean; readonly red: string | undefined} | undefined;
	/** Whether the admin is known to get in with the key. */
	adminWorks: boolean;
	/** Where the rescue card lies, once it was written. */
	card: string | undefined;
	/** Whether a step of this run did not come to hold, or was left out. */
	isTroubled = false;
	/** Steps whose event this run has seen the end of. */
	readonly rehearsed = new Set<string>();
	/** Claims that stayed unknown, by step. */
	readonly unknowns = new Map<string, number>();
	/** Why steps cannot be had on this server yet, by id. */
	readonly unavailable: ReadonlyMap<string, string>;
	/** The steps to take that can be had on this server, in order. */
	readonly steps: readonly Step[];

	readonly server: Server;
	/** As whom we are logged in. */
	login: Login;

	constructor(readonly run: Omit<Run, 'server' | 'login'>, public info: ServerInfo, {server, login}: Pick<Run, 'server' | 'login'>) {
		this.server = server;
		this.login = login;
		this.unavailable = unavailableOn(info.system, run.catalogue);
		this.steps = run.steps.filter(({id}) => !this.unavailable.has(id));
		this.adminWorks = run.journal.known()?.user === run.admin && run.admin !== 'root';
	}

	async emit(event: Event): Promise<void> {
		switch (event.event) {
			case 'action-started': {
				this.acting = event.action.id;
				break;
			}

			case 'action-finished': {
				this.acting = undefined;
				break;
			}

			case 'claims': {
				this.unknowns.set(event.step, event.claims.filter(claim => 'unknown' in claim).length);
				break;
			}

			case 'step-finished': {
				this.isTroubled ||= !['holds', 'unknown', 'unavailable'].includes(event.ended);
				break;
			}

			default: {
				break;
			}
		}

		await this.run.listener(event);
	}

	/** Tells how a step stands. */
	async emitClaims({id}: Step, stands: 'found' | 'after', claims: readonly Verdict[]): Promise<void> {
		if (this.byHand) {
			const [red] = claims.flatMap(claim => 'holds' in claim && !claim.holds ? [`${claim.says}: ${claim.actual}`] : []);
			this.byHand = {...this.byHand, red};
		}

		await this.emit({
			event: 'claims', step: id, stands, claims,
		});
	}

	contextOf(step: Step): Context {
		const {answers, admin, key, journal} = this.run;
		return {
			info: this.info, answers: answers[step.id] ?? {}, admin, key, all: answers, ...(step.rehearses && {rehearsed: journal.rehearsed(step.id)}),
		};
	}

	/** A server that counts what it is asked. */
	get counted() {
		return {
			look: async (questions: Parameters<Server['look']>[0]) => {
				this.looks++;
				return this.server.look(questions);
			},
		};
	}

	async look(steps: readonly Step[], prefetched?: Awaited<ReturnType<typeof ask>>): Promise<AllFacts> {
		return this.during('looking at the server', look(this.counted, steps, step => this.contextOf(step), prefetched));
	}

	outside() {
		const {adminLogin, arrival, doing} = this.run;
		return outsideOf(this.server, this.info, adminLogin, doing === 'check' || doing === 'plan' ? arrival : undefined);
	}

	/** A clock in milliseconds that stands still while a person reads and decides: that is not how long a step takes. */
	clock(): number {
		return performance.now() - this.waited;
	}

	/** Throws `Unheard` where a consumer failed. */
	mustBeHeard(): void {
		const failure = failures.get(this.run.listener);
		if (failure) {
			throw new Unheard(failure.message, {cause: failure});
		}
	}

	/** Throws `Stopped` where nothing new is to be begun. */
	stopIfAsked(): void {
		this.mustBeHeard();
		if (this.run.signal?.aborted) {
			throw new Stopped('stopped');
		}
	}

	/** Awaits something, and says so as long as it takes. */
	async during<T>(what: string, promise: Promise<T>, secondsLeft?: () => number): Promise<T> {
		return during(this.run.listener, what, promise, secondsLeft);
	}
}

/** When each consumer last heard anything. */
const lastHeard = new WeakMap<Listener, number>();
/** Consumers that failed, and how at first. */
const failures = new WeakMap<Listener, Error>();

/** A consumer whose silence is watched, however many things in a row it is that take a while. It never fails in the midst of something: a failure is kept until nothing is under way. */
export const watched = (listener: Listener): Listener => {
	const heard: Listener = async event => {
		lastHeard.set(heard, performance.now());
		try {
			await listener(event);
		} catch (error) {
			failures.set(heard, failures.get(heard) ?? error as Error);
		}
	};

	return heard;
};

export const during = async <T>(listener: Listener, what: string, promise: Promise<T>, secondsLeft?: () => number): Promise<T> => {
	const begin = performance.now();
	let named = false;
	const timer = setInterval(() => {
		const now = performance.now();
		// What takes long is named once even where something is heard: cloud-init's dots say to nobody what they wait for.
		const heard = lastHeard.get(listener) ?? begin;
		if (now - (named ? heard : Math.min(begin, heard)) < pulseMs) {
			return;
		}

		named = true;
		lastHeard.set(listener, now);
		void listener({
			event: 'waiting', for: what, seconds: Math.round((now - begin) / 1000), ...(secondsLeft ? {secondsLeft: Math.max(0, Math.round(secondsLeft()))} : {}),
		});
	}, 100);
	try {
		return await promise;
	} finally {
		clearInterval(timer);
	}
};
