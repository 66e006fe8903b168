import {heardByAll} from '../engine/listeners.js';
import type {
	ByHand,
	Decision,
	Doing,
	Listener,
	LookingOn,
} from '../engine/events.js';
import {run as runEngine} from '../engine/engine.js';
import {exitCodes} from '../engine/exit-codes.js';
import {NotWritten} from '../record/append-only.js';
import type {ServerRecord} from '../record/server-record.js';
import {shorten} from '../server/home.js';
import {openRunLog} from '../record/run-log.js';
import type {
	AllAnswers,
	KeyInHand,
	Secret,
	ServerInfo,
	Step,
} from '../step.js';
import {reduced, type RunState, type StateListener} from '../ui/run-state.js';
import type {Connection} from '../connect/connection.js';
import {holderOf, newRun, type LoadedApp} from './app.js';
import {rescueCardFor} from './rescue-ways.js';

export type RunOptions = {
	readonly doing: Doing;
	readonly steps: readonly Step[];
	readonly answers: AllAnswers;
	readonly admin: string;
	readonly key: KeyInHand | undefined;
	readonly passphrase: Secret | undefined;
	readonly undo?: string;
	/** Whether what was rehearsed once may be planned anew. */
	readonly repeats?: boolean;
	/** What the person says to the plan that the run has come to. */
	readonly decide: (state: RunState) => Promise<Decision>;
	/** Lasts as long as the person does the step that the run has come to with their own hands. */
	readonly byHand?: (looking: LookingOn, state: () => RunState) => ReturnType<ByHand>;
	/** Makes the consumer that the person sees, given where the log is. */
	readonly display: (log: string) => StateListener;
};

/** Keeps how a server stands, where something is kept of it at all and all steps were looked at. */
export const keepState = async (record: ServerRecord, state: RunState): Promise<void> => {
	if (record.folder === undefined || state.steps.length === 0) {
		return;
	}

	const there = state.steps.filter(({ended}) => ended !== 'unavailable');
	const holding = there.filter(({ended}) => ended === 'holds').map(({step}) => step);
	const unknown = there.filter(({ended}) => ended === 'unknown').length;
	const count = Math.max(state.order.length, state.steps.length) - (state.steps.length - there.length);
	await record.stand({
		steps: count, held: holding.length, notHeld: count - holding.length - unknown, unknowns: state.steps.flatMap(({claims}) => claims).filter(claim => 'unknown' in claim).length, holding,
	});
};

/** One run of the engine over one server, with every consumer of its events. */
export const runOnServer = async (app: LoadedApp, connection: Connection, record: ServerRecord, runOptions: RunOptions): Promise<{readonly code: number; readonly state: RunState; readonly log: string}> => {
	const {redactor, interrupts, version, options, stateDir} = app;
	const {server, login, given} = connection;
	const {doing, steps, answers, admin, key, passphrase, undo, repeats = false, decide, byHand} = runOptions;
	const now = new Date();
	const run = newRun(now);
	const log = await openRunLog(stateDir, run);
	const display = runOptions.display(shorten(log.path));
	const card = rescueCardFor(app, connection, record, runOptions);
	let carded: ServerInfo | undefined;
	const {listener: reducing, state: stateNow} = reduced(async (event, state) => {
		if (event.event === 'step-finished' && carded) {
			// What was true before a step may not be after it. The card from before stands where this one cannot be written.
			await card(carded, state).catch(() => undefined);
		}

		await heardByAll(log.write, async heard => display(heard, state))(event);
	});
	const listener: Listener = async event => reducing(redactor.value(event));
	const code = await interrupts.engine(stateNow, async () => runEngine({
		doing,
		...(undo !== undefined && {undo}),
		server,
		serverName: given,
		login,
		...(connection.arrival && {arrival: connection.arrival}),
		...(connection.startSeconds !== undefined && {startSeconds: connection.startSeconds}),
		adminLogin: key && {user: admin, identity: key.identity, publicKey: key.publicKey, ...(passphrase && {passphrase})},
		steps,
		catalogue: app.steps,
		answers,
		admin,
		key,
		journal: record,
		run,
		version,
		holder: holderOf(now),
		listener,
		decide: async () => decide(stateNow()),
		...(byHand && {byHand: async (_, looking) => byHand(looking, stateNow)}),
		async rescue(info) {
			carded = info;
			return card(info, stateNow());
		},
		signal: interrupts.signal,
		strict: options.strict,
		repeats,
	}));
	const state = stateNow();
	if ((doing === 'check' || doing === 'apply') && steps.length === app.steps.length) {
		try {
			await keepState(record, state);
		} catch (error) {
			// A run that ended badly has told of it already.
			if (code === exitCodes.holds || !(error instanceof NotWritten)) {
				throw error;
			}
		}
	}

	return {code, state, log: shorten(log.path)};
};
