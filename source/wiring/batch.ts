import process from 'node:process';
import type {Decide} from '../engine/events.js';
import {jsonLines} from '../ui/json.js';
import {tellInLines, type Telling} from '../ui/lines.js';
import type {Look} from '../ui/look.js';
import type {Progress} from '../ui/progress.js';
import type {Shown} from '../ui/table.js';
import {
	chooseSteps,
	fillIn,
	readAnswers,
	type AllAnswers,
} from './answers.js';
import type {Command} from './arguments.js';
import {conduct, type Piece} from './conduct.js';
import {enter, type House, type Lobby} from './house.js';
import {keyFor, logInCommand, namedKey} from './keys.js';
import {reach} from './reach.js';
import {
	recordForDoing, recordForLooking, recordIfAny, type Reached,
} from './reached.js';
import {tellTrouble} from './failure.js';
import type {Target} from './target.js';
import {UsageError} from './usage-error.js';

type Batch = Extract<Command, {targets: unknown}>;

const doAll: Decide = async () => 'do';

const nextSteps = ({do: doing, options}: Batch, look: Look, name: string, admin: string, reached: Reached, identity: string | undefined) => ({steps, practice, troubles}: Progress): readonly string[] => {
	const open = steps.some(({ended}) => ended === 'false' || ended === 'failed' || ended === 'reverted' || ended === 'skipped');
	const {program} = look;
	switch (doing) {
		case 'check': {
			return open ? ['Next:', `  ${program} ${name}   goes through what is left with you`, `  ${program} apply ${name} --yes   does it without questions`] : [];
		}

		case 'plan': {
			return steps.some(({planned}) => planned > 0) ? ['Next:', `  ${program} apply ${name} --yes   does it`] : [];
		}

		case 'apply': {
			const isIn = identity !== undefined && steps.some(({step, ended}) => step === 'admin-user' && (ended === 'holds' || ended === 'unknown'));
			return [
				...(isIn && !options.json ? [`${practice ? 'On a real server you would log in with' : 'Log in with'}:`, `  ${logInCommand(admin, reached.server, identity)}`] : []),
				...(open ? ['Next:', `  ${program} check ${name}   shows what is left`] : []),
			];
		}

		case 'undo': {
			return troubles > 0 ? [] : ['It is put back. Next:', `  ${program} check ${name}   shows how things stand`];
		}
	}
};

/** The steps, and what was said about them. */
type Inside = {readonly house: House; readonly given: AllAnswers};

const open = async (lobby: Lobby, {options, step}: Batch): Promise<Inside> => {
	const house = await enter(lobby);
	chooseSteps(house.steps, options.steps ?? (step === undefined ? undefined : [step]));
	return {house, given: await readAnswers(options.answers, house.steps)};
};

/** Connects, and loads what there is to do while the server takes its time to answer. */
const arrive = async (lobby: Lobby, target: Target, looking: boolean, inside: () => Promise<Inside>): Promise<readonly [Reached, Inside]> => {
	const {promise: greeted, resolve: greet} = Promise.withResolvers<void>();
	return Promise.all([
		reach(lobby, target, {looking, greeted: greet}).finally(greet),
		greeted.then(inside),
	]);
};

const one = async (lobby: Lobby, command: Batch, target: Target, inside: () => Promise<Inside>): Promise<number> => {
	const {do: doing, step} = command;
	const [reached, {house, given}] = await arrive(lobby, target, doing === 'check' || doing === 'plan', inside);
	const {front, options, questions, steps: all} = house;
	try {
		const keeper = await (doing === 'apply' || doing === 'undo' ? recordIfAny : recordForLooking)(house, reached);
		const known = keeper?.known();
		const steps = chooseSteps(all, options.steps);
		const found = await keyFor(house, reached, {
			wanted: namedKey(options, given), known: known?.key, needed: doing === 'apply' && steps.some(({id}) => id === 'admin-user'),
		});
		const withKey: AllAnswers = found ? {...given, 'admin-user': {...given['admin-user'], identity: found.key.identity}} : given;
		const {answers, missing} = fillIn(withKey, known?.answers ?? {}, all, reached.server.me);
		const unanswered = missing.filter(name => doing === 'apply' && steps.some(({id}) => name.startsWith(`${id}.`)) && name !== 'admin-user.identity');
		if (unanswered.length > 0) {
			throw new UsageError(`These answers are missing: ${unanswered.join(', ')}. Give them with --answers FILE.json, for example {"${unanswered[0]!.replace('.', '": {"')}": …}}.`);
		}

		const admin = answers['admin-user']?.name as string | undefined ?? known?.user ?? reached.login.user;
		const asks = doing === 'apply' && !options.yes && questions !== undefined;
		let shown: Shown | undefined;
		const show = (telling: Telling): Shown => asks ? house.table!.show(telling) : {...tellInLines(front.sink, front.look, telling), decide: doAll, wentBack: () => false};
		const piece: Piece = {
			doing,
			...(step !== undefined && {undo: step}),
			steps: doing === 'undo' ? all : steps,
			answers,
			admin,
			key: found?.key,
			passphrase: found?.passphrase,
			decide: async (...asked) => shown ? shown.decide(...asked) : 'do',
			tell(log) {
				if (options.json) {
					return jsonLines(text => process.stdout.write(text), target.name);
				}

				shown = show({
					doing, name: reached.name, asks, log, next: nextSteps(command, front.look, reached.name, admin, reached, found?.key.identity),
				});
				return shown.hear;
			},
		};
		return (await conduct(house, reached, keeper ?? await recordForDoing(house, reached), piece)).code;
	} finally {
		await reached.server.close();
	}
};

/** check, plan, apply and undo: one server after another; the worst exit code stands for all. */
export const runBatch = async (lobby: Lobby, command: Batch): Promise<number> => {
	const {options, front, stopping} = lobby;
	let opened: Promise<Inside> | undefined;
	const inside = async (): Promise<Inside> => opened ??= open(lobby, command);
	// What a person said about steps may be wrong: that is told before anything is connected to.
	if ((options.steps ?? options.answers ?? command.step) !== undefined) {
		await inside();
	}

	if (command.do === 'apply' && !options.yes && lobby.questions === undefined) {
		throw new UsageError(`apply asks before each step, and nobody can answer here: say --yes to do it without questions, for example dropwise apply ${command.targets[0]!.name} --yes.`);
	}

	let worst = 0;
	for (const target of command.targets) {
		let code: number;
		try {
			// One server after another: their lines would mix otherwise.
			code = await one(lobby, command, target, inside);
		} catch (error) {
			front.sink.live(undefined);
			code = tellTrouble(error, lobby, target.name);
		}

		worst = Math.max(worst, code);
		if (stopping.stopped) {
			return 130;
		}
	}

	return worst;
};
