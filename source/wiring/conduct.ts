import type {Decide, Hear} from '../engine/events.js';
import {run as runEngine} from '../engine/engine.js';
import type {Keeper} from '../record/keeper.js';
import {writeRescueCard} from '../record/rescue-card.js';
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

const cardFor = ({stateDir}: House, {server, name}: Reached, keeper: Keeper, {admin, key}: Piece, login: Reached['login']) => async (ground: Ground): Promise<string> => writeRescueCard(keeper.folder ?? stateDir, {
	name,
	practice: server.practice,
	date: new Date().toISOString().slice(0, 16).replace('T', ' '),
	ground,
	hostKeys: server.hostKeys,
	ways: [
		{user: admin, identity: key?.identity},
		...(login.user === admin ? [] : [{user: login.user, identity: login.identity, ...(login.user === 'root' && {until: '(until that is closed)'})}]),
	],
	files: [],
});

/** One run of the engine over one server, with every consumer of its events. */
export const conduct = async (house: House, reached: Reached, keeper: Keeper, piece: Piece): Promise<{readonly code: number; readonly progress: Progress; readonly log: string}> => {
	const {redactor, stopping, version, options, stateDir} = house;
	const {server, login, given} = reached;
	const {doing, steps, answers, admin, key, passphrase, undo, decide} = piece;
	const now = new Date();
	const run = newRun(now);
	const log = await openRunLog(stateDir, run);
	const tell = piece.tell(log.path);
	let progress = noProgress;
	const hear: Hear = async event => {
		const safe = redactor.value(event);
		stopping.hear(safe);
		progress = follow(progress, safe);
		await log.write(safe);
		await tell(safe);
	};

	const code = await stopping.engine(async () => runEngine({
		doing,
		...(undo !== undefined && {undo}),
		server,
		serverName: given,
		login,
		adminLogin: key && {user: admin, identity: key.identity, publicKey: key.publicKey, ...(passphrase && {passphrase})},
		steps,
		answers,
		admin,
		key,
		journal: keeper,
		run,
		version,
		holder: holderOf(now),
		hear,
		decide,
		rescue: cardFor(house, reached, keeper, piece, login),
		signal: stopping.signal,
		strict: options.strict,
	}));
	if (keeper.folder !== undefined && (doing === 'check' || doing === 'apply') && steps.length === house.steps.length && progress.steps.length > 0) {
		const held = progress.steps.filter(({ended}) => ended === 'holds' || ended === 'unknown').length;
		await keeper.stand({
			steps: steps.length, held, notHeld: steps.length - held, unknowns: progress.steps.flatMap(({claims}) => claims).filter(claim => 'unknown' in claim).length,
		});
	}

	return {code, progress, log: log.path};
};
