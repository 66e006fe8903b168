import {heardByAll} from '../engine/consumers.js';
import type {Decide, Hear} from '../engine/events.js';
import {run as runEngine} from '../engine/engine.js';
import {exitCodes} from '../engine/exit-codes.js';
import {NotWritten} from '../record/append-only.js';
import type {Keeper} from '../record/keeper.js';
import {shorten} from '../server/home.js';
import {openRunLog} from '../record/run-log.js';
import type {
	Ground,
	KeyInHand,
	Secret,
	Step,
} from '../step.js';
import {follow, noProgress, type Progress} from '../ui/progress.js';
import type {AllAnswers} from './answers.js';
import type {Doing} from './arguments.js';
import {holderOf, newRun, type House} from './house.js';
import type {Reached} from './reached.js';
import {cardFor} from './rescue.js';

export type Piece = {
	readonly doing: Doing;
	readonly steps: readonly Step[];
	readonly answers: AllAnswers;
	readonly admin: string;
	readonly key: KeyInHand | undefined;
	readonly passphrase: Secret | undefined;
	readonly undo?: string;
	readonly decide: Decide;
	/** Makes the consumer that the person sees, given where the log is. */
	readonly tell: (log: string) => Hear;
};

/** Keeps how a server stands, where something is kept of it at all and all steps were looked at. */
export const stand = async (keeper: Keeper, progress: Progress): Promise<void> => {
	if (keeper.folder === undefined || progress.steps.length === 0) {
		return;
	}

	const there = progress.steps.filter(({ended}) => ended !== 'unavailable');
	const holding = there.filter(({ended}) => ended === 'holds').map(({step}) => step);
	const unknown = there.filter(({ended}) => ended === 'unknown').length;
	const count = Math.max(progress.total, progress.steps.length) - (progress.steps.length - there.length);
	await keeper.stand({
		steps: count, held: holding.length, notHeld: count - holding.length - unknown, unknowns: progress.steps.flatMap(({claims}) => claims).filter(claim => 'unknown' in claim).length, holding,
	});
};

/** One run of the engine over one server, with every consumer of its events. */
export const conduct = async (house: House, reached: Reached, keeper: Keeper, piece: Piece): Promise<{readonly code: number; readonly progress: Progress; readonly log: string}> => {
	const {redactor, stopping, version, options, stateDir} = house;
	const {server, login, given} = reached;
	const {doing, steps, answers, admin, key, passphrase, undo, decide} = piece;
	const now = new Date();
	const run = newRun(now);
	const log = await openRunLog(stateDir, run);
	const consumers = heardByAll(log.write, piece.tell(shorten(log.path)));
	let progress = noProgress;
	const card = cardFor(house, reached, keeper, piece);
	let carded: Ground | undefined;
	const hear: Hear = async event => {
		const safe = redactor.value(event);
		stopping.hear(safe);
		progress = follow(progress, safe);
		if (safe.event === 'step-finished' && carded) {
			// What was true before a step may not be after it. The card from before stands where this one cannot be written.
			await card(carded, progress).catch(() => undefined);
		}

		await consumers(safe);
	};

	const code = await stopping.engine(async () => runEngine({
		doing,
		...(undo !== undefined && {undo}),
		server,
		serverName: given,
		login,
		...(reached.arrival && {arrival: reached.arrival}),
		adminLogin: key && {user: admin, identity: key.identity, publicKey: key.publicKey, ...(passphrase && {passphrase})},
		steps,
		catalogue: house.steps,
		answers,
		admin,
		key,
		journal: keeper,
		run,
		version,
		holder: holderOf(now),
		hear,
		decide,
		async rescue(ground) {
			carded = ground;
			return card(ground, progress);
		},
		signal: stopping.signal,
		strict: options.strict,
	}));
	if ((doing === 'check' || doing === 'apply') && steps.length === house.steps.length) {
		try {
			await stand(keeper, progress);
		} catch (error) {
			// A run that ended badly has told of it already.
			if (code === exitCodes.holds || !(error instanceof NotWritten)) {
				throw error;
			}
		}
	}

	return {code, progress, log: shorten(log.path)};
};
